"""Timers ring once, when they are due, whoever looks; and the scheduler's role sees nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from app.kernel import jobs, timers
from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.jobs import queue, redis
from app.kernel.tenancy import organization
from app.kernel.timers import Timer, alarm, cancel, every_day, ring, tick, wake, wake_each
from tests.world import World

Work = Callable[[], None]
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def rung() -> Iterator[list[object]]:
    """What the alarm `note` was rung for."""
    heard: list[object] = []

    @alarm
    def note(subject_id: int, **arguments: object) -> None:
        heard.append((subject_id, arguments) if arguments else subject_id)

    yield heard
    del timers._alarms["note"]


def _waiting(world: World) -> list[tuple[str, int]]:
    with organization(world.organization_id):
        return [(timer.key, timer.attempts) for timer in db.session.scalars(select(Timer).order_by(Timer.key))]


def test_a_timer_rings_when_it_is_due_and_once(
    world: World, rung: list[object], work: Work, scheduler: sa.Engine
) -> None:
    with organization(world.organization_id):
        wake("note", 1, at=now() - SECOND, because="time passed")
        wake("note", 2, at=now() + HOUR)
    for _ in range(3):
        tick(scheduler)
        work()
    assert rung == [(1, {"because": "time passed"})]
    assert _waiting(world) == [("note:2", 0)]
    with at(now() + HOUR + SECOND):
        tick(scheduler)
        work()
    assert rung[1:] == [2]
    assert _waiting(world) == []


def test_set_again_it_moves(world: World, rung: list[object], work: Work, scheduler: sa.Engine) -> None:
    with organization(world.organization_id):
        wake("note", 1, at=now() - SECOND)
        wake("note", 1, at=now() + HOUR)
    assert tick(scheduler) == 0
    with organization(world.organization_id):
        wake("note", 1, at=now() - SECOND)
    assert tick(scheduler) == 1
    with organization(world.organization_id):
        wake("note", 1, at=now() + HOUR)
    work()
    assert rung == [], "moved after it was claimed, but rang"
    assert _waiting(world) == [("note:1", 0)]


def test_the_first_of_a_batch_decides(world: World) -> None:
    first = now() + SECOND
    with organization(world.organization_id):
        wake_each("note", [3, 1, 2], at=first, earlier_only=True)
        wake_each("note", [1, 4], at=first + HOUR, earlier_only=True)
        wake("note", 2, at=first - SECOND / 2, earlier_only=True)
        found = {timer.subject_id: timer.wake_at - first for timer in db.session.scalars(select(Timer))}
    assert found == {1: timedelta(), 2: -SECOND / 2, 3: timedelta(), 4: HOUR}


def test_taken_back_it_does_not_ring(world: World, rung: list[object], work: Work, scheduler: sa.Engine) -> None:
    with organization(world.organization_id):
        wake("note", 1, at=now() - SECOND)
        wake("note", 2, at=now() - SECOND, key="mine")
        cancel("note", 1)
        cancel("note", 7)
    tick(scheduler)
    with organization(world.organization_id):
        cancel("note", key="mine")
    work()
    assert rung == []


def test_an_alarm_may_set_itself_again(world: World, work: Work, scheduler: sa.Engine) -> None:
    @alarm
    def again(subject_id: int) -> None:
        wake("again", subject_id, at=now() + HOUR)

    with organization(world.organization_id):
        wake("again", 1, at=now() - SECOND)
    tick(scheduler)
    work()
    assert _waiting(world) == [("again:1", 0)]
    del timers._alarms["again"]


def test_schedulers_at_once_claim_each_timer_once(world: World, app: Flask) -> None:
    for organization_id in (world.organization_id, world.rival_id):
        with organization(organization_id):
            wake_each("note", range(300), at=now() - SECOND)
    start, claims = threading.Barrier(3), []

    def run() -> None:
        engine = sa.create_engine(app.config["SCHEDULER_DATABASE_URL"])
        with app.app_context():
            start.wait()
            claims.extend(tick(engine, sweeping=False) for _ in range(3))
        engine.dispose()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(claims) == 600
    housekeeping = 3
    assert len(set(queue().job_ids)) == len(queue().job_ids) == 600 + housekeeping


def test_what_died_while_ringing_rings_again_later_each_time(
    world: World, rung: list[object], work: Work, scheduler: sa.Engine
) -> None:
    with organization(world.organization_id):
        wake("note", 1, at=now() - SECOND)
    started, sent = now(), []
    for seconds in range(0, 400, 5):
        with at(started + timedelta(seconds=seconds)):
            if tick(scheduler, sweeping=False):
                sent.append(seconds)
        queue().empty()  # the worker that took it is killed, every time
    assert sent == [0, 35, 100, 225]
    assert _waiting(world) == [("note:1", 4)]
    with at(started + timedelta(seconds=1000)):
        tick(scheduler, sweeping=False)
        work()
    assert rung == [1]


def test_a_failing_alarm_changes_nothing_and_rings_again(world: World, work: Work, scheduler: sa.Engine) -> None:
    @alarm
    def fail(subject_id: int) -> None:
        wake("note", 9, at=now() + HOUR)
        db.session.flush()
        raise RuntimeError

    with organization(world.organization_id):
        wake("fail", 1, at=now() - SECOND)
    tick(scheduler)
    work()
    assert _waiting(world) == [("fail:1", 1)]
    del timers._alarms["fail"]


def test_a_job_that_waited_longer_than_its_lease_still_rings_once(
    world: World, rung: list[object], work: Work, scheduler: sa.Engine
) -> None:
    with organization(world.organization_id):
        wake("note", 1, at=now() - SECOND)
    tick(scheduler)
    with at(now() + timedelta(seconds=timers.LEASE + 5)):
        assert tick(scheduler, sweeping=False) == 1
        work()
    assert rung == [1]


def test_what_is_written_while_the_alarm_rings_is_seen_or_has_a_timer_of_its_own(world: World, app: Flask) -> None:
    """The batch of a mail: a writer that finds the timer still set holds the alarm up until it has committed."""
    seen, writing = [], threading.Event()

    @alarm
    def gather(subject_id: int) -> None:
        seen.extend(db.session.scalars(select(Timer.key).where(Timer.key.like("written%"))))

    with organization(world.organization_id):
        wake("gather", 1, at=now() - SECOND)
        timer = db.session.scalars(select(Timer)).one()

    def ring_now() -> None:
        with app.app_context():
            writing.wait()
            with organization(world.organization_id):
                ring(timer.id, 0)

    ringing = threading.Thread(target=ring_now)
    ringing.start()
    with organization(world.organization_id):
        wake("note", 1, at=now() + HOUR, key="written late")
        wake("gather", 1, at=now() + HOUR, earlier_only=True)
        writing.set()
        ringing.join(timeout=0.3)
        assert ringing.is_alive(), "the alarm did not wait"
    ringing.join()
    assert seen == ["written late"]
    del timers._alarms["gather"]


def test_the_schedulers_role_sees_timers_and_owed_rows_and_nothing_else(world: World, scheduler: sa.Engine) -> None:
    world.issue()
    for statement in (
        "SELECT * FROM issues",
        "SELECT * FROM members",
        "SELECT * FROM organizations",
        "SELECT * FROM doors",
        "SELECT payload FROM activities",
        "SELECT verb FROM activities",
        "SELECT text FROM outgoing_mails",
        "SELECT to_address FROM outgoing_mails",
        "SELECT * FROM users",
        "DELETE FROM timers",
        "UPDATE activities SET attempts = 0",
        "INSERT INTO timers (organization_id) VALUES (1)",
    ):
        with scheduler.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(statement))


def test_the_schedulers_role_sees_only_what_is_owed(world: World, owner: sa.Engine, scheduler: sa.Engine) -> None:
    with owner.begin() as connection:
        for dispatched in ("now()", "NULL"):
            connection.exec_driver_sql(
                "INSERT INTO activities (organization_id, verb, noun, subject_id, count, at, payload, attempts,"
                f" dispatched_at) VALUES ({world.organization_id}, 'x', 'issue', 1, 1, now(), '{{}}', 0, {dispatched})"
            )
    with scheduler.connect() as connection:
        assert connection.scalar(text("SELECT count(id) FROM activities")) == 1


def test_a_sweep_adds_nothing_twice_nor_to_a_long_queue(
    world: World, scheduler: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(timers._swept, "note", f"SELECT {world.organization_id}, g FROM generate_series(1, 3) g")
    monkeypatch.setattr(timers, "_send_housekeeping", lambda at: None)
    moment = now()
    for seconds in (0, 1, 2):
        with at(moment.replace(second=0) + timedelta(seconds=seconds)):
            tick(scheduler)
    assert queue().count == 3
    with at(moment + timedelta(minutes=5)):
        tick(scheduler)
    assert queue().count == 6, "a job that died with its worker is asked for again in the next lease"
    monkeypatch.setattr(timers, "_BACKLOG", 6)
    with at(moment + timedelta(minutes=10)):
        tick(scheduler)
    assert queue().count == 6


def test_housekeeping_is_done_once_a_day_everywhere(world: World, work: Work, scheduler: sa.Engine) -> None:
    kept: list[int | None] = []

    @every_day
    def sweep_the_floor() -> None:
        kept.append(db.session.info.get("organization_id"))

    for _ in range(2):
        tick(scheduler)
        work()
    assert sorted(kept, key=lambda found: found or 0) == [None, world.organization_id, world.rival_id]
    with at(now() + timedelta(days=1)):
        tick(scheduler)
        work()
    assert len(kept) == 6
    del timers._housekeeping["sweep_the_floor"]


def test_a_tick_is_noted_for_readiness(world: World, scheduler: sa.Engine) -> None:
    assert redis().get(timers.TICK_KEY) is None
    tick(scheduler)
    assert redis().ttl(timers.TICK_KEY) > 0


def test_one_job_waits_for_a_row(world: World) -> None:
    for _ in range(3):
        jobs.send("note", world.organization_id, (1,), "note-1")
    assert queue().job_ids == ["note-1"]
