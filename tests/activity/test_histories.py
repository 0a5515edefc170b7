"""What happened reads as sentences, in a fixed number of statements, and only to whom it may be told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask, g
from sqlalchemy import select, update

from app.activity.queries import history_of, stream
from app.boards.commands import fields
from app.boards.commands.editing import edit_issue
from app.boards.commands.making import IssueDraft, create_issues
from app.boards.commands.moving import move_issues
from app.boards.commands.removing import delete_issues
from app.boards.models import Issue, Priority
from app.documents.models import DocumentVersion
from app.kernel.clock import now
from app.kernel.database import db
from app.projects.commands.projects import edit_project
from app.projects.models import Project, State
from tests.world import Person, World


@pytest.fixture(autouse=True)
def _asked(app: Flask, inside: World) -> Iterator[None]:
    """As a page of Acme asks: addresses need to know whose they are."""
    with app.test_request_context("/acme/"):
        g.slug = "acme"
        yield


def _state(world: World, name: str) -> State:
    state = db.session.get(State, (world.organization_id, world.ids.states[name]))
    assert state is not None
    return state


def _project(world: World, which: str = "web") -> Project:
    project = db.session.get(Project, (world.organization_id, getattr(world.ids, which)))
    assert project is not None
    return project


def _told(subject: object) -> list[str]:
    return [f"{entry.actor_name} {entry.text}" for entry in history_of(subject)]


def test_a_life_in_sentences(inside: World, alice: Person, bob: Person) -> None:
    boss, hand, ids = alice.member, bob.member, inside.ids
    [issue] = create_issues(_project(inside), [IssueDraft("Fire", "Text", assignee_ids=[hand.id])], by=hand)
    fields.set_state([issue], _state(inside, "Done"), by=boss)
    fields.set_priority([issue], Priority.HIGH, by=boss)
    fields.label_issues([issue], add=[ids.labels["Bug"], ids.labels["API"]], by=hand)
    fields.label_issues([issue], remove=[ids.labels["API"]], by=hand)
    fields.set_dates([issue], due=date(2026, 3, 1), by=hand)
    fields.set_dates([issue], due=None, by=hand)
    edit_issue(issue, by=boss, title="Big fire", body="Other text")
    assert _told(issue) == [
        "Alice changed the title from Fire to Big fire and changed the description",
        "Bob removed the due date 1 March 2026",
        "Bob set the due date to 1 March 2026",
        "Bob removed API from the labels",
        "Bob added API and Bug to the labels",
        "Alice changed the priority from No priority to High",
        "Alice changed the state from Todo to Done",
        "Bob created this issue",
    ]
    assert history_of(issue)[0].versions == (1, 2)


def test_a_text_edited_again_in_one_sitting_is_told_once(inside: World, alice: Person) -> None:
    inside.issue(body="One")
    issue = db.session.scalars(select(Issue)).one()
    for words in ("Two", "Three", "Four"):
        edit_issue(issue, by=alice.member, title=issue.title, body=words)
    assert _told(issue) == ["Alice changed the description"]
    db.session.execute(update(DocumentVersion).values(created_at=now() - timedelta(hours=1)))
    edit_issue(issue, by=alice.member, title=issue.title, body="Five")
    assert len(_told(issue)) == 2


def test_mere_places_are_not_told(inside: World, bob: Person) -> None:
    inside.issues(3)
    first, _, last = db.session.scalars(select(Issue).order_by(Issue.rank))
    move_issues([last], state=_state(inside, "Todo"), before=first.id, by=bob.member)
    assert _told(last) == []
    assert stream(bob.member) == []


def test_what_is_gone_is_called_so(inside: World, bob: Person) -> None:
    inside.issue(state="Cancelled")
    issue = db.session.scalars(select(Issue)).one()
    fields.set_state([issue], _state(inside, "Todo"), by=bob.member)
    db.session.delete(_state(inside, "Cancelled"))
    db.session.flush()
    assert _told(issue) == ["Bob changed the state from something since deleted to Todo"]


def test_a_project_has_a_history_too(inside: World, alice: Person, bob: Person) -> None:
    edit_project(_project(inside), by=alice.member, name="Web", lead_id=bob.member_id)
    assert _told(_project(inside)) == [
        "Alice changed the name from Web platform to Web and changed the lead from Alice to Bob"
    ]


def test_a_history_costs_the_same_for_many(inside: World, bob: Person, statements) -> None:
    inside.issue()
    issue = db.session.scalars(select(Issue)).one()
    counts = []
    for many in (3, 40):
        for turn in range(many):
            fields.set_priority([issue], Priority(1 + turn % 3), by=bob.member)
            fields.set_state([issue], _state(inside, ("Done", "Todo")[turn % 2]), by=bob.member)
        with statements() as seen:
            history_of(issue)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 3


def test_the_stream_tells_who_did_what_to_what(inside: World, alice: Person, bob: Person) -> None:
    [issue] = create_issues(_project(inside), [IssueDraft("Fire")], by=bob.member)
    fields.set_priority([issue], Priority.HIGH, by=alice.member)
    newest, oldest = stream(bob.member)
    assert (newest.actor_name, newest.text, newest.title) == (
        "Alice",
        "changed the priority from No priority to High",
        "WEB-1 Fire",
    )
    assert (oldest.actor_name, oldest.text) == ("Bob", "created this issue")
    assert [entry.id for entry in stream(bob.member, before=newest.id)] == [oldest.id]
    assert [entry.id for entry in stream(bob.member, limit=1)] == [newest.id]


def test_many_at_once_are_one_line_that_counts_what_one_sees(inside: World, alice: Person, bob: Person) -> None:
    inside.issues(4)
    issues = list(db.session.scalars(select(Issue)))
    fields.set_priority(issues, Priority.HIGH, by=alice.member)
    [entry] = stream(bob.member)
    assert entry.text == "changed the priority of 4 issues"
    assert entry.title.endswith("and 3 more")
    delete_issues(issues[:1], by=alice.member)
    assert stream(bob.member)[0].text == "changed the priority of 3 issues"


def test_olaf_carol_and_mallory_are_told_nothing(inside: World, alice: Person) -> None:
    create_issues(_project(inside), [IssueDraft("Secret")], by=alice.member)
    edit_project(_project(inside, "ops"), by=alice.member, name="Hidden")
    assert stream(inside.cast["olaf"].member) == []
    assert stream(inside.cast["carol"].member) == []
    db.session.commit()
    from app.kernel.tenancy import enter

    enter(inside.rival_id)
    assert stream(inside.cast["mallory"].member) == []


def test_a_bulk_change_across_projects_counts_only_ones_own(inside: World, alice: Person, olaf: Person) -> None:
    from app.projects.models import ProjectMember

    inside.issues(2)
    inside.issues(2, project_id=inside.ids.ops)
    db.session.add(ProjectMember(project_id=inside.ids.ops, member_id=olaf.member_id))
    fields.set_priority(list(db.session.scalars(select(Issue).order_by(Issue.id))), Priority.HIGH, by=alice.member)
    [entry] = stream(olaf.member)
    assert entry.text == "changed the priority of 2 issues"
    assert entry.title.startswith("OPS-")


def test_the_stream_costs_the_same_for_many(inside: World, bob: Person, statements) -> None:
    counts = []
    for many in (2, 25):
        for issue in create_issues(_project(inside), [IssueDraft("x")] * many, by=bob.member):
            fields.set_priority([issue], Priority.HIGH, by=bob.member)
        member = bob.member
        with statements() as seen:
            assert len(stream(member)) >= many
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 5
