"""The one place that asks what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """This moment, aware, in UTC; or the one that `at` pretends."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` (aware) within the block, for this thread or task: demo data with a past, tests of time.

    What is stored then says so: rows, activities and timers all ask `now`. Only PostgreSQL and Redis know better.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    before = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(before)
