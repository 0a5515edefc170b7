"""Reading across organizations: as the operator's role, which reads listed columns and writes nothing.

The application's own role stays behind its wall; what an operator does to one organization's rows is done inside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.sql import Executable


def engine() -> Engine:
    """This process's connections as the operator's role: few, for nobody waits long."""
    found: Engine | None = current_app.extensions.get("operator_engine")
    if found is None:
        address = current_app.config["OPERATOR_DATABASE_URL"]
        found = create_engine(address, pool_size=1, max_overflow=1, pool_recycle=600)
        current_app.extensions["operator_engine"] = found
    return found


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection that reads, and looks at no statement for longer than five seconds."""
    with engine().connect() as connection:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = 5000")
        yield connection


def rows(statement: Executable) -> Sequence[Any]:
    """What one statement finds."""
    with reading() as connection:
        return connection.execute(statement).all()


def first(statement: Executable) -> Any | None:
    found = rows(statement)
    return found[0] if found else None
