"""From an ask to SQL for DuckDB: built of expressions, identifiers quoted, values bound. Nothing people type is SQL.

sqlglot is imported when the first question is asked, not by every process at its start.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from app.dashboards.asks import Aggregate, Ask, Bucket, Dimension, Filter, Measure, Operator, Type, day_of, number_of
from app.dashboards.tables import OPERATORS, Table, TableColumn, Unanswerable

#: How columns are stored.
STORED: dict[Type, str] = {
    "text": "VARCHAR",
    "number": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}
_COMPARED = {Operator.LESS: "<", Operator.AT_MOST: "<=", Operator.MORE: ">", Operator.AT_LEAST: ">="}
_TRUE, _FALSE = ("true", "yes"), ("false", "no")


class Statement(NamedTuple):
    """SQL, the values bound to it, and the columns of the table that it reads, by DuckDB's names."""

    sql: str
    values: list[Any]
    used: list[TableColumn]


def statement_of(ask: Ask, table: Table, *, zone: str, today: date) -> Statement:
    """The SELECT of an ask. It asks for one row more than the limit. Raises Unanswerable with a sentence."""
    return _Builder(table, zone, today).build(ask)


def is_whole(found: Filter) -> bool:
    """Whether a filter has the values that it needs; until then it filters nothing."""
    needed = {Operator.EMPTY: 0, Operator.PRESENT: 0, Operator.BETWEEN: 2}.get(found.operator, 1)
    return len([value for value in found.values if value.strip()]) >= needed


class _Builder:
    def __init__(self, table: Table, zone: str, today: date) -> None:
        from sqlglot import exp

        self.exp, self.table, self.zone, self.today = exp, table, zone, today
        self.values: list[Any] = []
        self.used: dict[str, TableColumn] = {}

    def build(self, ask: Ask) -> Statement:
        exp = self.exp
        chosen = [self._dimension(dimension) for dimension in ask.dimensions]
        chosen += [self._measure(measure) for measure in ask.measures]
        select = exp.select(*chosen).from_(exp.table_("t"))
        for found in ask.filters:
            if is_whole(found):
                select = select.where(self._filter(found))
        if ask.dimensions:
            select = select.group_by(*(exp.Literal.number(place) for place in range(1, len(ask.dimensions) + 1)))
        if order := self._order(ask):
            select = select.order_by(*order)
        text = select.limit(ask.limit + 1).sql(dialect="duckdb")
        return Statement(text, self.values, list(self.used.values()))

    def _order(self, ask: Ask) -> list[Any]:
        """As asked; else time runs forward, and of anything else the most comes first. Never left to chance."""
        places = len(ask.dimensions)
        order: list[tuple[int, bool]] = []
        if ask.sort:
            order.append((ask.sort.place, ask.sort.descending))
        elif places and ask.measures and self.table.column(ask.dimensions[0].column).type not in ("date", "timestamp"):
            order.append((places, True))
        order += [(place, False) for place in range(places) if place not in [found for found, _ in order]]
        return [
            self.exp.Ordered(this=self.exp.Literal.number(place + 1), desc=descending, nulls_first=False)
            for place, descending in order
        ]

    def _column(self, name: str) -> tuple[TableColumn, Any]:
        found = self.table.column(name)
        self.used[found.key] = found
        return found, self.exp.column(self.exp.to_identifier(found.key, quoted=True))

    def _call(self, name: str, *arguments: Any) -> Any:
        return self.exp.Anonymous(this=name, expressions=list(arguments))

    def _local(self, found: TableColumn, column: Any) -> Any:
        """A moment as clocks show it in the organization's zone; a day as it is."""
        if found.type != "timestamp":
            return column
        text = self.exp.Literal.string
        return self._call("timezone", text(self.zone), self._call("timezone", text("UTC"), column))

    def _dimension(self, dimension: Dimension) -> Any:
        found, column = self._column(dimension.column)
        if dimension.bucket is None:
            return column
        if found.type not in ("date", "timestamp"):
            raise Unanswerable(f"“{found.label}” holds no dates, so it cannot be put into periods.")
        unit = self.exp.Literal.string(dimension.bucket.value)
        return self.exp.cast(self._call("date_trunc", unit, self._local(found, column)), "DATE")

    def _measure(self, measure: Measure) -> Any:
        if measure.column is None:
            return self._call("count", self.exp.Star())
        found, column = self._column(measure.column)
        if measure.aggregate in (Aggregate.SUM, Aggregate.AVERAGE, Aggregate.MEDIAN) and found.type != "number":
            raise Unanswerable(f"“{found.label}” holds no numbers, so it has no {measure.aggregate.value}.")
        if measure.aggregate is Aggregate.DISTINCT:
            return self._call("count", self.exp.Distinct(expressions=[column]))
        return self._call("avg" if measure.aggregate is Aggregate.AVERAGE else measure.aggregate.value, column)

    def _filter(self, wanted: Filter) -> Any:
        exp = self.exp
        found, column = self._column(wanted.column)
        if wanted.operator not in OPERATORS[found.type]:
            raise Unanswerable(f"“{found.label}” cannot be filtered like this. Choose the filter again.")
        if wanted.operator is Operator.EMPTY:
            return exp.Is(this=column, expression=exp.Null())
        if wanted.operator is Operator.PRESENT:
            return exp.Not(this=exp.Is(this=column, expression=exp.Null()))
        if found.type == "timestamp":
            column = exp.cast(self._local(found, column), "DATE")
        values = [value for value in wanted.values if value.strip()]
        if wanted.operator is Operator.LAST_DAYS:
            return self._last_days(found, column, values[0])
        if wanted.operator in (Operator.CONTAINS, Operator.STARTS):
            name = "contains" if wanted.operator is Operator.CONTAINS else "starts_with"
            bound = self._call("lower", self._bound(found, values[0]))
            return self._call(name, self._call("lower", column), bound)
        if wanted.operator is Operator.BETWEEN:
            low, high = self._bound(found, values[0]), self._bound(found, values[1])
            return exp.Between(this=exp.paren(column), low=low, high=high)
        if wanted.operator in _COMPARED:
            kind = {"<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}[_COMPARED[wanted.operator]]
            return kind(this=column, expression=self._bound(found, values[0]))
        one_of = exp.In(this=column, expressions=[self._bound(found, value) for value in values])
        if wanted.operator is Operator.IS:
            return one_of
        return exp.paren(
            exp.Or(this=exp.Not(this=one_of), expression=exp.Is(this=column.copy(), expression=exp.Null()))
        )

    def _last_days(self, found: TableColumn, column: Any, text: str) -> Any:
        try:
            days = int(text)
            first = self.today - timedelta(days=days - 1)
        except (ValueError, OverflowError):
            raise Unanswerable(f"“{found.label}” needs a whole number of days.") from None
        low, high = self._bind(first.isoformat(), "DATE"), self._bind(self.today.isoformat(), "DATE")
        return self.exp.Between(this=self.exp.paren(column), low=low, high=high)

    def _bound(self, found: TableColumn, text: str) -> Any:
        """A value as the column's type. Raises Unanswerable for text that is none."""
        try:
            if found.type == "number":
                return self._bind(number_of(text), "DOUBLE")
            if found.type in ("date", "timestamp"):
                return self._bind(day_of(text).isoformat(), "DATE")
            if found.type == "boolean":
                return self._bind(_truth(text), "BOOLEAN")
        except ValueError:
            kind = {"number": "number", "boolean": "yes or no"}.get(found.type, "day like 2026-04-03")
            raise Unanswerable(f"“{found.label}” is compared with “{text[:40]}”, which is no {kind}.") from None
        return self._bind(text, "TEXT")

    def _bind(self, value: Any, kind: str) -> Any:
        self.values.append(value)
        return self.exp.cast(self.exp.Placeholder(), kind)


def _truth(text: str) -> bool:
    if text.lower() not in _TRUE + _FALSE:
        raise ValueError(text)
    return text.lower() in _TRUE


def label_of(part: Measure | Dimension, table: Table) -> str:
    """How a column of an answer is called: "Sum of Revenue", "Created by month"."""
    if isinstance(part, Dimension):
        label = table.column(part.column).label
        return f"{label} by {part.bucket.value}" if part.bucket and part.bucket.value != label.lower() else label
    if part.column is None:
        return "Count"
    names = {Aggregate.DISTINCT: "Different", Aggregate.COUNT: "Count of", Aggregate.MIN: "Least"}
    names |= {Aggregate.MAX: "Most", Aggregate.SUM: "Sum of"}
    return f"{names.get(part.aggregate, part.aggregate.value.capitalize())} {table.column(part.column).label}"


def type_of(part: Measure | Dimension, table: Table) -> Type:
    """What a column of an answer holds. A period stands by its first day."""
    if isinstance(part, Dimension):
        return "date" if part.bucket else table.column(part.column).type
    if part.column is None or part.aggregate not in (Aggregate.MIN, Aggregate.MAX):
        return "number"
    return table.column(part.column).type


def bucket_of(part: Measure | Dimension) -> Bucket | None:
    return part.bucket if isinstance(part, Dimension) else None
