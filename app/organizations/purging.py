"""Taking away all rows and files of an organization, part by part, so that nothing waits long for it.

It knows no room: what there is, and in which order it can go, is read from the tables themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import Column, Table, delete, func, select, text, tuple_, update

from app.adapters import files
from app.kernel.database import Base, current_organization_id, db
from app.organizations.models import Organization

#: Rows that one part takes.
ROWS = 5000
#: Columns that name a stored file which is the row's own. A member's picture is their account's.
FILES = ("file", "preview", "data_file", "clean_file", "logo", "cover")
#: Append-only for us: a function of the owner's takes these, and only of an organization whose time is over.
HISTORY = ("changes", "activities")
#: They go with the organization's own row: security events and doors by their foreign keys, its timers last of all.
_LAST = ("security_events", "doors", "timers")
_NAME = re.compile(r"[0-9a-f]{32}")


def purge_part() -> bool:
    """Take at most ROWS rows, and their files when this transaction commits. Whether it was the last part."""
    left = ROWS
    for table in tables():
        taken = _erase_history(left) if table.name in HISTORY else _take(table, left)
        left -= taken
        if left <= 0:
            return False
    row = db.session.get_one(Organization, current_organization_id())
    for name in (row.logo, row.cover):
        if name:
            files.delete_on_commit(name)
    db.session.execute(
        delete(Organization).where(Organization.id == row.id), execution_options={"synchronize_session": False}
    )
    db.session.expunge_all()
    return True


def tables() -> Iterator[Table]:
    """The tables that belong to organizations: what refers to another comes before it."""
    for table in reversed(Base.metadata.sorted_tables):
        if "organization_id" in table.columns and table.name not in _LAST:
            yield table


def _take(table: Table, most: int) -> int:
    here = table.c.organization_id == current_organization_id()
    inside = _inside(table)
    if inside and db.session.scalar(select(func.count()).select_from(table).where(here)):
        # Parts of the same table that hang on one another hold each other back no more.
        loose = {column: None for column in inside if column.nullable}
        db.session.execute(update(table).where(here).values(loose))
    keys: Sequence[Column[object]] = list(table.primary_key.columns)
    wanted = select(*keys).where(here).limit(most)
    gone = delete(table).where(here, tuple_(*keys).in_(wanted))
    named = [table.c[name] for name in FILES if name in table.c]
    rows = db.session.execute(gone.returning(*keys, *named)).all()
    for row in rows:
        for name in row[len(keys) :]:
            if isinstance(name, str) and _NAME.fullmatch(name):
                files.delete_on_commit(name)
    return len(rows)


def _inside(table: Table) -> list[Column[object]]:
    """Columns by which rows of a table refer to others of the same table."""
    return [
        column
        for key in table.foreign_key_constraints
        if key.referred_table is table
        for column in key.columns
        if column.name != "organization_id"
    ]


def _erase_history(most: int) -> int:
    return int(db.session.scalar(text("SELECT erase_history(:most)"), {"most": most}) or 0)
