"""What can be asked: a source that was brought in, or a dataset of the organization's own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.dashboards.asks import Ask, Bucket, Operator, Type
from app.dashboards.models import Source
from app.dashboards.policies import sources_visible_to
from app.kernel.database import db
from app.kernel.datasets import Dataset, dataset_named, datasets_of
from app.kernel.errors import NotFound, Refused
from app.organizations.models import Member


class Unanswerable(Refused):
    """A question has no answer now: its table or a column is gone, it took too long, or it is being loaded."""


@dataclass(frozen=True)
class TableColumn:
    """A column that can be asked of: `name` as asks say it, `key` as DuckDB knows it."""

    name: str
    label: str
    type: Type
    key: str
    means: str = ""


@dataclass(frozen=True)
class Table:
    """A source or a dataset, with its columns."""

    label: str
    icon: str
    columns: tuple[TableColumn, ...]
    source: Source | None = None
    dataset: Dataset | None = None

    def column(self, name: str) -> TableColumn:
        """Raises Unanswerable for a column that is not there (any more)."""
        for column in self.columns:
            if column.name == name:
                return column
        raise Unanswerable(f"{self.label} has no column “{name}” any more. Choose another one.")

    @property
    def ask(self) -> Ask:
        """What is asked of it to begin with: how many rows there are."""
        return Ask(source=self.source.id) if self.source else Ask(dataset=self.dataset.name if self.dataset else "")


#: What a dimension of a type can be put into, and how each type can be filtered.
BUCKETS: dict[Type, tuple[Bucket, ...]] = {"date": tuple(Bucket), "timestamp": tuple(Bucket)}
_ORDERED = (Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST, Operator.BETWEEN)
_ANY = (Operator.EMPTY, Operator.PRESENT)
OPERATORS: dict[Type, tuple[Operator, ...]] = {
    "text": (Operator.IS, Operator.IS_NOT, Operator.CONTAINS, Operator.STARTS, *_ANY),
    "number": (Operator.IS, Operator.IS_NOT, *_ORDERED, *_ANY),
    "date": (Operator.IS, Operator.LAST_DAYS, *_ORDERED, *_ANY),
    "timestamp": (Operator.IS, Operator.LAST_DAYS, *_ORDERED, *_ANY),
    "boolean": (Operator.IS, *_ANY),
}


def table_of(ask: Ask, member: Member) -> Table:
    """What an ask is about. One statement for a source. Raises Unanswerable when the member has no such table."""
    try:
        if ask.dataset:
            return of_dataset(dataset_named(ask.dataset, member))
        found = db.session.scalar(select(Source).where(sources_visible_to(member), Source.id == ask.source))
    except NotFound:
        found = None
    if found is None:
        raise Unanswerable("The table of this question is gone, or you may not see it.")
    return of_source(found)


def of_source(source: Source) -> Table:
    columns = (TableColumn(one["name"], one["name"], one["type"], one["key"]) for one in source.kept_columns)
    return Table(source.name, "table", tuple(columns), source=source)


def of_dataset(dataset: Dataset) -> Table:
    columns = (TableColumn(one.name, one.label, one.type, one.name, one.means) for one in dataset.columns)
    return Table(dataset.label, dataset.icon, tuple(columns), dataset=dataset)


def tables_of(member: Member) -> list[Table]:
    """Everything a member can ask: datasets, then sources that hold something, by name. One statement."""
    ready = select(Source).where(sources_visible_to(member), Source.data_file.is_not(None)).order_by(Source.name)
    sources = db.session.scalars(ready.order_by(Source.id).limit(500)).all()
    return [of_dataset(found) for found in datasets_of(member)] + [of_source(found) for found in sources]
