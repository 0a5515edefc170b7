"""Schedules: a local time on some days, in a zone of the world, and the moments that this means.

A slot is known by its schedule, local date and local time. Whoever runs one writes that down under a unique key, so
neither the night on which clocks go back nor a clock that is set back runs it twice. What was missed is run once, as
the latest slot, and is late.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from app.kernel.errors import Invalid

#: A slot that begins later than this after its moment is late.
GRACE = timedelta(minutes=15)
#: Slots that are counted as missed at most.
MOST_MISSED = 1000
WEEKDAYS = tuple(calendar.day_name)
#: A day of the month comes within two months, a weekday within one week, a day that a zone skipped a day later.
_LOOK_AHEAD = 70


@dataclass(frozen=True)
class Slot:
    """One moment of a schedule. `key` is unique within it: `2026-03-29 08:00`."""

    at: datetime
    day: date
    time: time

    @property
    def key(self) -> str:
        return f"{self.day.isoformat()} {self.time:%H:%M}"


@dataclass(frozen=True)
class Due:
    """What is to be run now: the latest slot that has come, and how many before it nobody ran."""

    slot: Slot
    missed: int
    is_late: bool


@dataclass(frozen=True)
class Schedule:
    """A local time on weekdays (0 is Monday), or on a day of the month; 31 is the last of every month."""

    zone: str
    time: time
    days: frozenset[int] = frozenset()
    month_day: int | None = None

    def __post_init__(self) -> None:
        """Raises Invalid for what would never come."""
        if self.zone not in _zones():
            raise Invalid("There is no such time zone.", "zone")
        if self.time.tzinfo is not None or self.time.second or self.time.microsecond:
            raise Invalid("The time must be hours and minutes.", "time")
        if bool(self.days) == (self.month_day is not None):
            raise Invalid("Choose days of the week, or a day of the month.", "days")
        if not self.days <= set(range(7)):
            raise Invalid("There are seven days in a week.", "days")
        if self.month_day is not None and not 1 <= self.month_day <= 31:
            raise Invalid("A day of the month is between 1 and 31.", "month_day")

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Schedule:
        """The schedule that `to_json` wrote. Raises Invalid for anything else."""
        try:
            if set(value) != {"zone", "time", "days", "month_day"}:
                raise ValueError("keys")
            days, month_day = value["days"], value["month_day"]
            if not all(type(day) is int for day in days) or type(month_day) not in (int, type(None)):
                raise TypeError("days")
            return cls(str(value["zone"]), time.fromisoformat(value["time"]), frozenset(days), month_day)
        except (AttributeError, TypeError, ValueError) as error:
            raise Invalid("This is no schedule.", "schedule") from error

    def to_json(self) -> dict[str, Any]:
        return {
            "zone": self.zone,
            "time": f"{self.time:%H:%M}",
            "days": sorted(self.days),
            "month_day": self.month_day,
        }

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def is_on(self, day: date) -> bool:
        if self.month_day is None:
            return day.weekday() in self.days
        return day.day == min(self.month_day, calendar.monthrange(day.year, day.month)[1])

    def slot_on(self, day: date) -> Slot:
        """The slot of a local day, whether or not the schedule is on it."""
        return Slot(instant(day, self.time, self.tz), day, self.time)

    def says(self) -> str:
        """For people: "Monday and Friday at 08:00", "every weekday at 08:00", "on day 31 of the month at 08:00"."""
        at = f"at {self.time:%H:%M}"
        if self.month_day is not None:
            return f"on the last day of the month {at}" if self.month_day == 31 else f"on day {self.month_day} {at}"
        if len(self.days) == 7:
            return f"every day {at}"
        if self.days == frozenset(range(5)):
            return f"every weekday {at}"
        names = [WEEKDAYS[day] for day in sorted(self.days)]
        return f"{', '.join(names[:-1])}{' and ' if names[1:] else ''}{names[-1]} {at}"


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When a local time comes, in UTC: the first time if it comes twice, just after the gap if it does not come."""
    local = datetime.combine(day, at)
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    # In a gap the two readings lie on either side of the change.
    before, after = local.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    offset = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset
        low, high = (middle, high) if same else (low, middle)
    return before + timedelta(seconds=high)


def next_slot(schedule: Schedule, after: datetime) -> Slot:
    """The first slot whose moment is later than `after` (aware)."""
    return next(slots(schedule, after))


def slots(schedule: Schedule, after: datetime) -> Iterator[Slot]:
    """The slots later than `after`, in order, one a moment, without end. Raises LookupError if none comes."""
    day = after.astimezone(schedule.tz).date() - timedelta(days=2)
    last, idle = after, 0
    while idle <= _LOOK_AHEAD:
        day, idle = day + timedelta(days=1), idle + 1
        if schedule.is_on(day) and (slot := schedule.slot_on(day)).at > last:
            last, idle = slot.at, 0
            yield slot
    raise LookupError(f"{schedule} does not come")  # pragma: no cover - __post_init__ refuses such


def due(schedule: Schedule, since: datetime, at: datetime) -> Due | None:
    """What is to be run at `at` when all up to `since` was: one slot at most, the latest. None when none has come."""
    come: list[Slot] = []
    missed = -1
    for slot in slots(schedule, since):
        if slot.at > at or missed >= MOST_MISSED:
            break
        come, missed = [slot], missed + 1
    if not come:
        return None
    latest = _latest(schedule, at) if missed >= MOST_MISSED else come[0]
    return Due(latest, missed, missed > 0 or at - latest.at > GRACE)


def _latest(schedule: Schedule, at: datetime) -> Slot:
    return list(_until(schedule, at - timedelta(days=_LOOK_AHEAD), at))[-1]


def _until(schedule: Schedule, since: datetime, at: datetime) -> Iterator[Slot]:
    for slot in slots(schedule, since):
        if slot.at > at:
            return
        yield slot


_known: list[frozenset[str]] = []


def _zones() -> frozenset[str]:
    if not _known:
        _known.append(frozenset(available_timezones()))
    return _known[0]
