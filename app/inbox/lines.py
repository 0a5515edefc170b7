"""Notifications as a person reads them: who did what to which noun, if it may still be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select

from app.activity.sentences import Words, anchor_of, look_up, sentence, tell
from app.inbox.models import Notification, Reason
from app.kernel.access import CLOCK
from app.kernel.database import current_organization_id, db
from app.kernel.events import Noun, all_nouns
from app.kernel.ledger import Activity, Change
from app.kernel.sight import all_seen
from app.organizations.models import Member


@dataclass(frozen=True)
class Line:
    """One notification with all that is needed to show it. `row` is None when the member may not see the noun now."""

    notification: Notification
    actor: Member | None
    noun: Noun | None
    row: Any | None
    #: What was done, after the actor's name: "moved this issue", "assigned you 5 issues".
    did: str
    #: The place on its page where it happened, `#comment-12`, or nothing.
    anchor: str = ""

    @property
    def actor_name(self) -> str:
        return self.actor.name if self.actor else CLOCK.name

    @property
    def title(self) -> str:
        if self.noun is None or self.row is None:
            return "This is not open to you any more"
        more = self.notification.count - 1
        return self.noun.title(self.row) + (f" and {more:,} more" if more else "")

    @property
    def url(self) -> str | None:
        """Where the noun is shown; as `url_for`, it needs a request or `web.urls.addresses`."""
        return self.noun.url(self.row) + self.anchor if self.noun and self.row is not None else None


def chosen(member: Member) -> Select[Any]:
    """The columns of lines: the member's own notifications, newest first. Narrow it and give it to `read_lines`."""
    same = Change.organization_id == Notification.organization_id
    return (
        select(Notification, Activity.verb, Activity.payload, Change.fields, Member)
        .join(
            Activity,
            and_(Activity.organization_id == Notification.organization_id, Activity.id == Notification.activity_id),
        )
        .outerjoin(
            Change,
            and_(
                same,
                Change.activity_id == Notification.activity_id,
                Change.noun == Notification.noun,
                Change.subject_id == Notification.subject_id,
            ),
        )
        .outerjoin(Member, and_(Member.organization_id == Activity.organization_id, Member.id == Activity.actor_id))
        .where(Notification.organization_id == current_organization_id(), Notification.member_id == member.id)
        .order_by(Notification.arrived_at.desc(), Notification.id.desc())
    )


def read_lines(member: Member, wanted: Select[Any]) -> list[Line]:
    """One statement, one a kind of noun and one a field that changed. What the member may not see now stays out."""
    rows = db.session.execute(wanted).all()
    nouns = {noun.name: noun for noun in all_nouns()}
    found = all_seen(((row.Notification.noun, row.Notification.subject_id) for row in rows), member)
    seen = [row for row in rows if (row.Notification.noun, row.Notification.subject_id) in found]
    words = look_up((row.Notification.noun, row.fields or {}) for row in seen if _is_told_in_full(row.Notification))
    return [_line(row, nouns.get(row.Notification.noun), found, words) for row in rows]


def _is_told_in_full(notification: Notification) -> bool:
    """Whether its words are the change itself, from what to what."""
    return notification.reason is Reason.WATCHING and notification.count == 1


def _line(row: Any, noun: Noun | None, found: Mapping[tuple[str, int], Any], words: Words) -> Line:
    notification: Notification = row.Notification
    subject = found.get((notification.noun, notification.subject_id))
    did = "" if noun is None or subject is None else _did(notification, noun, row, words)
    return Line(notification, row.Member, noun, subject, did, anchor_of(row.payload))


def _did(notification: Notification, noun: Noun, row: Any, words: Words) -> str:
    many = f"{notification.count:,} {noun.name}s" if notification.count > 1 else ""
    if notification.reason is Reason.ASSIGNED:
        return f"assigned you {many}".strip()
    if notification.reason is Reason.MENTIONED:
        return f"mentioned you in {many}" if many else "mentioned you"
    told = None if many else tell(noun, row.verb, row.fields or {}, words, row.payload, f"this {noun.name}")
    return told.text if told else sentence(row.verb, row.payload, many or f"this {noun.name}")


def lines_by_id(member: Member, ids: Sequence[int]) -> list[Line]:
    """These notifications of a member, newest first."""
    return read_lines(member, chosen(member).where(Notification.id.in_(ids))) if ids else []
