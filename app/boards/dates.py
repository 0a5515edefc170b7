"""Days as people write them in a hurry: 2026-12-24, 24.12., 24 Dec, Friday, tomorrow, 3d, 2w."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if number}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_abbr)}
_DAYS = {"d": 1, "w": 7}
_NEAR = {"today": 0, "now": 0, "tomorrow": 1}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.?\s?(\d{4})?")
_DAY_MONTH = re.compile(r"(\d{1,2})\.?\s+([a-z]{3})[a-z]*\.?\s*(\d{4})?")
_MONTH_DAY = re.compile(r"([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?")
_AHEAD = re.compile(r"(?:in\s+)?\+?(\d{1,3})\s*(d|w|m)(?:ays?|eeks?|onths?)?")


def day_said(text: str, today: date, field: str = "due_date") -> date:
    """The day that `text` means, seen from `today`; without a year the next such day. Raises Invalid at `field`."""
    said = " ".join(text.lower().split())
    try:
        found = _day(said, today)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise Invalid(_("“%(value)s” is no day. Write 2026-12-24, 24 Dec, Friday or 2w.", value=text[:40]), field)
    return found


def _day(said: str, today: date) -> date | None:
    if said in _NEAR:
        return today + timedelta(days=_NEAR[said])
    if said.isalpha() and said[:3] in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS[said[:3]] - today.weekday()) % 7 or 7)
    if found := _ISO.fullmatch(said):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _AHEAD.fullmatch(said):
        count = int(found[1])
        return months_ahead(today, count) if found[2] == "m" else today + timedelta(days=count * _DAYS[found[2]])
    if found := _DOTTED.fullmatch(said):
        return _dated(int(found[1]), int(found[2]), found[3], today)
    if (found := _DAY_MONTH.fullmatch(said)) and found[2] in _MONTHS:
        return _dated(int(found[1]), _MONTHS[found[2]], found[3], today)
    if (found := _MONTH_DAY.fullmatch(said)) and found[1] in _MONTHS:
        return _dated(int(found[2]), _MONTHS[found[1]], found[3], today)
    return None


def _dated(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year), month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def months_ahead(day: date, count: int) -> date:
    """The same day so many months later, or that month's last one."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def suggestions(today: date) -> list[tuple[str, date]]:
    """Days people choose most, with their names, in order."""
    ahead = {
        "Today": today,
        "Tomorrow": today + timedelta(days=1),
        "Next Monday": today + timedelta(days=7 - today.weekday()),
        "In a week": today + timedelta(days=7),
        "In two weeks": today + timedelta(days=14),
        "In a month": months_ahead(today, 1),
    }
    return sorted(ahead.items(), key=lambda named: named[1])
