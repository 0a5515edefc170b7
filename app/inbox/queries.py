"""What an inbox shows, in a fixed number of statements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from app.inbox.lines import Line, chosen, read_lines
from app.inbox.models import Notification, Reason, Watcher
from app.kernel.database import current_organization_id, db
from app.kernel.errors import NotFound
from app.kernel.events import noun_of
from app.organizations.models import Member

#: Rows a page, and the most that a region asks for again after scrolling.
PAGE, MOST = 40, 400
#: Badges count no further.
COUNTED = 100
#: What the inbox may be narrowed to, by its name in the address.
FILTERS: dict[str, ColumnElement[bool]] = {
    "all": true(),
    "unread": Notification.read_at.is_(None),
    "mentions": Notification.reason == Reason.MENTIONED,
    "assigned": Notification.reason == Reason.ASSIGNED,
}


def inbox(member: Member, only: str, *, below: int | None = None, until: int | None = None) -> tuple[list[Line], bool]:
    """A page of notifications older than `below`, or everything down to `until`; and whether there are older ones."""
    wanted = chosen(member).where(FILTERS[only])
    most = MOST if until is not None else PAGE
    if below is not None:
        wanted = wanted.where(Notification.id < below)
    found = read_lines(member, wanted.limit(most + 1))
    shown = found[:most]
    if until is not None:
        shown = [line for at, line in enumerate(shown) if line.notification.id >= until or at < PAGE]
    return shown, len(found) > len(shown)


def count_unread(member: Member) -> int:
    """How many notifications wait; at most 100 are counted."""
    some = (
        select(Notification.id)
        .where(
            Notification.organization_id == current_organization_id(),
            Notification.member_id == member.id,
            Notification.read_at.is_(None),
        )
        .limit(COUNTED)
    )
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def notification_of(member: Member, notification_id: int) -> Notification:
    """One of the member's own. Raises NotFound."""
    found = db.session.scalar(
        select(Notification).where(
            Notification.organization_id == current_organization_id(),
            Notification.member_id == member.id,
            Notification.id == notification_id,
        )
    )
    if found is None:
        raise NotFound
    return found


def watching(row: Any, member: Member) -> str:
    """How a member follows a noun: "yes", "no" or "muted"."""
    muted = db.session.scalar(
        select(Watcher.muted).where(
            Watcher.organization_id == current_organization_id(),
            Watcher.noun == noun_of(row).name,
            Watcher.subject_id == row.id,
            Watcher.member_id == member.id,
        )
    )
    return "no" if muted is None else "muted" if muted else "yes"
