"""Who sees a page, and who may change it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, or_

from app.kernel.access import ADMINS, COLLEAGUES, STAFF, Role, grant, permissions, rule
from app.kernel.words import lazy
from app.organizations.models import Member
from app.pages.models import Access, Page
from app.projects.policies import in_projects_of, works_in


class P(StrEnum):
    VIEW = "page:view"
    #: The organization's own pages too. Guests see those of their projects alone.
    WIKI = "page:wiki"
    CREATE = "page:create"
    EDIT = "page:edit"
    DELETE = "page:delete"
    #: One's own; with MODERATE anybody's.
    LOCK = "page:lock"
    #: Whether a page is private is its owner's to say.
    SHARE = "page:share"
    MODERATE = "page:moderate"


permissions(
    P,
    lazy("Pages"),
    VIEW=lazy("read pages of their projects"),
    WIKI=lazy("read the organization's own pages"),
    CREATE=lazy("write new pages"),
    EDIT=lazy("edit pages"),
    DELETE=lazy("archive and delete pages"),
    LOCK=lazy("lock their own pages"),
    SHARE=lazy("say whether a page of theirs is private"),
    MODERATE=lazy("lock, unlock and delete pages of anybody"),
)

grant(P.VIEW, *COLLEAGUES)
grant(P.WIKI, *STAFF, Role.VIEWER)
for _permission in (P.CREATE, P.EDIT, P.DELETE, P.LOCK, P.SHARE):
    grant(_permission, *STAFF)
grant(P.MODERATE, *ADMINS)


def visible_to(member: Member, page: Any = Page) -> ColumnElement[bool]:
    """The public pages of the organization and of the member's projects, and the member's own; no deleted ones.

    `page` is the model, or an alias of it.
    """
    return page.deleted_at.is_(None) & open_to(member, page)


def open_to(member: Member, page: Any = Page) -> ColumnElement[bool]:
    """The same, deleted ones too."""
    place = in_projects_of(member, page.project_id)
    if member.may(P.WIKI):
        place = or_(page.project_id.is_(None), place)
    return place & or_(page.access == Access.PUBLIC, page.owner_id == member.id)


@rule(P.CREATE)
def may_create(member: Member, on: Any) -> bool:
    """Below a page or in a project. Guests of a project change nothing in it, whatever else their role allows."""
    return member.may(P.CREATE) and works_in(member, on)


@rule(P.EDIT)
def may_edit(member: Member, page: Page) -> bool:
    return member.may(P.EDIT) and works_in(member, page)


@rule(P.DELETE)
def may_delete(member: Member, page: Page) -> bool:
    return member.may(P.DELETE) and works_in(member, page)


@rule(P.LOCK)
def may_lock(member: Member, page: Page) -> bool:
    return member.may(P.LOCK) and works_in(member, page) and (page.owner_id == member.id or member.may(P.MODERATE))


@rule(P.SHARE)
def may_share(member: Member, page: Page) -> bool:
    return member.may(P.SHARE) and page.owner_id == member.id
