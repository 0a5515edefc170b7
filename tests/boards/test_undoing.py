"""Undo sets back what an activity changed, unless somebody has changed the same since."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.activity.queries import history_of
from app.boards.commands import fields
from app.boards.commands.making import IssueDraft, create_issues
from app.boards.commands.moving import move_issues
from app.boards.commands.removing import delete_issues
from app.boards.commands.undoing import NotUndone, undo_activity
from app.boards.models import Issue, IssueAssignee, IssueLabel, Priority
from app.boards.queries.issues import activity_to_undo
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.ledger import Activity
from app.projects.models import Label, Project, State
from tests.world import Person, World


def _issues(world: World, count: int = 1, **values: object) -> list[Issue]:
    world.issues(count, **values)  # type: ignore[arg-type]
    return list(db.session.scalars(select(Issue).order_by(Issue.number)))


def _state(world: World, name: str) -> State:
    state = db.session.get(State, (world.organization_id, world.ids.states[name]))
    assert state is not None
    return state


def _undo(activity: Activity | None, by: Person) -> None:
    assert activity is not None
    db.session.flush()
    undo_activity(*activity_to_undo(by.member, activity.id), by=by.member)
    db.session.expire_all()


def test_state_and_completion(inside: World, bob: Person) -> None:
    [issue] = _issues(inside)
    activity = fields.set_state([issue], _state(inside, "Done"), by=bob.member)
    _undo(activity, bob)
    assert (issue.state_id, issue.completed_at) == (inside.ids.states["Todo"], None)


def test_reopening_undone_keeps_the_first_completion(inside: World, bob: Person) -> None:
    [issue] = _issues(inside)
    fields.set_state([issue], _state(inside, "Done"), by=bob.member)
    at = issue.completed_at
    _undo(fields.set_state([issue], _state(inside, "Todo"), by=bob.member), bob)
    assert issue.completed_at == at


def test_a_move(inside: World, bob: Person) -> None:
    first, second, third = _issues(inside, 3)
    ranks = {issue.id: issue.rank for issue in (first, second, third)}
    _undo(move_issues([third], state=_state(inside, "Done"), before=first.id, by=bob.member), bob)
    assert (third.rank, third.state_id) == (ranks[third.id], inside.ids.states["Todo"])


def test_priority_and_dates(inside: World, bob: Person) -> None:
    [issue] = _issues(inside, due_date=date(2026, 3, 1))
    _undo(fields.set_priority([issue], Priority.URGENT, by=bob.member), bob)
    assert issue.priority == Priority.NONE
    _undo(fields.set_dates([issue], due=None, by=bob.member), bob)
    assert issue.due_date == date(2026, 3, 1)


def test_people_and_labels_each_as_they_were(inside: World, bob: Person) -> None:
    bug, api = inside.ids.labels["Bug"], inside.ids.labels["API"]
    [first] = inside.issues(1, labels=(bug,))
    inside.issues(1)
    issues = list(db.session.scalars(select(Issue).order_by(Issue.id)))
    _undo(fields.label_issues(issues, add=[api, bug], by=bob.member), bob)
    assert [(row.issue_id, row.label_id) for row in db.session.scalars(select(IssueLabel))] == [(first.id, bug)]
    fields.assign_issues(issues, add=[bob.member_id], by=bob.member)
    _undo(fields.assign_issues(issues, remove=[bob.member_id], by=bob.member), bob)
    assert len(db.session.scalars(select(IssueAssignee)).all()) == 2


def test_a_label_that_is_gone_stays_away(inside: World, bob: Person) -> None:
    bug = inside.ids.labels["Bug"]
    [issue] = _issues(inside, labels=(bug,))
    activity = fields.label_issues([issue], remove=[bug], by=bob.member)
    db.session.delete(db.session.get(Label, (inside.organization_id, bug)))
    db.session.flush()
    assert activity is not None
    with pytest.raises(NotUndone, match="nothing left"):
        undo_activity(*activity_to_undo(bob.member, activity.id), by=bob.member)


def test_making_is_undone_by_deleting(inside: World, bob: Person) -> None:
    project = db.session.get(Project, (inside.organization_id, inside.ids.web))
    assert project is not None
    [issue] = create_issues(project, [IssueDraft("Oops")], by=bob.member)
    _undo(db.session.scalars(select(Activity)).one(), bob)
    assert issue.deleted_at is not None


def test_something_newer_stands_in_the_way(inside: World, alice: Person, bob: Person) -> None:
    [issue] = _issues(inside)
    activity = fields.set_priority([issue], Priority.HIGH, by=bob.member)
    fields.set_priority([issue], Priority.LOW, by=alice.member)
    db.session.commit()
    assert activity is not None
    answer = bob.post(f"/acme/activities/{activity.id}/undo", htmx=True)
    assert answer.status_code == 409
    assert answer.text == "Somebody has changed the priority of WEB-1 since, so this was not undone."


def test_other_fields_do_not(inside: World, bob: Person) -> None:
    [issue] = _issues(inside)
    activity = fields.set_priority([issue], Priority.HIGH, by=bob.member)
    fields.set_dates([issue], due=date(2026, 1, 1), by=bob.member)
    _undo(activity, bob)
    assert (issue.priority, issue.due_date) == (Priority.NONE, date(2026, 1, 1))


def test_all_or_none(inside: World, alice: Person, bob: Person) -> None:
    issues = _issues(inside, 3)
    activity = fields.set_priority(issues, Priority.HIGH, by=bob.member)
    fields.set_priority(issues[2:], Priority.LOW, by=alice.member)
    db.session.commit()
    assert activity is not None
    assert bob.post(f"/acme/activities/{activity.id}/undo").status_code == 409
    db.session.expire_all()
    assert [issue.priority for issue in issues] == [Priority.HIGH, Priority.HIGH, Priority.LOW]


def test_a_state_that_is_gone(inside: World, bob: Person) -> None:
    [issue] = _issues(inside, state="Cancelled")
    activity = fields.set_state([issue], _state(inside, "Todo"), by=bob.member)
    db.session.delete(_state(inside, "Cancelled"))
    db.session.commit()
    assert activity is not None
    assert "has been deleted" in bob.post(f"/acme/activities/{activity.id}/undo", htmx=True).text


def test_a_deleted_issue_is_not_changed_behind_the_bin(inside: World, bob: Person) -> None:
    [issue] = _issues(inside)
    activity = fields.set_priority([issue], Priority.HIGH, by=bob.member)
    delete_issues([issue], by=bob.member)
    db.session.commit()
    assert activity is not None
    assert "was deleted since" in bob.post(f"/acme/activities/{activity.id}/undo", htmx=True).text


def test_an_undo_can_be_undone(inside: World, bob: Person) -> None:
    [issue] = _issues(inside)
    _undo(fields.set_priority([issue], Priority.HIGH, by=bob.member), bob)
    newest = db.session.scalars(select(Activity).order_by(Activity.id.desc()).limit(1)).one()
    _undo(newest, bob)
    assert issue.priority == Priority.HIGH
    assert history_of(issue)[1].text == "changed the priority from High to No priority (undo)"


def test_a_description_comes_back(inside: World, alice: Person, bob: Person) -> None:
    inside.issue(body="By Bob")
    alice.post("/acme/issues/WEB-1", {"title": "Printer on fire", "body": "By Alice", "version": 1})
    activity = db.session.scalars(select(Activity)).one()
    assert bob.post(f"/acme/activities/{activity.id}/undo").status_code == 303
    assert "By Bob" in bob.get("/acme/issues/WEB-1").text


def test_five_hundred_cost_as_many_statements_as_one(inside: World, bob: Person, statements) -> None:
    issues = _issues(inside, 500)
    counts = []
    for some in (issues[:1], issues):
        activity = fields.set_priority(some, Priority.HIGH, by=bob.member)
        assert activity is not None
        with statements() as seen:
            undo_activity(activity, some, by=bob.member)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_undo_is_for_those_who_may_edit_all_of_it(inside: World, bob: Person) -> None:
    [issue] = _issues(inside)
    activity = fields.set_priority([issue], Priority.HIGH, by=bob.member)
    db.session.commit()
    assert activity is not None
    url = f"/acme/activities/{activity.id}/undo"
    answers = {who: inside.cast[who].post(url).status_code for who in ("mallory", "olaf", "vic", "carol")}
    assert answers["mallory"] == answers["olaf"] == 404
    assert answers["vic"] == 403
    assert answers["carol"] in (403, 404)
    assert bob.post("/acme/activities/999999999999/undo").status_code == 404
    with pytest.raises(NotFound):
        activity_to_undo(inside.cast["olaf"].member, activity.id)
