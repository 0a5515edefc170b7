"""Every activity reaches every consumer once: whoever dispatches, however often, whatever fails on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts.models import SecurityEvent
from app.boards.models import Issue
from app.kernel import jobs, outbox, timers
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.events import Bulk, Event, register_event
from app.kernel.jobs import ask
from app.kernel.ledger import Activity, record
from app.kernel.live import touch
from app.kernel.outbox import Receipt, consumer, dispatch, purge_receipts
from app.kernel.tenancy import organization
from tests.world import Person, World

POKED = Event("test.poked", says="{actor} poked {subject}", bulk=Bulk.SILENT)
register_event(POKED)
Work = Callable[[], None]


@pytest.fixture(autouse=True)
def _consumers() -> Iterator[None]:
    """Consumers that a test declares are gone after it."""
    before = dict(outbox._consumers)
    yield
    outbox._consumers.clear()
    outbox._consumers.update(before)


def _counts(name: str) -> None:
    """A consumer whose work is a row: its name, the activity. Nothing keeps it from being written twice."""

    @consumer(name)
    def work(activity: Activity) -> None:
        db.session.add(SecurityEvent(kind=name, details={"activity": activity.id}))


def _poke(world: World, by: Person, times: int = 1) -> list[int]:
    issue = world.issue()
    made = []
    for _ in range(times):
        with organization(world.organization_id):
            row = db.session.get_one(Issue, (world.organization_id, issue.id))
            made.append(record(POKED, [(row, {})], by=by.member).id)
    return made


def _done(world: World, name: str) -> list[int]:
    """The activities that a consumer has worked on, once for every time."""
    with organization(world.organization_id):
        rows = db.session.scalars(select(SecurityEvent).where(SecurityEvent.kind == name).order_by(SecurityEvent.id))
        return [row.details["activity"] for row in rows]


def _age(owner: sa.Engine, seconds: int) -> None:
    with owner.begin() as connection:
        connection.execute(update(Activity).values(at=now() - timedelta(seconds=seconds)))


def test_each_consumer_works_once_on_each_activity(world: World, alice: Person, work: Work) -> None:
    _counts("one")
    _counts("two")
    made = _poke(world, alice, 3)
    work()
    for _ in range(2):
        with organization(world.organization_id):
            dispatch()
    assert _done(world, "one") == _done(world, "two") == made
    with organization(world.organization_id):
        receipts = select(func.count()).select_from(Receipt).where(Receipt.consumer.in_(["one", "two"]))
        assert db.session.scalar(receipts) == 6
        assert db.session.scalars(select(Activity).where(Activity.dispatched_at.is_(None))).all() == []


def test_a_failing_consumer_is_tried_again_alone(
    world: World, alice: Person, work: Work, owner: sa.Engine, scheduler: sa.Engine
) -> None:
    ill = [True]
    _counts("well")

    @consumer("ill")
    def fall_ill(activity: Activity) -> None:
        db.session.add(SecurityEvent(kind="ill", details={"activity": activity.id}))
        db.session.flush()
        if ill:
            raise RuntimeError("I feel unwell")

    first, second = _poke(world, alice, 2)
    work()
    assert (_done(world, "well"), _done(world, "ill")) == ([first, second], [])
    with organization(world.organization_id):
        assert [row.attempts for row in db.session.scalars(select(Activity).order_by(Activity.id))] == [1, 1]
    ill.clear()
    work()
    assert _done(world, "ill") == [], "tried again without a pause"
    _age(owner, 60)
    timers.tick(scheduler)
    work()
    assert (_done(world, "well"), _done(world, "ill")) == ([first, second], [first, second])


def test_what_never_succeeds_stops_being_tried(
    world: World, alice: Person, work: Work, owner: sa.Engine, scheduler: sa.Engine
) -> None:
    tries = []

    @consumer("hopeless")
    def fail(activity: Activity) -> None:
        tries.append(activity.id)
        raise RuntimeError

    _poke(world, alice)
    work()
    for _ in range(outbox.ATTEMPTS + 3):
        _age(owner, 2**outbox.ATTEMPTS)
        timers.tick(scheduler)
        work()
    assert len(tries) == outbox.ATTEMPTS


def test_a_failure_takes_back_what_the_consumer_did_and_nothing_else(world: World, alice: Person) -> None:
    """The savepoint goes; the activity's own transaction, its jobs and topics stay."""
    _counts("after")
    before = dict(outbox._consumers)
    outbox._consumers.clear()

    @consumer("broken")
    def fail(activity: Activity) -> None:
        db.session.connection().exec_driver_sql("SELECT 1/0")

    outbox._consumers.update(before)
    (made,) = _poke(world, alice)
    with organization(world.organization_id):
        ask("test_job", key="kept")
        touch("kept")
        dispatch()
    assert _done(world, "after") == [made]
    assert "test_job" in " ".join(jobs.queue().job_ids)


def test_dispatchers_at_once_share_the_work(world: World, alice: Person, app: Flask) -> None:
    _counts("shared")
    made = _poke(world, alice, 30)
    start, failures = threading.Barrier(4), []

    def run() -> None:
        try:
            with app.app_context():
                start.wait()
                with organization(world.organization_id):
                    dispatch()
        except Exception as error:  # noqa: BLE001 - a thread's fault is shown by the test
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(_done(world, "shared")) == made


def test_a_rolled_back_command_is_never_dispatched(world: World, alice: Person, work: Work) -> None:
    _counts("never")
    issue = world.issue()
    with pytest.raises(ZeroDivisionError), organization(world.organization_id):  # noqa: PT012
        row = db.session.get_one(Issue, (world.organization_id, issue.id))
        record(POKED, [(row, {})], by=alice.member)
        raise ZeroDivisionError
    work()
    assert _done(world, "never") == []
    assert jobs.queue().count == 0


def test_a_savepoint_that_ends_neither_sends_nor_forgets(world: World, alice: Person, work: Work) -> None:
    _counts("nested")
    issue = world.issue()
    with organization(world.organization_id):
        row = db.session.get_one(Issue, (world.organization_id, issue.id))
        made = record(POKED, [(row, {})], by=alice.member)
        with db.session.begin_nested():
            db.session.execute(select(1))
        assert jobs.queue().count == 0, "sent before the commit"
        with pytest.raises(ZeroDivisionError), db.session.begin_nested():
            raise ZeroDivisionError
    assert jobs.queue().count == 1
    work()
    assert _done(world, "nested") == [made.id]


def test_receipts_are_forgotten_after_a_month(world: World, alice: Person, work: Work, owner: sa.Engine) -> None:
    _counts("kept")
    _poke(world, alice)
    work()
    with organization(world.organization_id):
        purge_receipts()
        assert db.session.scalars(select(Receipt)).all()
    with owner.begin() as connection:
        connection.execute(update(Receipt).values(at=now() - timedelta(days=31)))
    with organization(world.rival_id):
        purge_receipts()
    with organization(world.organization_id):
        assert db.session.scalars(select(Receipt)).all(), "another organization's housekeeping"
        purge_receipts()
        assert db.session.scalars(select(Receipt)).all() == []
