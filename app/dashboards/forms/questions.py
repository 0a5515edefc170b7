"""The builder, whose state is its address; and the name under which a question is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField
from wtforms.validators import Length

from app.dashboards.asks import ROWS_MOST, Aggregate, Ask, Bucket, Dimension, Filter, Measure, Operator, Sort, Type
from app.dashboards.charts import Chart, Kind
from app.dashboards.tables import BUCKETS, OPERATORS, Table
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.web.forms import Form, KnownVersion, Line, Prose, at_least_something

OPERATOR_WORDS = {
    Operator.IS: lazy("is"),
    Operator.IS_NOT: lazy("is not"),
    Operator.CONTAINS: lazy("contains"),
    Operator.STARTS: lazy("starts with"),
    Operator.LESS: lazy("less than"),
    Operator.MORE: lazy("more than"),
    Operator.AT_LEAST: lazy("at least"),
    Operator.AT_MOST: lazy("at most"),
    Operator.BETWEEN: lazy("between"),
    Operator.LAST_DAYS: lazy("in the last … days"),
    Operator.EMPTY: lazy("is empty"),
    Operator.PRESENT: lazy("is not empty"),
}
#: Of a day the same words read differently.
DAY_WORDS = {
    Operator.LESS: lazy("before"),
    Operator.MORE: lazy("after"),
    Operator.AT_LEAST: lazy("on or after"),
    Operator.AT_MOST: lazy("on or before"),
    Operator.IS: lazy("on"),
}
AGGREGATE_WORDS = {
    Aggregate.COUNT: lazy("Count"),
    Aggregate.DISTINCT: lazy("Different"),
    Aggregate.SUM: lazy("Sum"),
    Aggregate.AVERAGE: lazy("Average"),
    Aggregate.MEDIAN: lazy("Median"),
    Aggregate.MIN: lazy("Least"),
    Aggregate.MAX: lazy("Most"),
}


class QuestionForm(Form):
    """A question's name, with the ask itself as the builder wrote it."""

    name = Line(lazy("Name"), most=120, validators=[at_least_something])
    description = Prose(lazy("What it tells"), most=500)
    ask = HiddenField(validators=[Length(max=20_000)])
    chart = HiddenField(validators=[Length(max=40)])


class QuestionEditForm(QuestionForm):
    version = KnownVersion()


@dataclass(frozen=True)
class Built:
    """What the builder's fields say: an ask, and how its answer is drawn (None: as suits it)."""

    ask: Ask
    chart: Chart | None

    @property
    def drawn_as(self) -> str:
        return self.chart.kind.value if self.chart else ""


def aggregates_of(kind: Type) -> tuple[Aggregate, ...]:
    """How a column of a type can be made a figure."""
    if kind == "number":
        return tuple(found for found in Aggregate if found is not Aggregate.COUNT)
    ordered = (Aggregate.MIN, Aggregate.MAX) if kind in ("date", "timestamp") else ()
    return (Aggregate.DISTINCT, *ordered)


def operator_words(operator: Operator, kind: Type) -> str:
    return (DAY_WORDS if kind in ("date", "timestamp") else {}).get(operator) or OPERATOR_WORDS[operator]


def table_in(given: MultiDict[str, str]) -> Ask | None:
    """Which table the builder's address names: `source-3`, or a dataset's name."""
    name = given.get("table", "")[:60]
    kind, _, number = name.partition("-")
    if kind == "source" and number.isascii() and number.isdecimal() and len(number) < 19:
        return Ask(source=int(number))
    return Ask(dataset=name) if name else None


def built_of(given: MultiDict[str, str], table: Table) -> Built:
    """Read the builder's fields. What does not fit the table (any more) is left out: a draft is never an error."""
    known = {column.name: column for column in table.columns}
    drop = given.get("drop", "")
    measures = [
        found
        for place, text in enumerate(given.getlist("measure"))
        if drop != f"measure-{place}" and (found := _measure(text)) and (found.column is None or found.column in known)
    ]
    buckets = given.getlist("bucket")
    dimensions = [
        Dimension(name, _bucket(buckets[place] if place < len(buckets) else "", known[name].type))
        for place, name in enumerate(given.getlist("by"))
        if drop != f"by-{place}" and name in known
    ]
    filters = _filters(given, table, drop)
    ask = replace(
        table.ask,
        measures=tuple(dict.fromkeys(measures))[:6] or ((Measure(Aggregate.COUNT),) if not dimensions else ()),
        dimensions=tuple(dimensions)[:3],
        filters=tuple(filters)[:12],
    )
    ask = replace(ask, sort=_sort(given.get("sort", ""), ask), limit=_limit(given.get("limit", "")))
    return Built(Ask.from_json(ask.as_json()), _chart(given.get("chart", "")))


def fields_of(ask: Ask, chart: Chart | None) -> list[tuple[str, str]]:
    """The builder's fields that say this ask: what its address holds."""
    fields = [("table", f"source-{ask.source}" if ask.source else ask.dataset or "")]
    fields += [("measure", f"{one.aggregate.value}:{one.column or ''}") for one in ask.measures]
    for dimension in ask.dimensions:
        fields += [("by", dimension.column), ("bucket", dimension.bucket.value if dimension.bucket else "none")]
    for one in ask.filters:
        low, high = _values(one)
        fields += [("where", one.column), ("how", one.operator.value), ("value", low), ("until", high)]
    if ask.sort:
        fields.append(("sort", f"{ask.sort.place}-{'down' if ask.sort.descending else 'up'}"))
    if ask.limit != 100:
        fields.append(("limit", str(ask.limit)))
    if chart:
        fields.append(("chart", chart.kind.value))
    return fields


def _values(found: Filter) -> tuple[str, str]:
    """A filter's values as its two fields show them: several of them parted by bars."""
    if found.operator is Operator.BETWEEN:
        low, high = (*found.values, "", "")[:2]
        return low, high
    return " | ".join(found.values), ""


def _filters(given: MultiDict[str, str], table: Table, drop: str) -> list[Filter]:
    known = {column.name: column for column in table.columns}
    parts = [given.getlist(name) for name in ("where", "how", "value", "until")]
    found = []
    for place, name in enumerate(parts[0]):
        if name not in known or drop == f"where-{place}":
            continue
        how, low, high = (part[place] if place < len(part) else "" for part in parts[1:])
        allowed = OPERATORS[known[name].type]
        operator = next((one for one in allowed if one.value == how), allowed[0])
        found.append(Filter(name, operator, _read_values(operator, low[:300], high[:300])))
    return found


def _read_values(operator: Operator, low: str, high: str) -> tuple[str, ...]:
    if operator in (Operator.EMPTY, Operator.PRESENT):
        return ()
    if operator is Operator.BETWEEN:
        return (low.strip(), high.strip())
    if operator in (Operator.IS, Operator.IS_NOT):
        return tuple(value for part in low.split("|") if (value := part.strip()))[:50]
    return (low.strip(),) if low.strip() else ()


def _measure(text: str) -> Measure | None:
    """`sum:Revenue`; a count alone needs no column."""
    name, _, column = text.partition(":")
    aggregate = next((found for found in Aggregate if found.value == name), None)
    if aggregate is None or (not column and aggregate is not Aggregate.COUNT):
        return None
    return Measure(aggregate, column[:300] or None)


def _bucket(text: str, kind: Type) -> Bucket | None:
    """A date is put into months unless people say otherwise: single days of years are too many to see."""
    allowed = BUCKETS.get(kind, ())
    if not allowed or text == "none":
        return None
    return next((found for found in allowed if found.value == text), Bucket.MONTH)


def _sort(text: str, ask: Ask) -> Sort | None:
    place, _, way = text.partition("-")
    if not (place.isascii() and place.isdecimal() and len(place) < 3) or way not in ("up", "down"):
        return None
    return Sort(int(place), way == "down") if int(place) < len(ask.dimensions) + len(ask.measures) else None


def _limit(text: str) -> int:
    return min(max(int(text), 1), ROWS_MOST) if text.isascii() and text.isdecimal() and len(text) < 9 else 100


def _chart(text: str) -> Chart | None:
    return next((Chart(kind) for kind in Kind if kind.value == text), None)


def chart_of(text: str) -> Chart | None:
    """What the hidden field of the form that keeps a question holds. Raises Invalid."""
    found = _chart(text)
    if text and found is None:
        raise Invalid(_("There is no such chart."), "chart")
    return found


def sorted_by(ask: Ask, labels: Sequence[str]) -> list[tuple[str, str]]:
    """The ways an answer can be sorted, as the builder offers them."""
    ways = [("", "As suits it")]
    for place, label in enumerate(labels[: len(ask.dimensions) + len(ask.measures)]):
        ways += [(f"{place}-up", f"{label}, upwards"), (f"{place}-down", f"{label}, downwards")]
    return ways
