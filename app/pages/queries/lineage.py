"""What stands above and below a page, and holding a tree while that is looked at and changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, true
from sqlalchemy.orm import aliased

from app.kernel.database import current_organization_id, db
from app.pages.models import Page
from app.pages.policies import open_to, visible_to

#: Levels of a tree.
DEEPEST = 8


def hold_tree(project_id: int | None) -> None:
    """Hold a tree until the transaction ends: who moves, hides or deletes there comes one after the other."""
    name = f"pages:{current_organization_id()}:{project_id or 0}"
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def lineage_of(page_id: int) -> Sequence[Page]:
    """A page and all above it, read anew, the top one last; also what nobody sees any more. One statement."""
    return _upwards(page_id, lambda above: true(), fresh=True)


def path_to(page: Page, member: Any) -> Sequence[Page]:
    """The pages above a page, from the top, as far as `member` sees them without a gap. One statement."""
    return _upwards(page.id, lambda above: visible_to(member, above))[:0:-1]


def _upwards(page_id: int, matching: Any, *, fresh: bool = False) -> Sequence[Page]:
    path = (
        select(Page.id, Page.parent_id, literal(0).label("height"))
        .where(Page.id == page_id)
        .cte("path", recursive=True)
    )
    above = aliased(Page)
    path = path.union_all(
        select(above.id, above.parent_id, path.c.height + 1).where(
            above.id == path.c.parent_id, path.c.height < 2 * DEEPEST, matching(above)
        )
    )
    found = select(Page).join(path, path.c.id == Page.id).order_by(path.c.height)
    return db.session.scalars(found, execution_options={"populate_existing": fresh}).all()


def below(
    pages: Sequence[Page], member: Any = None, *, deleted: bool = False, fresh: bool = True
) -> Sequence[tuple[Page, int]]:
    """These pages and all below them, read anew if `fresh`, with their depth, the nearest first. One statement.

    With a `member`: of what they see, and nothing below what they do not. `deleted` ones are looked through too.
    """

    def matching(page: Any) -> ColumnElement[bool]:
        if member is None:
            return true()
        return open_to(member, page) if deleted else visible_to(member, page)

    tree = select(Page.id, literal(0).label("depth")).where(Page.id.in_([page.id for page in pages]))
    tree_cte = tree.cte("tree", recursive=True)
    child = aliased(Page)
    tree_cte = tree_cte.union_all(
        select(child.id, tree_cte.c.depth + 1).where(
            child.parent_id == tree_cte.c.id, tree_cte.c.depth < 2 * DEEPEST, matching(child)
        )
    )
    nearest = select(tree_cte.c.id, func.max(tree_cte.c.depth).label("depth")).group_by(tree_cte.c.id).subquery()
    rows = db.session.execute(
        select(Page, nearest.c.depth)
        .join(nearest, nearest.c.id == Page.id)
        .order_by(nearest.c.depth, Page.rank, Page.id)
        .execution_options(populate_existing=fresh)
    )
    return [(page, depth) for page, depth in rows]
