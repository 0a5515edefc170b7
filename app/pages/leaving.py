"""Private pages of who goes: to a successor, or they stay where nobody reads them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from app.kernel import live
from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.ledger import record
from app.kernel.words import lazy
from app.organizations import leaving
from app.organizations.models import Member
from app.pages import events
from app.pages.models import Access, Page


def set_up() -> None:
    leaving.holds(
        "pages",
        lazy("Private pages"),
        count=_count,
        hand_over=_hand_over,
        otherwise=lazy("nobody can read them any more"),
    )


def _theirs(member: Member) -> ColumnElement[bool]:
    return (Page.owner_id == member.id) & (Page.access == Access.PRIVATE)


def _count(member: Member) -> int:
    asked = select(func.count()).select_from(Page).where(_theirs(member), Page.deleted_at.is_(None))
    return db.session.scalar(asked) or 0


def _hand_over(member: Member, to: Member | None, by: Actor) -> None:
    if to is None:
        return
    pages = db.session.scalars(select(Page).where(_theirs(member)).order_by(Page.id)).all()
    for page in pages:
        page.owner_id = to.id
    db.session.flush()
    if pages:
        record(events.HANDED_OVER, [(page, {}) for page in pages], by=by)
        live.touch("pages-0", *(f"page-{page.id}" for page in pages[:40]))
