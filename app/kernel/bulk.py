"""Writing many rows as cheaply as one: what was set on the objects goes out in one UPDATE."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum as PyEnum
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import ARRAY, Enum, String, Table, Text, Update, bindparam, column, func, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeEngine

from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.events import Event

Row = TypeVar("Row")


def change_each(
    rows: Sequence[Row],
    *columns: str,
    by: Actor,
    event: Event,
    put: Callable[[Row], None],
    tell: Callable[[Sequence[Row]], None],
    followers: Mapping[str, str] | None = None,
) -> ledger.Activity | None:
    """Let `put` set columns on each row, write those that then differ, `tell` live pages, and record it.

    Three statements, however many rows. None when none differs.
    """
    before = [ledger.snapshot(row) for row in rows]
    with db.session.no_autoflush:
        for row in rows:
            put(row)
    differing = [
        (row, diff)
        for row, was in zip(rows, before, strict=True)
        if (diff := ledger.compare(was, ledger.snapshot(row)))
    ]
    if not differing:
        return None
    changed = [row for row, _ in differing]
    write(changed, *columns, followers=followers)
    tell(changed)
    return ledger.record(event, differing, by=by)


def write(rows: Sequence[Any], *columns: str, edited: bool = True, followers: Mapping[str, str] | None = None) -> None:
    """Send what was set on `columns` of these rows, in one statement. The session's own flush would send one each.

    `edited` also moves `updated_at`. `followers` names relations that follow a key which is written here, as
    `{"state_id": "state"}`: the session must not write them a second time.
    """
    if not rows:
        return
    if edited:
        at = now()
        columns = (*columns, "updated_at")
        for row in rows:
            row.updated_at = at
    write_rows(type(rows[0]), {name: [getattr(row, name) for row in rows] for name in ("id", *columns)})
    for row in rows:
        for name in columns:
            set_committed_value(row, name, getattr(row, name))
            follower = (followers or {}).get(name)
            if follower and follower in row.__dict__:
                set_committed_value(row, follower, row.__dict__[follower])


def write_rows(model: type, rows: Mapping[str, Sequence[Any]]) -> None:
    """Write columns of many rows, given as lists of one length, `id` among them: one UPDATE … FROM unnest(…)."""
    given = {f"given_{name}": [_plain(value) for value in values] for name, values in rows.items()}
    with db.session.no_autoflush:
        db.session.execute(_update(model, tuple(rows)), given)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, PyEnum) else value


@lru_cache
def _update(model: Any, names: tuple[str, ...]) -> Update:
    table = cast(Table, model.__table__)
    types = {name: _type(table.c[name].type) for name in names}
    arrays = [bindparam(f"given_{name}", type_=ARRAY(types[name])) for name in names]
    given = func.unnest(*arrays).table_valued(*(column(name, types[name]) for name in names), name="given")
    given = given.render_derived()
    values = {name: given.c[name] for name in names if name != "id"}
    return update(table).where(table.c.id == given.c.id).values(values)


def _type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """Enums and short strings are text all the same."""
    return Text() if isinstance(kind, String | Enum) else kind
