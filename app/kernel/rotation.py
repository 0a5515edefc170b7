"""New keys for what is encrypted: every declared column, in slices, so that it can be killed and begun again.

A value is written only if it still is what was read, so nothing that people change meanwhile is lost. What is encrypted
with the newest key already is left alone: going on after a kill is the same as beginning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken

from app.kernel.crypto import Sealed, encrypted_columns, fernets
from app.kernel.database import db

#: Values of one commit.
TOGETHER = 200
#: (column, values looked at, values written) after each slice.
Progress = Callable[[Sealed, int, int], None]


@dataclass
class Standing:
    """How many values of a column each key opens; the key's place in the list, newest 0. None: no key opens them."""

    column: Sealed
    by_key: Counter[int | None] = field(default_factory=Counter)


def standing(engine: sa.Engine, secrets: list[str]) -> list[Standing]:
    """What is encrypted with which key. As the owner: it looks at every organization's rows, and decrypts nothing."""
    keys = fernets(secrets)
    found = []
    with engine.connect() as connection:
        for column in encrypted_columns():
            known = Standing(column)
            for slice_ in _slices(connection, column):
                known.by_key.update(_opens(keys, value) for *_key, value in slice_)
            found.append(known)
    return found


def rotate(engine: sa.Engine, secrets: list[str], progress: Progress = lambda *_: None) -> int:
    """Encrypt everything that an older key opens with the newest one. Returns the values written. As the owner."""
    keys = fernets(secrets)
    total = 0
    for column in encrypted_columns():
        looked = written = 0
        with engine.connect() as connection:
            for slice_ in _slices(connection, column):
                looked += len(slice_)
                written += _write(connection, column, keys, slice_)
                connection.commit()
                progress(column, looked, written)
        total += written
    return total


def _write(connection: sa.Connection, column: Sealed, keys: list[Fernet], found: list[Any]) -> int:
    table = db.metadata.tables[column.table]
    sealed = table.c[column.column]
    written = 0
    for *key, value in found:
        place = _opens(keys, value)
        if not place:
            continue  # the newest key's already, or nobody's
        stamp = keys[place].extract_timestamp(value.encode())
        fresh = keys[0].encrypt_at_time(keys[place].decrypt(value.encode()), stamp).decode()
        same = [one == part for one, part in zip(table.primary_key.columns, key, strict=True)]
        done = connection.execute(sa.update(table).where(*same, sealed == value).values({sealed: fresh}))
        written += done.rowcount
    return written


def _slices(connection: sa.Connection, column: Sealed) -> Iterator[list[Any]]:
    """The column's values with their keys, in the order of the primary key."""
    table = db.metadata.tables[column.table]
    sealed = table.c[column.column]
    keys = list(table.primary_key.columns)
    after: tuple[Any, ...] | None = None
    while True:
        wanted = sa.select(*keys, sealed).where(sealed.is_not(None)).order_by(*keys).limit(TOGETHER)
        if after is not None:
            wanted = wanted.where(sa.tuple_(*keys) > sa.tuple_(*after))
        found = list(connection.execute(wanted))
        if not found:
            return
        yield found
        after = tuple(found[-1][: len(keys)])


def _opens(keys: list[Fernet], value: str) -> int | None:
    for place, key in enumerate(keys):
        try:
            key.decrypt(value.encode())
        except InvalidToken:
            continue
        return place
    return None
