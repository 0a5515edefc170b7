"""What the cells of a CSV file hold: types are guessed from the first rows, confirmed by people, then held to."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.adapters.tables.dates import read_day
from app.dashboards.asks import TYPES, Type
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

#: Characters that a cell of text may have.
TEXT_MOST = 10_000
#: How a type is written, by its name in `format`: what a number's decimals stand after, and what comes first in a date.
FORMATS: dict[Type, tuple[str, ...]] = {
    "number": ("point", "comma"),
    "date": ("day", "month"),
    "timestamp": ("day", "month"),
}
#: Words for nothing, in columns that are not text.
_NOTHING = frozenset({"null", "none", "n/a", "na", "nan", "-", "–", "—", "?"})
_TRUE = frozenset({"true", "yes", "y", "t", "1", "ja", "oui", "si", "sí", "on"})
_FALSE = frozenset({"false", "no", "n", "f", "0", "nein", "non", "off"})
_PLAIN = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d{1,2})?", re.ASCII)
_MONEY = re.compile(r"^[€$£¥%\s\u00a0\u202f]+|[€$£¥%\s\u00a0\u202f]+$|(?<=[-+])[€$£¥]")
_GROUPED = {
    "point": re.compile(r"[-+]?\d{1,3}(?:[,' \u00a0\u202f]\d{3})+(?:\.\d+)?", re.ASCII),
    "comma": re.compile(r"[-+]?\d{1,3}(?:[.' \u00a0\u202f]\d{3})+(?:,\d+)?", re.ASCII),
}
_COMMA = re.compile(r"[-+]?\d+(,\d+)?", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$")
#: Share of a column's cells that must be of a type for it to be guessed.
_ENOUGH = 0.95


@dataclass(frozen=True)
class Cells:
    """One column: its key in the database, its name, what it holds, how that is written, and whether it is kept."""

    key: str
    name: str
    type: Type = "text"
    format: str | None = None
    kept: bool = True

    def as_json(self) -> dict[str, Any]:
        """What `sources.columns` lists."""
        return {"key": self.key, "name": self.name, "type": self.type, "format": self.format, "kept": self.kept}

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Cells:
        """Raises Invalid for what `as_json` did not write."""
        found = cls(given["key"], given["name"], given["type"], given["format"], bool(given["kept"]))
        if not re.fullmatch(r"c\d{1,3}", found.key) or found.type not in TYPES:
            raise Invalid(_("These columns cannot be read. Upload the file again."))
        if found.format is not None and found.format not in FORMATS.get(found.type, ()):
            raise Invalid(_("“%(name)s” is written in a way that its type does not have.", name=found.name))
        return found


class Unfit(ValueError):
    """A cell does not hold what its column should. The message says why."""


def reader_of(column: Cells, zone: str) -> Callable[[str], str]:
    """What makes a cell the text that DuckDB reads: "" for nothing. It raises Unfit. `zone` is for moments without."""
    if column.type == "number":
        return lambda cell: _number(cell, column.format or "point")
    if column.type == "date":
        return lambda cell: _day(cell, day_first=column.format != "month")
    if column.type == "timestamp":
        here = ZoneInfo(zone)
        return lambda cell: _moment(cell, day_first=column.format != "month", zone=here)
    return _truth if column.type == "boolean" else _text


def guess(key: str, name: str, values: Sequence[str]) -> Cells:
    """What a column holds, by some of its cells."""
    cells = [cell for value in values if (cell := value.strip()) and cell.lower() not in _NOTHING]
    if not cells:
        return Cells(key, name)
    if not _are_codes(cells):
        for style in FORMATS["number"]:
            if _fits(cells, lambda cell, style=style: _number(cell, style)):  # type: ignore[misc]
                return Cells(key, name, "number", style)
    if _fits([cell.lower() for cell in cells], _truth):
        return Cells(key, name, "boolean")
    order = "month" if _fits(cells, lambda cell: _day(cell, day_first=False)) else "day"
    if _fits(cells, lambda cell: _day(cell, day_first=True)):
        order = "day"
    if _fits(cells, lambda cell: _day(cell, day_first=order == "day")):
        timed = sum(bool(_TIME.search(cell)) for cell in cells) * 2 > len(cells)
        return Cells(key, name, "timestamp" if timed else "date", order)
    return Cells(key, name)


def _are_codes(cells: Sequence[str]) -> bool:
    """Digits that are no quantity: a leading nought, or more of them than a number holds."""
    return any(
        (len(cell) > 1 and cell[0] == "0" and cell.isdecimal()) or (len(cell) > 15 and cell.isdecimal())
        for cell in cells
    )


def _fits(cells: Sequence[str], read: Callable[[str], str]) -> bool:
    good = 0
    for cell in cells:
        try:
            read(cell)
        except Unfit:
            continue
        good += 1
    return good >= len(cells) * _ENOUGH


def _text(cell: str) -> str:
    if len(cell) > TEXT_MOST:
        raise Unfit(f"The text has {len(cell):,} characters; at most {TEXT_MOST:,} fit.")
    return cell.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _number(cell: str, style: str) -> str:
    cell = cell.strip()
    if style == "point" and len(cell) < 40 and _PLAIN.fullmatch(cell):
        return cell
    if not cell or cell.lower() in _NOTHING:
        return ""
    bare = _MONEY.sub("", cell[:60]).replace("\u2212", "-")
    if style == "point" and _PLAIN.fullmatch(bare):
        return bare
    if style == "comma" and _COMMA.fullmatch(bare):
        return bare.replace(",", ".")
    if _GROUPED[style].fullmatch(bare):
        decimal, *groups = (
            (".", ",", "'", " ", "\u00a0", "\u202f") if style == "point" else (",", ".", "'", " ", "\u00a0", "\u202f")
        )
        for mark in groups:
            bare = bare.replace(mark, "")
        return bare.replace(decimal, ".")
    raise Unfit("This is no number.")


def _day(cell: str, *, day_first: bool) -> str:
    cell = cell.strip()
    if not cell or cell.lower() in _NOTHING:
        return ""
    found = read_day(cell, day_first=day_first)
    if found is None:
        raise Unfit("This is no date, or one that does not exist.")
    return found.isoformat()


def _moment(cell: str, *, day_first: bool, zone: ZoneInfo) -> str:
    """In UTC. A moment that names no zone is one of `zone`; a day alone is its midnight there."""
    cell = cell.strip()
    if not cell or cell.lower() in _NOTHING:
        return ""
    if not cell.isdecimal() and _ISO_DAY.match(cell):
        try:
            found = datetime.fromisoformat(cell[:40])
            return _in_utc(found if found.tzinfo else found.replace(tzinfo=zone))
        except Unfit:
            raise
        except (ValueError, OverflowError):
            pass  # written in another way
    day = read_day(cell, day_first=day_first)
    time = _TIME.search(cell[:60])
    if day is None or (not time and ":" in cell):
        raise Unfit("This is no date with a time, or one that does not exist.")
    hours, minutes, seconds, half, offset = time.groups() if time else ("0", "0", "0", None, None)
    hour = int(hours) % 12 + (12 if half[0] in "Pp" else 0) if half else int(hours)
    if hour > 23 or int(minutes) > 59 or int(seconds or 0) > 59 or (half and not 1 <= int(hours) <= 12):
        raise Unfit("There is no such time of day.")
    local = datetime(day.year, day.month, day.day, hour, int(minutes), int(seconds or 0), tzinfo=UTC)
    if offset in ("Z", "UTC"):
        return _in_utc(local)
    if offset:
        sign = -1 if offset[0] == "-" else 1
        return _in_utc(local - sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])))
    return _in_utc(local.replace(tzinfo=zone))


def _in_utc(moment: datetime) -> str:
    found = moment.astimezone(UTC)
    if not 1900 <= found.year <= 2200:
        raise Unfit("The year lies outside of 1900 to 2200.")
    return found.replace(tzinfo=None).isoformat(sep=" ")


def _truth(cell: str) -> str:
    cell = cell.strip().lower()
    if not cell or cell in _NOTHING:
        return ""
    if cell in _TRUE:
        return "true"
    if cell in _FALSE:
        return "false"
    raise Unfit("This is neither yes nor no.")
