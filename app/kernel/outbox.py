"""The outbox: every activity reaches every consumer, exactly once inside our own database.

A consumer's work and its receipt are written in one transaction, so a repeat does nothing. Activities that could not
be dispatched stay owed; the scheduler's sweep asks again, later each time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import PrimaryKeyConstraint, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, belongs_to, current_organization_id, db
from app.kernel.jobs import job
from app.kernel.ledger import Activity
from app.kernel.timers import every_day, sweep

log = structlog.get_logger(__name__)

#: Times a dispatch is tried, the last one after some four hours, before only an operator may try again.
ATTEMPTS = 14
#: Days a receipt is kept: longer than an activity can stay owed.
RECEIPTS_KEPT = 30

_consumers: dict[str, Callable[[Activity], None]] = {}
#: Those who also hear of the parts of an import.
_of_parts: set[str] = set()


class Receipt(Model):
    """A consumer has done its work on an activity."""

    __tablename__ = "receipts"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "activity_id", "consumer"),
        *belongs_to("activities", "activity_id", ondelete="CASCADE", index=False),
    )

    organization_id: Mapped[int] = mapped_column(default=current_organization_id)
    activity_id: Mapped[int]
    consumer: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


def consumer(name: str, *, parts: bool = False) -> Callable[[Callable[[Activity], None]], Callable[[Activity], None]]:
    """Declare a consumer of all activities. It runs in a savepoint; what it raises is retried alone.

    An import tells its listeners once, as itself; only with `parts` they also get each activity that it was made of.
    """

    def declare(function: Callable[[Activity], None]) -> Callable[[Activity], None]:
        _consumers[name] = function
        if parts:
            _of_parts.add(name)
        return function

    return declare


@job
def dispatch() -> None:
    """Give this organization's owed activities to the consumers, oldest first, until none is left.

    Each is a transaction of its own: what consumers lock is held briefly, and a death costs one activity's work.
    """
    after = 0
    while activity := _next_owed(after):
        after = activity.id
        _deliver(activity)
        db.session.commit()


def _next_owed(after: int) -> Activity | None:
    """The next activity that is due; one that another worker holds is left to it."""
    patience = func.make_interval(0, 0, 0, 0, 0, 0, func.power(2, Activity.attempts))
    due = select(Activity).where(
        Activity.organization_id == current_organization_id(),
        Activity.dispatched_at.is_(None),
        Activity.id > after,
        Activity.attempts < ATTEMPTS,
        (Activity.attempts == 0) | (Activity.at + patience < now()),
    )
    return db.session.scalar(due.order_by(Activity.id).limit(1).with_for_update(skip_locked=True))


def _deliver(activity: Activity) -> None:
    listening = {name: hear for name, hear in _consumers.items() if not activity.import_id or name in _of_parts}
    failed = [why for name, consume in listening.items() if (why := _failure(activity, name, consume))]
    values = (
        {"attempts": Activity.attempts + 1, "error": failed[-1]} if failed else {"dispatched_at": now(), "error": None}
    )
    db.session.execute(
        update(Activity)
        .where(Activity.organization_id == activity.organization_id, Activity.id == activity.id)
        .values(values),
        execution_options={"synchronize_session": False},
    )


def _failure(activity: Activity, name: str, consume: Callable[[Activity], None]) -> str | None:
    """Why this consumer has not done its work; None when it has, here or earlier. No values: they are people's."""
    try:
        with db.session.begin_nested():
            receipt = insert(Receipt).values(
                organization_id=activity.organization_id, activity_id=activity.id, consumer=name, at=now()
            )
            if db.session.execute(receipt.on_conflict_do_nothing().returning(Receipt.activity_id)).first():
                consume(activity)
        return None
    except Exception as error:
        log.exception("outbox.failed", consumer=name, activity=activity.id)
        return f"{name}: {type(error).__name__}"


@every_day
def purge_receipts() -> None:
    """Forget receipts of activities that were dispatched long ago. Outside of any organization there are none."""
    db.session.execute(delete(Receipt).where(Receipt.at < now() - timedelta(days=RECEIPTS_KEPT)))


sweep(
    "dispatch",
    f"SELECT DISTINCT organization_id, NULL FROM activities WHERE dispatched_at IS NULL AND attempts < {ATTEMPTS}"  # noqa: S608 - ours
    " AND at + make_interval(secs => power(2, attempts)) < CAST(:now AS timestamptz) - interval '4 seconds' LIMIT 1000",
)
