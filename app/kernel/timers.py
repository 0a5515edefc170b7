"""Timers: all that happens because time passes is a row here, and one scheduler wakes it.

`wake("close_quiet_ticket", ticket, at=…)` writes the row in the command's own transaction. The scheduler claims due
rows for a while and sends a job for each; the job deletes the row and does the work in one transaction, so a killed
worker's timer is claimed again and a repeated job finds nothing to do.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import structlog
from flask import Flask
from redis import RedisError
from sqlalchemy import Engine, Index, UniqueConstraint, create_engine, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import jobs
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, current_organization_id, db
from app.kernel.doors import Door
from app.kernel.tenancy import organization

log = structlog.get_logger(__name__)

#: Seconds between two looks at the timers.
TICK = 1.0
#: Seconds a claimed timer is left to its job before it is claimed again; doubled with every attempt.
LEASE = 30
ATTEMPTS = 10
TICK_KEY = "scheduler:tick"
_SWEEP_EVERY = 5
#: Jobs in the queue past which a sweep adds nothing: it would only wait behind them.
_BACKLOG = 2000

_alarms: dict[str, Callable[..., None]] = {}
_housekeeping: dict[str, Callable[[], None]] = {}
_swept: dict[str, str] = {}


class Timer(Tenanted, Model):
    """A moment at which something is to be done, once. `key` keeps a thing from being due twice."""

    __tablename__ = "timers"
    __table_args__ = (
        UniqueConstraint("organization_id", "key"),
        Index("ix_timers_due", "wake_at"),
    )

    key: Mapped[str]
    alarm: Mapped[str]
    subject_id: Mapped[int | None]
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    wake_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]


def alarm(function: Callable[..., None]) -> Callable[..., None]:
    """Declare what a timer calls: `(subject_id, **arguments)`, inside its organization."""
    _alarms[function.__name__] = function
    return function


def wake(
    function: Callable[..., None] | str,
    subject_id: int | None = None,
    *,
    at: datetime,
    key: str | None = None,
    earlier_only: bool = False,
    **arguments: Any,
) -> None:
    """Set a timer, or move the one of the same key (by default alarm and subject). One statement.

    With `earlier_only` a timer that is already set never goes later: the first of a batch decides. Its row is locked
    all the same, so an alarm that rings right now waits for this transaction and sees what it wrote.
    """
    _set(function, [(key, subject_id)], at, earlier_only, arguments)


def wake_each(
    function: Callable[..., None] | str,
    subject_ids: Collection[int],
    *,
    at: datetime,
    earlier_only: bool = False,
    **arguments: Any,
) -> None:
    """Set or move a timer for each subject, as `wake` does for one. One statement."""
    if subject_ids:
        _set(function, [(None, subject) for subject in sorted(subject_ids)], at, earlier_only, arguments)


def _set(
    function: Callable[..., None] | str,
    wanted: Sequence[tuple[str | None, int | None]],
    at: datetime,
    earlier_only: bool,
    arguments: dict[str, Any],
) -> None:
    """Rows are locked in the order given: whoever sets many gives them sorted, so no two wait for each other."""
    name = function if isinstance(function, str) else function.__name__
    rows = insert(Timer).values(
        [
            {
                "organization_id": current_organization_id(),
                "key": key or f"{name}:{subject_id}",
                "alarm": name,
                "subject_id": subject_id,
                "arguments": arguments,
                "wake_at": at,
                "attempts": 0,
            }
            for key, subject_id in wanted
        ]
    )
    fresh: dict[str, Any] = {"wake_at": func.least(Timer.wake_at, rows.excluded.wake_at)}
    if not earlier_only:
        given = ("alarm", "subject_id", "wake_at", "arguments", "attempts")
        fresh = {column: rows.excluded[column] for column in given} | {"claimed_until": None}
    db.session.execute(rows.on_conflict_do_update(index_elements=["organization_id", "key"], set_=fresh))


def cancel(function: Callable[..., None] | str, subject_id: int | None = None, *, key: str | None = None) -> None:
    """Take a timer back; nothing happens when there is none."""
    name = function if isinstance(function, str) else function.__name__
    db.session.execute(
        delete(Timer).where(
            Timer.organization_id == current_organization_id(), Timer.key == (key or f"{name}:{subject_id}")
        )
    )


@jobs.job
def ring(timer_id: int, attempt: int) -> None:
    """Do what a timer is for. The row goes first, so that the alarm may set it anew under the same key.

    A timer that was moved since has fewer attempts; one that was claimed again while this job waited is still due.
    """
    taken = delete(Timer).where(
        Timer.organization_id == current_organization_id(),
        Timer.id == timer_id,
        Timer.attempts >= attempt,
        Timer.wake_at <= now(),
    )
    row = db.session.execute(taken.returning(Timer.alarm, Timer.subject_id, Timer.arguments)).first()
    if row:
        _alarms[row.alarm](row.subject_id, **row.arguments)


def every_day(function: Callable[[], None]) -> Callable[[], None]:
    """Declare housekeeping: called once a day inside every organization, and once outside of any."""
    _housekeeping[function.__name__] = function
    return function


@jobs.job
def keep_house() -> None:
    """The day's housekeeping of one organization, or of what belongs to none. Repeating it does no harm."""
    for work in _housekeeping.values():
        work()
        db.session.commit()


def sweep(job: str, owed: str) -> None:
    """Have the scheduler ask for `job` wherever rows are owed. `owed` is SQL for its role: organization_id, id or null.

    It may name `:now`. Rows asked for again while their job still waits cost nothing: for the time of a lease the
    job's id is the same. Only that long, because a job that died with its worker keeps its id in Redis for minutes.
    """
    _swept[job] = owed


def run_scheduler(app: Flask, stop: threading.Event | None = None) -> None:
    """Claim due timers and send what is owed until told to stop (SIGTERM, SIGINT or `stop`)."""
    stop = stop or _stopped_by_signals()
    engine = create_engine(app.config["SCHEDULER_DATABASE_URL"], pool_size=1, max_overflow=0)
    beat = 0
    with app.app_context():
        while not stop.is_set():
            try:
                tick(engine, sweeping=beat % _SWEEP_EVERY == 0)
            except (SQLAlchemyError, RedisError) as error:
                log.warning("scheduler.missed", error=str(error))
            beat += 1
            stop.wait(TICK)
    engine.dispose()


def tick(engine: Engine, *, sweeping: bool = True) -> int:
    """One look: claims due timers and sends their jobs, and the jobs of rows still owed. Returns the claims."""
    at = now()
    with engine.begin() as connection:
        due = connection.execute(_CLAIM, {"now": at, "lease": LEASE, "most": ATTEMPTS}).all()
    for organization_id, timer_id, attempt in due:
        if attempt == ATTEMPTS:
            log.error("timer.last_attempt", organization=organization_id, timer=timer_id)
        jobs.send("ring", organization_id, (timer_id, attempt), f"timer-{organization_id}-{timer_id}-{attempt}")
    if sweeping and jobs.queue().count < _BACKLOG:
        _sweep(engine, at)
    jobs.redis().set(TICK_KEY, at.timestamp(), ex=60)
    _send_housekeeping(at)
    return len(due)


def _sweep(engine: Engine, at: datetime) -> None:
    with engine.begin() as connection:
        owed = [(name, row) for name, sql in _swept.items() for row in connection.execute(text(sql), {"now": at})]
    lease = int(at.timestamp()) // LEASE
    for name, (organization_id, row_id) in owed:
        arguments = () if row_id is None else (row_id,)
        jobs.send(name, organization_id, arguments, f"{name}-{organization_id}-{row_id or 'sweep'}-{lease}")


def _send_housekeeping(at: datetime) -> None:
    """Once a day; a second scheduler finds it done, and a wiped Redis has it done again."""
    today = f"{at:%Y%m%d}"
    if not jobs.redis().set(f"housekeeping:{today}", "1", nx=True, ex=2 * 86400):
        return
    with organization(None):
        tenants = db.session.scalars(select(Door.organization_id).where(Door.kind == "organization").distinct()).all()
    for organization_id in (None, *tenants):
        jobs.send("keep_house", organization_id, (), f"keep_house-{organization_id}-{today}")


_CLAIM = text("""
    WITH due AS MATERIALIZED (
        SELECT organization_id, id FROM timers
         WHERE wake_at <= :now AND attempts < :most AND (claimed_until IS NULL OR claimed_until < :now)
         ORDER BY wake_at LIMIT 500 FOR UPDATE SKIP LOCKED)
    UPDATE timers SET attempts = attempts + 1, claimed_until = :now + make_interval(secs => :lease * power(2, attempts))
      FROM due WHERE timers.organization_id = due.organization_id AND timers.id = due.id
    RETURNING timers.organization_id, timers.id, attempts
""")


def _stopped_by_signals() -> threading.Event:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    return stop
