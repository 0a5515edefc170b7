"""Finding single pages, with all that their own page shows; and whom a text about one can name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Kind, Member
from app.organizations.policies import holds
from app.pages.models import Page
from app.pages.policies import P, open_to, visible_to
from app.projects.models import Project
from app.projects.queries import people_of

#: Entries of a list that is not paged.
_MOST = 200


@dataclass(frozen=True)
class Place:
    """Where a page stands among its neighbours, as far as somebody sees them."""

    parent_id: int | None
    before: Page | None
    after: Page | None


def page_by_id(member: Member, page_id: int) -> Page:
    """With project, text and people. Raises NotFound for what `member` may not see. One statement."""
    return _one(page_id, visible_to(member))


def deleted_page(member: Member, page_id: int) -> Page:
    """A page in the bin, of those that `member` would see. Raises NotFound. One statement."""
    return _one(page_id, Page.deleted_at.is_not(None) & open_to(member))


def _one(page_id: int, visible: ColumnElement[bool]) -> Page:
    page = db.session.scalars(
        select(Page)
        .where(Page.id == page_id, visible)
        .options(
            joinedload(Page.project), joinedload(Page.document), joinedload(Page.owner), joinedload(Page.locked_by)
        )
    ).first()
    if page is None:
        raise NotFound
    return page


def pages_by_ids(member: Member, ids: Sequence[int]) -> list[Page]:
    """In the order of `ids`. Raises NotFound when `member` may not see one of them. One statement."""
    found = {
        page.id: page
        for page in db.session.scalars(
            select(Page).where(Page.id.in_(ids), visible_to(member)).options(joinedload(Page.project))
        )
    }
    if len(found) != len(set(ids)):
        raise NotFound
    return [found[page_id] for page_id in dict.fromkeys(ids)]


def place_of(page: Page, member: Member) -> Place:
    """One statement."""
    siblings = db.session.scalars(
        select(Page)
        .where(
            visible_to(member),
            Page.archived_at.is_(None),
            Page.project_id.is_not_distinct_from(page.project_id),
            Page.parent_id.is_not_distinct_from(page.parent_id),
        )
        .order_by(Page.rank, Page.id)
    ).all()
    at = next((place for place, one in enumerate(siblings) if one.id == page.id), None)
    if at is None:
        return Place(page.parent_id, None, None)
    before = siblings[at - 1] if at else None
    return Place(page.parent_id, before, siblings[at + 1] if at + 1 < len(siblings) else None)


def recent_pages(member: Member, project: Project | None, most: int = 6) -> Sequence[Page]:
    """What was written last in a tree. One statement."""
    return db.session.scalars(
        select(Page)
        .where(visible_to(member), Page.archived_at.is_(None), _in(project))
        .order_by(Page.updated_at.desc(), Page.id.desc())
        .limit(most)
    ).all()


def pages_put_away(member: Member, project: Project | None) -> tuple[Sequence[Page], Sequence[Page]]:
    """The archive of a tree and its bin, latest first. Two statements."""
    archived = db.session.scalars(
        select(Page)
        .where(visible_to(member), Page.archived_at.is_not(None), _in(project))
        .order_by(Page.archived_at.desc(), Page.id.desc())
        .limit(_MOST)
    ).all()
    deleted = db.session.scalars(
        select(Page)
        .where(open_to(member), Page.deleted_at.is_not(None), _in(project))
        .order_by(Page.deleted_at.desc(), Page.id.desc())
        .limit(_MOST)
    ).all()
    return archived, deleted


def readers_of(page: Page) -> Sequence[Member]:
    """Everybody who sees a page, so can be mentioned on it. By name. One statement."""
    if page.is_private:
        return db.session.scalars(select(Member).where(Member.id == page.owner_id)).all()
    if page.project_id is not None:
        return people_of(page.project_id)
    return db.session.scalars(
        select(Member)
        .where(holds(P.WIKI), Member.kind != Kind.CUSTOMER, Member.left_at.is_(None))
        .order_by(func.lower(Member.name), Member.id)
    ).all()


def _in(project: Project | None) -> ColumnElement[bool]:
    return Page.project_id == project.id if project else Page.project_id.is_(None)
