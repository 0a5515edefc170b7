"""The order of pages below one page: a text rank, which only its own siblings compare. The tree must be held."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update

from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.ranks import CROWDED, ranks_between
from app.kernel.words import gettext as _
from app.pages.models import Page


def ranks_at(
    project_id: int | None,
    parent_id: int | None,
    count: int,
    *,
    after: int | None = None,
    before: int | None = None,
    moved: Sequence[int] = (),
) -> list[str]:
    """Ranks for `count` pages right after or before a sibling, else at the end; the `moved` ones do not count.

    Raises Invalid for a sibling that does not stand there.
    """
    siblings = _siblings(project_id, parent_id, moved)
    at = _index(siblings, after, before)
    ranks = _between(siblings, at, count)
    if ranks is None:
        _spread(siblings)
        ranks = _between(_siblings(project_id, parent_id, moved), at, count)
    if ranks is None:
        raise Invalid(_("There is no room for it there. Choose another place."))
    return ranks


def _siblings(project_id: int | None, parent_id: int | None, moved: Sequence[int]) -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(Page.id, Page.rank)
        .where(
            Page.project_id.is_not_distinct_from(project_id),
            Page.parent_id.is_not_distinct_from(parent_id),
            Page.id.not_in(moved),
        )
        .order_by(Page.rank, Page.id)
    )
    return [(page_id, rank) for page_id, rank in rows]


def _index(siblings: Sequence[tuple[int, str]], after: int | None, before: int | None) -> int:
    if after is None and before is None:
        return len(siblings)
    wanted = after if after is not None else before
    at = next((place for place, (page_id, _) in enumerate(siblings) if page_id == wanted), None)
    if at is None:
        raise Invalid(_("That page has been moved since. Choose another place."))
    return at + (after is not None)


def _between(siblings: Sequence[tuple[int, str]], at: int, count: int) -> list[str] | None:
    low = siblings[at - 1][1] if at else None
    high = siblings[at][1] if at < len(siblings) else None
    if low is not None and high is not None and low >= high:
        return None
    ranks = ranks_between(low, high, count)
    return None if ranks and max(map(len, ranks)) > CROWDED else ranks


def _spread(siblings: Sequence[tuple[int, str]]) -> None:
    """Short ranks again, in the same order."""
    if not siblings:
        return
    fresh = ranks_between(None, None, len(siblings))
    table = Page.__table__
    db.session.connection().execute(
        update(table).where(table.c.id == bindparam("of")).values(rank=bindparam("given")),  # type: ignore[arg-type]
        [{"of": page_id, "given": rank} for (page_id, _), rank in zip(siblings, fresh, strict=True)],
    )
