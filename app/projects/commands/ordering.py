"""Putting rows that bear a rank into another order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from app.kernel.database import db
from app.kernel.ranks import CROWDED, rank_between, ranks_between


def last_rank(rows: Sequence[Any]) -> str:
    """Behind all of these."""
    ranks = [row.rank for row in rows if row.rank]
    return rank_between(max(ranks) if ranks else None, None)


def put(rows: Sequence[Any], moved: Any, after: int | None, before: int | None) -> bool:
    """Put a row behind the one with the id `after`, else in front of `before`, else at the end; whether that moved it.

    `rows` are all of them in their present order, `moved` among them or not.
    """
    others = [row for row in rows if row.id != moved.id]
    ids = [row.id for row in others]
    position = ids.index(after) + 1 if after in ids else ids.index(before) if before in ids else len(ids)
    order = [*others[:position], moved, *others[position:]]
    if [row.id for row in order] == [row.id for row in rows]:
        return False
    below = others[position - 1].rank if position else None
    above = others[position].rank if position < len(others) else None
    clear = all(one.rank < two.rank for one, two in pairwise(others)) and all(row.rank for row in others)
    rank = rank_between(below or None, above or None) if clear else ""
    if rank and len(rank) <= CROWDED:
        moved.rank = rank
    else:
        for row, fresh in zip(order, ranks_between(None, None, len(order)), strict=True):
            row.rank = fresh
    db.session.flush()
    return True
