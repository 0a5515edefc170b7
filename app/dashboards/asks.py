"""What can be asked of a table: measures, by dimensions, filtered, sorted. The only way to a query; nobody writes SQL.

An `Ask` stands in JSON in a question and, as text, in the address of the builder. Whatever reads one checks it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

Type = Literal["text", "number", "date", "timestamp", "boolean"]
TYPES: tuple[Type, ...] = ("text", "number", "date", "timestamp", "boolean")

#: Most rows of an answer, and most parts of an ask.
ROWS_MOST = 1000
_MEASURES, _DIMENSIONS, _FILTERS, _VALUES, _TEXT = 6, 3, 12, 50, 300


class Aggregate(StrEnum):
    COUNT = "count"
    DISTINCT = "distinct"
    SUM = "sum"
    AVERAGE = "average"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"


class Bucket(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Operator(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    STARTS = "starts"
    LESS = "less"
    MORE = "more"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    LAST_DAYS = "last_days"
    EMPTY = "empty"
    PRESENT = "present"


class Measure(NamedTuple):
    """A figure: how it is computed, and of which column. A count needs none."""

    aggregate: Aggregate
    column: str | None = None


class Dimension(NamedTuple):
    """What the figures are told apart by. Dates and times may be put into periods."""

    column: str
    bucket: Bucket | None = None


class Filter(NamedTuple):
    """Which rows count. Values are text, as people type them: `2026-04-03`, `12.5`, `true`."""

    column: str
    operator: Operator
    values: tuple[str, ...] = ()


class Sort(NamedTuple):
    """By which column of the answer: dimensions first, then measures, counted from 0."""

    place: int
    descending: bool = False


@dataclass(frozen=True)
class Ask:
    """A question in parts. It names either a source (its id) or a dataset."""

    source: int | None = None
    dataset: str | None = None
    measures: tuple[Measure, ...] = (Measure(Aggregate.COUNT),)
    dimensions: tuple[Dimension, ...] = ()
    filters: tuple[Filter, ...] = ()
    sort: Sort | None = None
    limit: int = 100

    def as_json(self) -> dict[str, Any]:
        """What `questions.ask` holds, and `from_json` reads."""
        return {
            "source": self.source,
            "dataset": self.dataset,
            "measures": [[measure.aggregate.value, measure.column] for measure in self.measures],
            "dimensions": [[found.column, found.bucket.value if found.bucket else None] for found in self.dimensions],
            "filters": [[found.column, found.operator.value, list(found.values)] for found in self.filters],
            "sort": [self.sort.place, self.sort.descending] if self.sort else None,
            "limit": self.limit,
        }

    @classmethod
    def from_json(cls, given: Any) -> Ask:
        """The ask that JSON holds. Raises Invalid for anything that is not exactly one."""
        try:
            return _checked(cls._read(given))
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise Invalid(_("This question cannot be read. Build it again from its table.")) from error

    @classmethod
    def _read(cls, given: dict[str, Any]) -> Ask:
        unknown = given.keys() - {"source", "dataset", "measures", "dimensions", "filters", "sort", "limit"}
        if unknown:
            raise ValueError(f"unknown: {sorted(unknown)}")
        return cls(
            source=_whole(given.get("source"), 2**63) if given.get("source") is not None else None,
            dataset=_text(given["dataset"]) if given.get("dataset") is not None else None,
            measures=tuple(
                Measure(Aggregate(name), _text(column) if column is not None else None)
                for name, column in _list(given.get("measures", []), _MEASURES)
            ),
            dimensions=tuple(
                Dimension(_text(column), Bucket(bucket) if bucket is not None else None)
                for column, bucket in _list(given.get("dimensions", []), _DIMENSIONS)
            ),
            filters=tuple(
                Filter(_text(column), Operator(name), tuple(_text(value) for value in _list(values, _VALUES)))
                for column, name, values in _list(given.get("filters", []), _FILTERS)
            ),
            sort=_sort(given["sort"]) if given.get("sort") is not None else None,
            limit=_whole(given.get("limit", 100), ROWS_MOST + 1),
        )

    def as_text(self) -> str:
        """The same in one line, for keys and addresses."""
        return json.dumps(self.as_json(), separators=(",", ":"), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Ask:
        """Raises Invalid."""
        try:
            return cls.from_json(json.loads(text[:20_000]))
        except (ValueError, RecursionError) as error:  # also a number of thousands of digits
            raise Invalid(_("This address holds no question. Begin with a table.")) from error

    def with_source(self, source_id: int) -> Ask:
        """The same question to another source."""
        return replace(self, source=source_id, dataset=None)


def _checked(ask: Ask) -> Ask:
    if (ask.source is None) == (ask.dataset is None):
        raise ValueError("an ask names one table")
    if not ask.measures and not ask.dimensions:
        raise ValueError("an ask asks for something")
    if ask.limit < 1:
        raise ValueError("a limit is at least 1")
    for measure in ask.measures:
        if measure.column is None and measure.aggregate is not Aggregate.COUNT:
            raise ValueError("only a count needs no column")
    if ask.sort and ask.sort.place >= len(ask.dimensions) + len(ask.measures):
        raise ValueError("sorted by what is not there")
    return ask


def _sort(given: Any) -> Sort:
    place, descending = _list(given, 2)
    return Sort(_whole(place, _MEASURES + _DIMENSIONS), _truth(descending))


def _list(given: Any, most: int) -> Sequence[Any]:
    if not isinstance(given, list) or len(given) > most:
        raise ValueError("not a list, or too long")
    return given


def _text(given: Any) -> str:
    if not isinstance(given, str) or len(given) > _TEXT or "\0" in given:
        raise ValueError("not text, or too long")
    given.encode()  # lone surrogates cannot be stored
    return given


def _whole(given: Any, below: int) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given < below:
        raise ValueError("not a whole number, or too large")
    return given


def _truth(given: Any) -> bool:
    if not isinstance(given, bool):
        raise ValueError("neither true nor false")
    return given


def number_of(text: str) -> float:
    """A number as people type it. Raises ValueError."""
    found = float(text.replace(" ", "").replace("\u2212", "-"))
    if not math.isfinite(found):
        raise ValueError(text)
    return found


def day_of(text: str) -> date:
    """A day as `2026-04-03`; of a time only its day. Raises ValueError."""
    return datetime.fromisoformat(text.strip()).date() if len(text.strip()) > 10 else date.fromisoformat(text.strip())
