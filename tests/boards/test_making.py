"""Making issues: numbers without gaps, a place at the end, and as few statements for a thousand as for one."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import select

from app.boards.commands.making import IssueDraft, create_issues
from app.boards.models import Issue, IssueAssignee, IssueLabel
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.ledger import Activity, Change
from app.kernel.tenancy import organization
from app.projects.models import Project
from tests.world import World


def _web(world: World) -> Project:
    project = db.session.get(Project, (world.organization_id, world.ids.web))
    assert project is not None
    return project


def test_a_whole_issue(inside: World) -> None:
    ids, bob = inside.ids, inside.cast["bob"]
    [issue] = create_issues(
        _web(inside),
        [
            IssueDraft(
                "Printer on fire",
                "Ask @Alice",
                ids.states["In progress"],
                4,
                [bob.member_id],
                [ids.labels["Bug"]],
                date(2026, 1, 2),
                date(2026, 1, 9),
            )
        ],
        by=bob.member,
    )
    db.session.commit()
    assert issue.key == "WEB-1"
    assert db.session.scalars(select(IssueAssignee.member_id)).all() == [bob.member_id]
    assert db.session.scalars(select(IssueLabel.label_id)).all() == [ids.labels["Bug"]]
    [activity] = db.session.scalars(select(Activity)).all()
    [change] = db.session.scalars(select(Change)).all()
    assert (activity.verb, activity.actor_id) == ("issue.created", bob.member_id)
    assert change.fields == {"assignees": [[], [bob.member_id]], "mentions": [[], [inside.cast["alice"].member_id]]}


def test_what_is_not_said_comes_from_the_project(inside: World) -> None:
    project = _web(inside)
    project.default_assignee_id = inside.cast["nora"].member_id
    [issue] = create_issues(project, [IssueDraft("Plain")], by=inside.cast["bob"].member)
    assert issue.state.name == "Todo"
    assert (issue.document_id, issue.completed_at) == (None, None)
    assert db.session.scalars(select(IssueAssignee.member_id)).all() == [inside.cast["nora"].member_id]


def test_a_default_assignee_who_no_longer_sees_the_project_gets_nothing(inside: World) -> None:
    project = _web(inside)
    project.default_assignee_id = inside.cast["olaf"].member_id
    create_issues(project, [IssueDraft("Plain")], by=inside.cast["bob"].member)
    assert db.session.scalars(select(IssueAssignee.member_id)).all() == []


def test_made_done_is_completed(inside: World) -> None:
    [issue] = create_issues(
        _web(inside), [IssueDraft("Done already", state_id=inside.ids.states["Done"])], by=inside.cast["bob"].member
    )
    assert issue.completed_at is not None


def test_new_issues_stand_at_the_end_in_their_order(inside: World) -> None:
    former = inside.issues(3)
    made = create_issues(_web(inside), [IssueDraft("A"), IssueDraft("B")], by=inside.cast["bob"].member)
    assert [issue.number for issue in made] == [4, 5]
    assert max(issue.rank for issue in former) < made[0].rank < made[1].rank


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"state_id": 1_000_000}, "state"),
        ({"assignee_ids": [1_000_000]}, "assignees"),
        ({"label_ids": [1_000_000]}, "labels"),
        ({"start_date": date(2026, 2, 2), "due_date": date(2026, 2, 1)}, "due_date"),
        ({"body": "x" * 100_001}, "body"),
    ],
)
def test_what_an_issue_cannot_be(inside: World, values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_issues(_web(inside), [IssueDraft(**{"title": "Fine", **values})], by=inside.cast["bob"].member)
    assert refused.value.field == field


def test_olaf_carol_and_another_projects_things_cannot_be_chosen(inside: World) -> None:
    project, bob, cast = _web(inside), inside.cast["bob"].member, inside.cast
    for values in (
        {"assignee_ids": [cast["olaf"].member_id]},
        {"assignee_ids": [cast["carol"].member_id]},
        {"assignee_ids": [cast["mallory"].member_id]},
        {"state_id": inside.ids.ops_states["Todo"]},
        {"label_ids": [inside.ids.rival.labels["Bug"]]},
    ):
        with pytest.raises(Invalid):
            create_issues(project, [IssueDraft("Sneaky", **values)], by=bob)


def test_a_thousand_cost_as_many_statements_as_one(inside: World, statements) -> None:
    project, bob, ids = _web(inside), inside.cast["bob"].member, inside.ids
    counts = []
    for many in (1, 1000):
        drafts = [
            IssueDraft(f"Issue {number}", "Text", assignee_ids=[bob.id], label_ids=[ids.labels["Bug"]])
            for number in range(many)
        ]
        with statements() as seen:
            made = create_issues(project, drafts, by=bob)
            db.session.flush()
        counts.append(len(seen))
        assert len(made) == many
    assert counts[0] == counts[1]
    assert len(db.session.scalars(select(Activity.id)).all()) == 2


def test_fifty_at_once_get_fifty_numbers_without_gaps(world: World) -> None:
    faults: list[Exception] = []
    start = threading.Barrier(50)

    def make() -> None:
        start.wait()
        try:
            with world.app.app_context(), organization(world.organization_id):
                bob = world.cast["bob"].member
                create_issues(_web(world), [IssueDraft("At once")], by=bob)
        except Exception as fault:  # noqa: BLE001 - told below
            faults.append(fault)

    threads = [threading.Thread(target=make) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with world.app.app_context(), organization(world.organization_id):
        rows = db.session.execute(select(Issue.number, Issue.rank).order_by(Issue.number)).all()
    assert [row.number for row in rows] == list(range(1, 51))
    assert len({row.rank for row in rows}) == 50
