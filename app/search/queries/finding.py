"""Finding rows of every noun by words: the index is a sieve, each noun's `visible` decides."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, tuple_

from app.kernel.database import db
from app.kernel.events import Noun, noun_named, searched_nouns
from app.kernel.sight import rows_seen
from app.organizations.models import Member
from app.search.audiences import keys_of
from app.search.models import SearchDocument
from app.search.words import fold, query_of

_FIND = text("SELECT * FROM find_documents(:question, CAST(:audiences AS text[]), CAST(:nouns AS text[]), :most)")
#: Characters of a text that are shown around what was found.
_AROUND = 70


@dataclass(frozen=True)
class Hit:
    """A row that fits, as its noun; `weight` orders them, of all nouns together."""

    noun: Noun
    row: Any
    weight: float


def find(member: Member, asked: str, *, nouns: Sequence[str] = (), most: int) -> dict[str, list[Hit]]:
    """Of each noun the best `most` rows that `member` sees, by the noun's name; the noun with the best one first.

    Three statements, and one for each noun that has something that fits.
    """
    if not member.is_colleague:
        return {}  # what colleagues say among themselves is searched too
    question = query_of(asked)
    wanted = [noun.name for noun in searched_nouns() if not nouns or noun.name in nouns]
    if question is None or not wanted:
        return {}
    # More than asked for: the index may know some that the member no longer sees.
    found = db.session.execute(
        _FIND, {"question": question, "audiences": keys_of(member), "nouns": wanted, "most": most * 2}
    )
    weights: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for row in found:
        weights[row.noun][row.subject_id] = row.weight
    hits = {name: _seen(noun_named(name), weight, member)[:most] for name, weight in weights.items()}
    return dict(sorted(((name, some) for name, some in hits.items() if some), key=lambda one: -one[1][0].weight))


def _seen(noun: Noun, weights: dict[int, float], member: Member) -> list[Hit]:
    """The second sieve, by the noun's own rule, in the first one's order."""
    rows = rows_seen(noun, weights, member)
    return [Hit(noun, rows[number], weight) for number, weight in weights.items() if number in rows]


def excerpts(hits: Sequence[Hit], asked: str) -> dict[tuple[str, int], str]:
    """Of each hit's text the part where a word asked for stands, else its beginning. One statement."""
    words = fold(asked).split()
    if not hits or not words:
        return {}
    rows = db.session.execute(
        select(SearchDocument.noun, SearchDocument.subject_id, SearchDocument.plain).where(
            tuple_(SearchDocument.noun, SearchDocument.subject_id).in_([(hit.noun.name, hit.row.id) for hit in hits])
        )
    )
    return {(row.noun, row.subject_id): _around(row.plain, words) for row in rows}


def _around(plain: str, words: Sequence[str]) -> str:
    """The line of a text around the first of these words, without its other lines."""
    for word in words:
        if at := re.search(rf"\b{re.escape(word)}", plain, re.IGNORECASE):
            start, end = max(0, at.start() - _AROUND), at.end() + _AROUND
            part = " ".join(plain[start:end].split())
            return f"{'…' if start else ''}{part}{'…' if end < len(plain) else ''}"
    part = " ".join(plain[: 2 * _AROUND].split())
    return f"{part}…" if len(plain) > 2 * _AROUND else part
