"""Days as spreadsheets and trackers write them."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
#: What may follow a day: a time of day, which is dropped.
_REST = r"(?:[ T,].*)?$"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _REST)
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _REST)
_DAY_NAMED = re.compile(r"(\d{1,2})[ \-/.]+([A-Za-z]{3,9})[ \-/.,]+(\d{4}|\d{2})" + _REST)
_MONTH_NAMED = re.compile(r"(?:[A-Za-z]{3,9},? )?([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _REST)


def read_day(text: str, *, day_first: bool) -> date | None:
    """The day that a cell speaks of, or None. `day_first` decides 03/04/2026; dots always have the day first."""
    text = text.strip()[:60]
    if found := _YEAR_FIRST.match(text):
        year, month, day = map(int, found.groups())
    elif found := _NUMBERS.match(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        day, month = (first, second) if day_first or found[2] == "." else (second, first)
    elif found := _DAY_NAMED.match(text):
        day, month, year = int(found[1]), _MONTHS.get(found[2][:3].lower(), 0), int(found[3])
    elif found := _MONTH_NAMED.match(text):
        day, month, year = int(found[2]), _MONTHS.get(found[1][:3].lower(), 0), int(found[3])
    else:
        return None
    year += 2000 if year < 100 else 0
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None
