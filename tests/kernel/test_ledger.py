"""The ledger: one activity a command, one change a noun that differs; append-only, told from where it came."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from app.boards.models import Issue
from app.kernel import ledger
from app.kernel.access import CLOCK
from app.kernel.database import db
from app.kernel.events import Bulk, Event
from app.kernel.ledger import Activity, Change, change
from app.kernel.numbers import next_numbers
from app.kernel.outbox import dispatch
from tests.world import Person, World

RENAMED = Event("test.renamed", says="{actor} renamed {subject}", bulk=Bulk.SILENT)


def _issues(world: World, count: int) -> list[Issue]:
    world.issues(count)
    return list(db.session.scalars(select(Issue).order_by(Issue.number)))


def test_only_what_differs_is_written(inside: World, alice: Person) -> None:
    first, second = _issues(inside, 2)
    with change(first, second, event=RENAMED, by=alice.member):
        first.title = "Renamed"
        second.title = str(second.title)
    activity = db.session.scalars(select(Activity).where(Activity.verb == "test.renamed")).one()
    written = db.session.scalars(select(Change).where(Change.activity_id == activity.id)).one()
    assert (activity.actor_id, activity.count, written.subject_id) == (alice.member_id, 1, first.id)
    assert written.fields == {"title": ["Issue 1", "Renamed"]}


def test_nothing_changed_nothing_written(inside: World, alice: Person) -> None:
    (issue,) = _issues(inside, 1)
    with change(issue, event=RENAMED, by=alice.member):
        former, issue.title = issue.title, "Other"
        issue.title = former
    assert db.session.scalars(select(Activity).where(Activity.verb == "test.renamed")).all() == []


def test_a_failed_command_leaves_no_trace(inside: World, alice: Person) -> None:
    (issue,) = _issues(inside, 1)
    with pytest.raises(ValueError, match="half-way"), change(issue, event=RENAMED, by=alice.member):  # noqa: PT012
        issue.title = "Other"
        raise ValueError("half-way")
    db.session.rollback()
    assert db.session.scalars(select(Activity).where(Activity.verb == "test.renamed")).all() == []


def test_many_nouns_cost_as_many_statements_as_one(
    inside: World, alice: Person, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    issues, actor, cost = _issues(inside, 200), alice.member, []
    for some in (issues[:1], issues[1:]):
        with statements() as seen, change(*some, event=RENAMED, by=actor):
            for issue in some:
                issue.title = "Renamed"
        cost.append(len(seen))
    assert cost[0] == cost[1] <= 4


def test_the_clock_is_an_actor_and_the_origin_is_kept(inside: World) -> None:
    (issue,) = _issues(inside, 1)
    token = ledger.origin.set(ledger.Origin("req-1", "192.0.2.7", "Lynx"))
    try:
        with change(issue, event=RENAMED, by=CLOCK):
            issue.title = "Later"
    finally:
        ledger.origin.reset(token)
    activity = db.session.scalars(select(Activity).where(Activity.verb == "test.renamed")).one()
    assert (activity.actor_id, activity.request_id, activity.ip, activity.agent) == (None, "req-1", "192.0.2.7", "Lynx")


def test_dispatch_marks_what_it_delivered(inside: World, alice: Person) -> None:
    (issue,) = _issues(inside, 1)
    with change(issue, event=RENAMED, by=alice.member):
        issue.title = "Renamed"
    db.session.commit()
    dispatch()
    db.session.commit()
    assert db.session.scalars(select(Activity.dispatched_at)).all() != [None]


def test_numbers_are_gapless_and_kept_by_series(inside: World) -> None:
    assert list(next_numbers("a", 3)) == [1, 2, 3]
    assert list(next_numbers("b")) == [1]
    db.session.commit()
    next_numbers("a", 5)
    db.session.rollback()
    assert list(next_numbers("a")) == [4]
