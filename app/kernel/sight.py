"""Rows of any noun as one member sees them: the one place where a noun that people chose at run time is loaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.events import Noun, all_nouns, noun_named


def rows_seen(noun: Noun, ids: Collection[int], member: Any) -> Mapping[int, Any]:
    """Those of these rows that the member sees, by their id, loaded as the noun wants them shown. One statement."""
    model: Any = noun.model
    wanted = select(model).options(*noun.load).where(model.id.in_(ids), noun.visible(member))
    return {row.id: row for row in db.session.scalars(wanted).unique()}


def all_seen(named: Iterable[tuple[str, int]], member: Any) -> Mapping[tuple[str, int], Any]:
    """The same for rows of many nouns, by (noun's name, id): one statement a noun. Unknown nouns are left out."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for name, number in named:
        ids[name].add(number)
    nouns = [noun for noun in all_nouns() if noun.name in ids]
    return {
        (noun.name, number): row for noun in nouns for number, row in rows_seen(noun, ids[noun.name], member).items()
    }


def row_named(member: Any, noun: str, subject_id: int) -> Any:
    """A row that the member sees, by its kind and id as an address names them. Raises NotFound."""
    found = rows_seen(noun_named(noun), [subject_id], member).get(subject_id)
    if found is None:
        raise NotFound
    return found
