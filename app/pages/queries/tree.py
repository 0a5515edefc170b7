"""A tree of pages as it is shown: what is open of it, each level up to a limit, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from app.kernel.database import db
from app.organizations.models import Member
from app.pages.models import Page, space_of
from app.pages.policies import visible_to
from app.projects.models import Project

#: Pages below one that are shown at first, and when all are asked for.
MOST, ALL = 200, 5_000
#: Pages with others below them that may be open at once; a tree with no more of them is open to begin with.
MOST_OPEN = 60


@dataclass
class Branch:
    """A page in a tree, and what is shown below it."""

    page: Page
    #: Pages right below it, shown or not.
    count: int = 0
    is_open: bool = False
    children: list[Branch] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        """How many of those below it wait to be asked for."""
        return self.count - len(self.children) if self.is_open else 0


@dataclass
class Tree:
    """What one member sees of the pages of the organization, or of a project."""

    project: Project | None
    base: str
    opened: list[int]
    public: list[Branch] = field(default_factory=list)
    private: list[Branch] = field(default_factory=list)
    #: At the top, shown or not.
    count: int = 0
    all_of: int | None = None

    @property
    def topic(self) -> str:
        return space_of(self.project.id if self.project else None)

    @property
    def query(self) -> str:
        """What an address needs to show the same."""
        return self._query(self.opened)

    @property
    def hidden(self) -> int:
        return self.count - len(self.public) - len(self.private)

    def toggled(self, page: Page) -> str:
        """The query with this page opened, or closed if it was open."""
        if page.id in self.opened:
            return self._query([one for one in self.opened if one != page.id])
        return self._query([*self.opened, page.id][-MOST_OPEN:])

    def with_all_of(self, page_id: int) -> str:
        return f"{self._query(self.opened, all_of=False)}&all={page_id}"

    def _query(self, opened: Sequence[int], *, all_of: bool = True) -> str:
        asked = {"open": ".".join(map(str, opened))}
        return urlencode(asked | ({"all": str(self.all_of)} if all_of and self.all_of is not None else {}))


def read_opened(text: str | None) -> list[int] | None:
    """The pages that an address opens ("3.17"); None when it does not say."""
    if text is None:
        return None
    parts = [part for part in text.split(".") if part.isascii() and part.isdecimal() and len(part) < 19]
    return list(dict.fromkeys(int(part) for part in parts))[:MOST_OPEN]


def tree_of(
    member: Member,
    project: Project | None,
    base: str,
    *,
    opened: Sequence[int] | None,
    also: Collection[int] = (),
    all_of: int | None = None,
) -> Tree:
    """The tree at `base` with the `opened` pages open, and `also` these; None opens a small one whole.

    What stands below a page that `member` does not see, or that is put away, stands at the top. Of `all_of` (0: the
    top) more are shown. Three statements at most.
    """
    here = and_(
        Page.project_id == project.id if project else Page.project_id.is_(None),
        visible_to(member),
        Page.archived_at.is_(None),
    )
    known = list(opened) if opened is not None else _few_parents(here)
    tree = Tree(project, base, list(dict.fromkeys([*known, *also]))[-MOST_OPEN:], all_of=all_of)
    above = aliased(Page)
    seen_above = (
        select(above.id)
        .where(above.id == Page.parent_id, visible_to(member, above), above.archived_at.is_(None))
        .exists()
    )
    level = case((seen_above, Page.parent_id), else_=0).label("level")
    wanted = select(Page.id, level).where(here, or_(Page.parent_id.in_(tree.opened), ~seen_above)).subquery()
    counted = select(
        wanted.c.id,
        wanted.c.level,
        func.row_number().over(partition_by=wanted.c.level, order_by=(Page.rank, Page.id)).label("place"),
        func.count().over(partition_by=wanted.c.level).label("total"),
    ).join(Page, Page.id == wanted.c.id)
    numbered = counted.subquery()
    most = case((numbered.c.level == (all_of if all_of is not None else -1), ALL), else_=MOST)
    rows = db.session.execute(
        select(Page, numbered.c.level, numbered.c.total)
        .join(numbered, numbered.c.id == Page.id)
        .where(numbered.c.place <= most)
        .order_by(Page.rank, Page.id)
    ).all()
    _grow(tree, [(page, level, total) for page, level, total in rows], _counts([row[0].id for row in rows], here))
    return tree


def _few_parents(here: object) -> list[int]:
    """All pages with others below them, if they are few. One statement."""
    found = db.session.scalars(
        select(Page.parent_id)
        .where(here, Page.parent_id.is_not(None))  # type: ignore[arg-type]
        .distinct()
        .order_by(Page.parent_id)
        .limit(MOST_OPEN + 1)
    ).all()
    return [parent for parent in found if parent is not None] if len(found) <= MOST_OPEN else []


def _counts(ids: Sequence[int], here: object) -> dict[int, int]:
    """{page: how many stand right below it}. One statement."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(Page.parent_id, func.count())
        .where(here, Page.parent_id.in_(ids))  # type: ignore[arg-type]
        .group_by(Page.parent_id)
    )
    return {parent: count for parent, count in rows if parent is not None}


def _grow(tree: Tree, rows: Sequence[tuple[Page, int, int]], counts: dict[int, int]) -> None:
    """Put the branches together, in the order of the rows."""
    branches = {page.id: Branch(page, counts.get(page.id, 0)) for page, _, _ in rows}
    for page_id in tree.opened:
        if (branch := branches.get(page_id)) and branch.count:
            branch.is_open = True
    for page, level, total in rows:
        branch = branches[page.id]
        if level:
            if level in branches:
                branches[level].children.append(branch)
            continue
        tree.count = total
        (tree.private if page.is_private else tree.public).append(branch)
