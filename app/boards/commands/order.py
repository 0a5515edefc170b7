"""The one order of a project's issues: holding it, finding a place in it, spreading it when it gets crowded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, and_, bindparam, case, func, select, tuple_
from sqlalchemy.orm import aliased

from app.boards.commands.writing import write_rows
from app.boards.models import Issue
from app.kernel.database import db
from app.kernel.ranks import CROWDED, ranks_between
from app.projects.models import Project


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue stands now, and the ranks right below and above it among those that stay (anchors only)."""

    id: int
    state_id: int
    rank: str
    completed_at: datetime | None
    deleted_at: datetime | None
    below: str | None
    above: str | None


def hold_order(project_id: int) -> None:
    """Hold the order until the transaction ends, so that two drops at one place come one after the other."""
    db.session.execute(select(Project.id).where(Project.id == project_id).with_for_update(key_share=True))


def places(project_id: int, moved: Sequence[int], anchors: Sequence[int]) -> dict[int, Place]:
    """Where the moved and their anchors stand, as of now and held: one statement. Ids of elsewhere are not found."""
    given = {"project": project_id, "moved": list(moved), "anchors": list(anchors), "all": [*moved, *anchors]}
    return {row.id: Place(*row) for row in db.session.execute(_places(), given)}


@cache
def _places() -> Any:
    """Put together once: every move asks it. Lists go as arrays, so its text is the same for one and for many."""
    near = aliased(Issue)
    project = bindparam("project", type_=BigInteger)
    moved, anchors, both = (bindparam(name, type_=ARRAY(BigInteger)) for name in ("moved", "anchors", "all"))
    rest = and_(near.project_id == project, near.id != func.all(moved))
    wanted = and_(Issue.id == func.any(anchors), Issue.id != func.all(moved))
    here, there = tuple_(Issue.rank, Issue.id), tuple_(near.rank, near.id)
    below = select(func.max(near.rank)).where(rest, there < here).scalar_subquery()
    above = select(func.min(near.rank)).where(rest, there > here).scalar_subquery()
    return (
        select(
            Issue.id,
            Issue.state_id,
            Issue.rank,
            Issue.completed_at,
            Issue.deleted_at,
            case((wanted, below)).label("below"),
            case((wanted, above)).label("above"),
        )
        .where(Issue.project_id == project, Issue.id == func.any(both))
        .order_by(Issue.id)
        .with_for_update(key_share=True, of=Issue)
    )


def ranks_in(low: str | None, high: str | None, count: int) -> list[str] | None:
    """`count` ranks between two neighbours, or None when the order wants spreading first."""
    if low is not None and high is not None and low >= high:
        return None
    ranks = ranks_between(low, high, count)
    return None if max(map(len, ranks)) > CROWDED else ranks


def spread(project_id: int) -> None:
    """Give every issue of the project a short rank again, in the same order. Two statements; the order must be held."""
    in_order = select(Issue.id).where(Issue.project_id == project_id).order_by(Issue.rank, Issue.id)
    ids = list(db.session.scalars(in_order))
    write_rows({"id": ids, "rank": ranks_between(None, None, len(ids))})
