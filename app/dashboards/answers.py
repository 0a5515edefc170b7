"""Answers: what an `Ask` comes to for one member. Charts, tables, exports and reports all read this.

    answer(Ask(source=3, measures=(Measure(Aggregate.SUM, "Revenue"),), dimensions=(…,)), member=member)

The columns of an answer are the ask's dimensions, then its measures, in their order. An answer is kept in Redis for a
while: until the source is loaded anew, or half a minute for a dataset, for the member who asked.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from redis import RedisError
from sqlalchemy import literal, select

from app.adapters import duck, files
from app.dashboards.asks import Aggregate, Ask, Bucket, Dimension, Filter, Measure, Operator, Sort, Type
from app.dashboards.statements import STORED, Statement, bucket_of, label_of, statement_of, type_of
from app.dashboards.tables import Table, Unanswerable, table_of
from app.kernel import live
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.datasets import dataset_named
from app.kernel.errors import NotFound
from app.kernel.jobs import redis
from app.organizations.models import Member, Organization

log = structlog.get_logger(__name__)

#: Text, a number, a day, a moment in UTC, a truth; None where a row has nothing.
Cell = str | int | float | date | datetime | bool | None

#: Rows of a dataset that are read at most; and seconds that answers are kept, of datasets and of sources.
DATASET_MOST = 200_000
_KEPT_DATASET, _KEPT_SOURCE = 30, 600
#: Characters of an answer past which it is not kept.
_KEPT_MOST = 1 << 20


@dataclass(frozen=True)
class Column:
    """One column of an answer. `name` is stable (`d0`, `m0`), `label` is for people, `bucket` says the period."""

    name: str
    label: str
    type: Type
    bucket: Bucket | None = None
    #: A measure; else what the figures are told apart by.
    is_measure: bool = False


@dataclass(frozen=True)
class Answer:
    """Rows of plain values. `truncated`: the limit left rows out. `partial`: the table itself was read only in part.

    `seconds` is what computing took; `as_of` when the data were read. A period stands by its first day (a date).
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    truncated: bool
    seconds: float
    as_of: datetime
    partial: bool = False


def answer(ask: Ask, *, member: Member, fresh: bool = False) -> Answer:
    """What the ask comes to, counting only what `member` may see. Raises Unanswerable with a sentence for people.

    With `fresh` it is computed now, whatever was kept.
    """
    table = table_of(ask, member)
    zone = db.session.scalar(select(Organization.timezone).where(Organization.id == current_organization_id())) or "UTC"
    today = now().astimezone(ZoneInfo(zone)).date()
    statement = statement_of(ask, table, zone=zone, today=today)
    key = _key(table, member, statement, zone)
    found = None if fresh or key is None else _kept(key)
    if found is None:
        found = _compute(ask, table, statement, member)
        if key is not None:
            _keep(key, found, _KEPT_SOURCE if table.source else _KEPT_DATASET)
    return _answer_of(ask, table, found)


def topics_of(asks: Sequence[Ask]) -> list[str]:
    """The live topics that pages with these asks follow: `source-3`, `any-issue`."""
    return list(dict.fromkeys(topic for ask in asks if (topic := _topic(ask))))


def _topic(ask: Ask) -> str | None:
    if ask.source:
        return f"source-{ask.source}"
    try:
        return f"any-{dataset_named(ask.dataset or '', _EVERYBODY).noun}"
    except NotFound:
        return None


class _Everybody:
    """Topics tell nobody anything, so nobody's permission is asked for them."""

    def may(self, permission: str) -> bool:
        return True


_EVERYBODY = _Everybody()


def _compute(ask: Ask, table: Table, statement: Statement, member: Member) -> dict[str, Any]:
    as_of = now()
    try:
        if table.source:
            if table.source.data_file is None:
                raise Unanswerable(f"Nothing was loaded into {table.label} yet.")
            place = files.place_of(table.source.data_file)
            if not place.exists():
                raise Unanswerable(f"The rows of {table.label} are no longer there. Bring its file in again.")
            found, partial = duck.query(statement.sql, statement.values, most=ask.limit, file=place), False
            as_of = table.source.last_refreshed_at or as_of
        else:
            with files.scratch() as place:
                partial = _hand_over(table, statement, member, place)
                found = duck.query(
                    statement.sql,
                    statement.values,
                    most=ask.limit,
                    rows=place,
                    columns=[(column.key, STORED[column.type]) for column in statement.used],
                )
    except duck.DuckFailed as error:
        raise Unanswerable(str(error)) from error
    return {
        "rows": found.rows,
        "more": found.more,
        "seconds": round(found.seconds, 3),
        "as_of": as_of.isoformat(),
        "partial": partial,
    }


def _hand_over(table: Table, statement: Statement, member: Member, place: Path) -> bool:
    """Write the rows that a member sees, and of them the columns that are asked for. Whether there were too many."""
    assert table.dataset is not None
    rows = table.dataset.select(member).subquery()
    wanted = (
        select(literal(1), *(rows.c[column.key] for column in statement.used)).select_from(rows).limit(DATASET_MOST + 1)
    )
    written = 0
    with place.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        for row in db.session.execute(wanted, execution_options={"yield_per": 2000}):
            written += 1
            if written > DATASET_MOST:
                return True
            writer.writerow([_plain(value) for value in row])
    return False


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.replace("\r", "\n") if isinstance(value, str) else value


def _answer_of(ask: Ask, table: Table, found: dict[str, Any]) -> Answer:
    parts: list[Dimension | Measure] = [*ask.dimensions, *ask.measures]
    names = chain((f"d{place}" for place in range(len(ask.dimensions))), (f"m{place}" for place in range(99)))
    columns = tuple(
        Column(name, label_of(part, table), type_of(part, table), bucket_of(part), isinstance(part, Measure))
        for name, part in zip(names, parts, strict=False)
    )
    return Answer(
        columns=columns,
        rows=tuple(
            tuple(_cell(column, value) for column, value in zip(columns, row, strict=True)) for row in found["rows"]
        ),
        truncated=found["more"],
        seconds=found["seconds"],
        as_of=datetime.fromisoformat(found["as_of"]),
        partial=found["partial"],
    )


def _cell(column: Column, value: Any) -> Cell:
    if value is None:
        return None
    if column.type == "date":
        return date.fromisoformat(value[:10])
    if column.type == "timestamp":
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if column.type == "number" and isinstance(value, float):
        return value if math.isfinite(value) else None
    found: Cell = float(value) if isinstance(value, Decimal) else value
    return found


def _key(table: Table, member: Member, statement: Statement, zone: str) -> str | None:
    """What an answer is kept under. Part of it is what the member may see: for datasets, the member and every change
    of members and projects. None while Redis is away.
    """
    parts: list[Any] = [current_organization_id(), statement.sql, statement.values, zone]
    if table.source:
        parts += [table.source.id, table.source.version]
    elif table.dataset:
        here = current_organization_id()
        try:
            access = live.versions(redis(), [f"{here}:any-member", f"{here}:any-project"])
        except RedisError:
            return None
        parts += [table.dataset.name, member.id, *sorted(member.permissions), *access.values()]
    return f"answer:{hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"


def _kept(key: str) -> dict[str, Any] | None:
    try:
        text = redis().get(key)
    except RedisError:
        return None
    found: dict[str, Any] | None = json.loads(text) if isinstance(text, bytes | str) else None
    return found


def _keep(key: str, found: dict[str, Any], seconds: int) -> None:
    text = json.dumps(found)
    if len(text) > _KEPT_MOST:
        return
    try:
        redis().set(key, text, ex=seconds)
    except RedisError as error:
        log.warning("answers.unreachable", error=str(error))


__all__ = [
    "Aggregate",
    "Answer",
    "Ask",
    "Bucket",
    "Cell",
    "Column",
    "Dimension",
    "Filter",
    "Measure",
    "Operator",
    "Sort",
    "Type",
    "Unanswerable",
    "answer",
    "topics_of",
]
