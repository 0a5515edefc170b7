"""What an answer shows when it is drawn: points of series, in words that are only ever text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.dashboards.answers import Aggregate, Answer, Ask, Bucket, Cell, Column
from app.web.forms import one_line

#: Series that have a colour of their own; what is more becomes one.
SERIES_MOST = 6
#: Places on an axis that are drawn; the table has the rest.
PLACES_MOST = 200
#: Characters of a label on an axis.
LABEL_MOST = 60
NOTHING = "—"
OTHER = "Other"
#: What adds up: the rest can be shown as one series.
_ADDS_UP = (Aggregate.COUNT, Aggregate.SUM)
#: What XML cannot hold.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Series:
    """One line, or one colour of bars: a value for each place, None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Shape:
    """Places on the axis, the series over them, and a sentence about what was left out."""

    places: tuple[str, ...]
    series: tuple[Series, ...]
    axis: str
    measure: str
    left_out: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(value is not None for one in self.series for value in one.values)


def shape_of(answer: Answer, ask: Ask) -> Shape:
    """The answer as series over its first dimension; a second one, or several measures, tell the series apart."""
    dimensions = [index for index, column in enumerate(answer.columns) if not column.is_measure]
    measures = [index for index, column in enumerate(answer.columns) if column.is_measure]
    if not measures:
        return Shape((), (), "", "")
    across = dimensions[0] if dimensions else None
    place = answer.columns[across] if across is not None else None
    found: dict[Cell, dict[str, float]] = {}
    for row in answer.rows:
        at = found.setdefault(row[across] if across is not None else None, {})
        if len(dimensions) > 1:
            name = " · ".join(said(row[index], answer.columns[index]) for index in dimensions[1:])
            _add(at, name, row[measures[0]])
        else:
            for index in measures:
                _add(at, answer.columns[index].label, row[index])
    keys = _places(list(found), place)
    adds_up = len(dimensions) > 1 and ask.measures[0].aggregate in _ADDS_UP
    named = sorted({name for at in found.values() for name in at}) if len(dimensions) > 1 else None
    names = named if named is not None else [answer.columns[index].label for index in measures]
    table = {name: [found.get(key, {}).get(name) for key in keys] for name in dict.fromkeys(names)}
    table, left_out = _fewer(table, adds_up)
    counts = adds_up or all(one.aggregate in _ADDS_UP for one in ask.measures)
    if counts and place is not None and place.bucket:  # a period without rows counts nothing
        table = {name: [value or 0.0 for value in values] for name, values in table.items()}
    if len(keys) > PLACES_MOST:
        left_out = f"The first {PLACES_MOST} of {len(keys):,} are drawn. {left_out}".strip()
        keys = keys[:PLACES_MOST]
    return Shape(
        places=_unique([said(key, place) for key in keys]) if place else ("",) * len(keys),
        series=tuple(
            Series(label, tuple(values[: len(keys)]))
            for label, values in zip(_unique([plain(name) for name in table]), table.values(), strict=True)
        ),
        axis=plain(place.label) if place else "",
        measure=plain(answer.columns[measures[0]].label) if len(measures) == 1 or len(dimensions) > 1 else "",
        left_out=left_out,
    )


def said(value: Cell, column: Column) -> str:
    """A cell in words: a period by its name, a number with its thousands, nothing as a dash."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{value.day} {value:%b %Y, %H:%M}"
    if isinstance(value, date):
        return _period(value, column.bucket)
    if isinstance(value, int | float):
        return figure(value)
    return plain(value)


def figure(value: float) -> str:
    """1,204 and −3.25: at most two digits behind the point, more only of what is small."""
    if value == int(value) and abs(value) < 1e15:
        text = f"{int(value):,}"
    elif abs(value) >= 0.01:
        text = f"{value:,.2f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:.3g}"
    return text.replace("-", "−")


def plain(text: str) -> str:
    """One line without what XML cannot hold and without marks that turn the direction of what follows."""
    return _UNWRITABLE.sub("", one_line(_UNWRITABLE.sub(" ", text)) or "")


def _period(day: date, bucket: Bucket | None) -> str:
    if bucket is Bucket.YEAR:
        return f"{day:%Y}"
    if bucket is Bucket.QUARTER:
        return f"Q{(day.month + 2) // 3} {day:%Y}"
    if bucket is Bucket.MONTH:
        return f"{day:%b %Y}"
    if bucket is Bucket.WEEK:
        year, week, _ = day.isocalendar()
        return f"W{week:02d} {year}"
    return f"{day.day} {day:%b %Y}"


def _add(at: dict[str, float], name: str, value: Cell) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    at[name] = at.get(name, 0.0) + float(value)


def _places(keys: list[Cell], place: Column | None) -> list[Cell]:
    """In the answer's order; periods in the order of time, those without rows among them."""
    days = [key for key in keys if isinstance(key, date) and not isinstance(key, datetime)]
    if place is None or place.bucket is None or not days:
        return keys
    filled: list[Cell] = []
    day, last = min(days), max(days)
    while day <= last and len(filled) <= PLACES_MOST:
        filled.append(day)
        day = _after(day, place.bucket)
    if set(days) - set(filled):  # too long a time to fill, or days that are no period's first
        filled = [*sorted(days)]
    return filled + [key for key in keys if key is None]


def _after(day: date, bucket: Bucket) -> date:
    if bucket is Bucket.DAY:
        return day + timedelta(days=1)
    if bucket is Bucket.WEEK:
        return day + timedelta(days=7)
    months = {Bucket.MONTH: 1, Bucket.QUARTER: 3, Bucket.YEAR: 12}[bucket]
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _fewer(table: dict[str, list[float | None]], adds_up: bool) -> tuple[dict[str, list[float | None]], str]:
    """At most as many series as there are colours: the largest, and the others as one where they add up."""
    if len(table) <= SERIES_MOST:
        return table, ""
    weight = {name: sum(abs(value or 0) for value in values) for name, values in table.items()}
    largest = sorted(table, key=lambda name: (-weight[name], name))
    kept = largest[: SERIES_MOST - 1] if adds_up else largest[:SERIES_MOST]
    fewer = {name: table[name] for name in table if name in kept}
    rest = [name for name in table if name not in kept]
    if not adds_up:
        return fewer, f"{len(rest)} more are only in the data."
    other = OTHER
    while other in fewer:
        other += " "
    columns = zip(*(table[name] for name in rest), strict=True)
    fewer[other] = [sum(value or 0 for value in column) for column in columns]
    return fewer, f"“{OTHER}” is {len(rest)} more together."


def _unique(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels cut to what fits; what then reads alike is counted."""
    seen: dict[str, int] = {}
    made = []
    for label in labels:
        short = label if len(label) <= LABEL_MOST else label[: LABEL_MOST - 1].rstrip() + "…"
        short = short or NOTHING
        seen[short] = seen.get(short, 0) + 1
        made.append(short if seen[short] == 1 else f"{short} ({seen[short]})")
    return tuple(made)
