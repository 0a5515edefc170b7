"""Pages as the palette shows them, and by words of their titles where one chooses a page to stand below."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import url_for
from sqlalchemy import select

from app.kernel.database import db
from app.organizations.models import Member
from app.pages.models import Page
from app.pages.policies import visible_to
from app.search.finders import Found, containing

#: Pages that are offered to stand below.
MOST = 30


def as_found(page: Page) -> Found:
    """A page as the palette shows it. Its project is loaded."""
    return Found(
        f"page-{page.id}",
        page.title,
        url_for("pages.show_page", page_id=page.id),
        "user" if page.is_private else "page",
        where=page.project.identifier if page.project else "",
        means="Private page" if page.is_private else "Page",
    )


def places_for(page: Page, member: Member, words: Sequence[str], without: Collection[int]) -> Sequence[Page]:
    """Pages of the same tree that another could stand below, latest first, but for those `without`. One statement."""
    return db.session.scalars(
        select(Page)
        .where(
            visible_to(member),
            Page.archived_at.is_(None),
            Page.project_id.is_not_distinct_from(page.project_id),
            Page.id.not_in(without),
            *(Page.title.ilike(containing(word)) for word in words),
        )
        .order_by(Page.updated_at.desc(), Page.id.desc())
        .limit(MOST)
    ).all()
