"""Taking things for good, with all that hangs on them: what was said, files, links, who watched, what search knows.

It knows no room: what hangs on a thing is read from the tables. Of the history stays that something was done, and by
whom; what it said is taken (by a function of the owner's, for history is append-only to us).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, delete, or_, select, text

from app.adapters import files
from app.kernel.database import Base, current_organization_id, db
from app.kernel.events import Noun
from app.organizations.purging import FILES, HISTORY

_QUIET = {"synchronize_session": False}


def purge(noun: Noun, ids: Sequence[int]) -> None:
    """Take these rows of a noun, and everything that names them. Their files go when this transaction commits."""
    if not ids:
        return
    said = Base.metadata.tables["comments"]
    texts = list(_column(said, "document_id", noun.name, ids))
    for table in reversed(Base.metadata.sorted_tables):
        if {"organization_id", "noun", "subject_id"} <= set(table.c.keys()) and table.name not in HISTORY:
            _take(table, (table.c.noun == noun.name) & table.c.subject_id.in_(ids))
        if {"other_noun", "other_id"} <= set(table.c.keys()):
            _take(table, (table.c.other_noun == noun.name) & table.c.other_id.in_(ids))
    own: Table = noun.model.__table__  # type: ignore[attr-defined]
    if "document_id" in own.c:
        texts += db.session.scalars(select(own.c.document_id).where(_here(own), own.c.id.in_(ids))).all()
    _take(own, own.c.id.in_(ids))
    documents = Base.metadata.tables["documents"]
    _take(documents, documents.c.id.in_([one for one in texts if one is not None]))
    db.session.execute(text("SELECT forget_subjects(:noun, :ids)"), {"noun": noun.name, "ids": list(ids)})
    db.session.expire_all()


def take_rows(table: Table, ids: Sequence[int]) -> None:
    """Take rows on which nothing else hangs, with their files."""
    _take(table, table.c.id.in_(ids))


def _here(table: Table) -> Any:
    return table.c.organization_id == current_organization_id()


def _column(table: Table, name: str, noun: str, ids: Sequence[int]) -> Sequence[Any]:
    wanted = select(table.c[name]).where(_here(table), table.c.noun == noun, table.c.subject_id.in_(ids))
    return db.session.scalars(wanted).all()


def _take(table: Table, those: Any) -> None:
    named = [table.c[name] for name in FILES if name in table.c]
    gone = delete(table).where(_here(table), or_(those))
    if not named:
        db.session.execute(gone, execution_options=_QUIET)
        return
    for row in db.session.execute(gone.returning(*named), execution_options=_QUIET):
        for name in row:
            if isinstance(name, str) and name:
                files.delete_on_commit(name)
