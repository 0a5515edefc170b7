"""Backfills: rows that were there before are brought to what new code wants, while people work.

A migration changes the schema and is over in a moment; what has to touch every row is a backfill. A room declares it,
`python -m app.cli migrate` notes it, and a job does it slice by slice: a slice and the cursor behind it are one commit,
so a killed worker's successor goes on where it stopped. `docs/operations.md` says how schema and code change together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ARRAY, Connection, DateTime, Index, Text, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, db
from app.kernel.doors import Door
from app.kernel.errors import NotFound
from app.kernel.jobs import ask, job
from app.kernel.tenancy import organization
from app.kernel.timers import sweep

log = structlog.get_logger(__name__)

#: Rows of one slice.
TOGETHER = 500
#: Seconds that one job works before it gives way to others.
TURN = 30.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)

#: (cursor, most) -> (cursor behind the slice, or None when nothing was left; rows that were changed).
Step = Callable[[str, int], tuple[str | None, int]]


@dataclass(frozen=True)
class Declared:
    """A backfill as its room declared it. It runs inside each organization in turn, or outside of any."""

    name: str
    says: str
    step: Step
    everywhere: bool


_declared: dict[str, Declared] = {}


class Backfill(Model):
    """How far a backfill is. Belongs to no organization; `organization_id` is the one that it is in."""

    __tablename__ = "backfills"
    __table_args__ = (
        Index("ix_backfills_owed", "next_try_at", postgresql_where=text("finished_at IS NULL AND paused_at IS NULL")),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    #: The last organization that was begun; 0: none yet. No key: an organization may be deleted meanwhile.
    organization_id: Mapped[int] = mapped_column(default=0)
    #: How far it is in that one; None: done with it.
    cursor: Mapped[str | None]
    rows_done: Mapped[int] = mapped_column(default=0)
    organizations_done: Mapped[int] = mapped_column(default=0)
    planned_at: Mapped[datetime] = mapped_column(default=now)
    #: When its first and its last slice was done.
    started_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    #: Tries of the present slice that failed, and why the last one did.
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    next_try_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def is_running(self) -> bool:
        return self.finished_at is None and self.paused_at is None

    @property
    def says(self) -> str:
        """What it does; a backfill of other code than ours says nothing."""
        known = _declared.get(self.name)
        return known.says if known else ""


def backfill(name: str, says: str, *, everywhere: bool = True) -> Callable[[Step], Step]:
    """Declare a backfill. Its step finds what is still old behind the cursor, and does no harm when it is repeated.

    `everywhere=False`: it runs once, outside of any organization.
    """

    def declare(step: Step) -> Step:
        _declared[name] = Declared(name, says, step, everywhere)
        return step

    return declare


def declared() -> Sequence[Declared]:
    return list(_declared.values())


def plan(connection: Connection) -> list[str]:
    """Note every declared backfill that was never noted before: the last thing a migration does. Returns their names.

    A database without organizations has nothing old in it: there they count as done.
    """
    known = set(connection.scalars(select(Backfill.name)))
    fresh = [name for name in _declared if name not in known]
    if fresh:
        at = now()
        done = None if connection.scalar(select(Door.id).where(Door.kind == "organization").limit(1)) else at
        columns = {"organization_id": 0, "cursor": None, "rows_done": 0, "organizations_done": 0, "attempts": 0}
        rows = [{**columns, "name": name, "planned_at": at, "next_try_at": at, "finished_at": done} for name in fresh]
        connection.execute(insert(Backfill), rows)
    return fresh


def standing() -> Sequence[Backfill]:
    """All that were noted, those that still run first. One statement."""
    order = (Backfill.finished_at.is_not(None), Backfill.planned_at, Backfill.name)
    return db.session.scalars(select(Backfill).order_by(*order)).all()


def pending() -> int:
    """How many are not done yet."""
    return db.session.scalar(select(func.count()).where(Backfill.finished_at.is_(None))) or 0


def pause(name: str) -> None:
    """Let it rest after the slice in hand. Raises NotFound."""
    _held(name).paused_at = now()


def resume(name: str) -> None:
    """Let it go on where it stopped, at once. Raises NotFound."""
    row = _held(name)
    row.paused_at, row.attempts, row.error, row.next_try_at = None, 0, None, now()
    _ask_for_a_turn()


def begin_again(name: str) -> None:
    """Do it once more from the beginning. Raises NotFound, also for one that this code does not know."""
    row = _held(name)
    if name not in _declared:
        raise NotFound
    row.organization_id, row.cursor, row.rows_done, row.organizations_done = 0, None, 0, 0
    row.started_at = row.moved_at = row.finished_at = None
    resume(name)


def _held(name: str) -> Backfill:
    row = db.session.get(Backfill, name, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


@job
def run_backfill() -> None:
    """Work on what is due, one slice a transaction, for a while; then ask for another turn."""
    until = time.monotonic() + TURN
    while run_slice():
        if time.monotonic() > until:
            _ask_for_a_turn()
            return


def _ask_for_a_turn() -> None:
    ask("run_backfill", key=f"{now():%H%M%S%f}")  # another name than that of the job that runs


def run_slice(most: int = TOGETHER) -> bool:
    """One slice of the oldest backfill that is due; false when there is none, or another worker is at it.

    Committed when it returns.
    """
    db.session.commit()
    with organization(None):
        seen = db.session.execute(_DUE, {"names": list(_declared), "now": now()}).first()
        if seen is None:
            return False
        place, cursor = _next_place(seen)
    try:
        with organization(place or None):
            if not _hold(seen):
                return False
            _work(seen, place, cursor, most)
    except Exception as error:
        log.exception("backfill.failed", backfill=seen.name)
        with organization(None):
            _put_off(seen.name, error)
    return True


_DUE = (
    select(Backfill.name, Backfill.organization_id, Backfill.cursor, Backfill.started_at)
    .where(
        Backfill.name == func.any(bindparam("names", type_=ARRAY(Text))),
        Backfill.finished_at.is_(None),
        Backfill.paused_at.is_(None),
        Backfill.next_try_at <= bindparam("now", type_=DateTime(timezone=True)),
    )
    .order_by(Backfill.planned_at, Backfill.name)
    .limit(1)
)


def _next_place(seen: Any) -> tuple[int, str | None]:
    """The organization (0: outside of any) and the cursor of the next slice; no cursor: all is done."""
    if seen.cursor is not None:
        return seen.organization_id, seen.cursor
    if not _declared[seen.name].everywhere:
        return 0, None if seen.started_at else ""
    behind = (Door.kind == "organization") & (Door.organization_id > seen.organization_id)
    following = db.session.scalar(select(func.min(Door.organization_id)).where(behind))
    return (following, "") if following else (0, None)


def _hold(seen: Any) -> bool:
    """Lock the row, if it still stands where it was seen and nobody else is at it."""
    same = select(Backfill.name).where(
        Backfill.name == seen.name,
        Backfill.organization_id == seen.organization_id,
        Backfill.cursor.is_not_distinct_from(seen.cursor),
        Backfill.finished_at.is_(None),
        Backfill.paused_at.is_(None),
    )
    return db.session.scalar(same.with_for_update(skip_locked=True)) is not None


def _work(seen: Any, place: int, cursor: str | None, most: int) -> None:
    if cursor is None:
        _write(seen.name, finished_at=now(), started_at=func.coalesce(Backfill.started_at, now()), moved_at=now())
        return
    after, count = _declared[seen.name].step(cursor, most)
    _write(
        seen.name,
        organization_id=place,
        cursor=after,
        rows_done=Backfill.rows_done + count,
        organizations_done=Backfill.organizations_done + int(after is None),
        started_at=func.coalesce(Backfill.started_at, now()),
        moved_at=now(),
        attempts=0,
        error=None,
    )


def _write(name: str, **values: object) -> None:
    changed = update(Backfill).where(Backfill.name == name).values(values)
    db.session.execute(changed, execution_options={"synchronize_session": False})


def _put_off(name: str, error: Exception) -> None:
    row = _held(name)
    row.attempts += 1
    row.error = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:500]
    row.next_try_at = now() + min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 10), LONGEST_PAUSE)


sweep(
    "run_backfill",
    "SELECT DISTINCT CAST(NULL AS bigint), CAST(NULL AS bigint) FROM backfills"
    " WHERE finished_at IS NULL AND paused_at IS NULL AND next_try_at <= CAST(:now AS timestamptz)",
)
