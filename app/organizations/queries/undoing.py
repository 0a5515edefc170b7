"""What was just done to members, to be taken back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import NotFound
from app.kernel.ledger import Activity, Change
from app.organizations.models import Kind, Member

UNDONE = ("member.role_changed", "member.removed")
#: How long it can be taken back by its own undo.
LASTS = timedelta(hours=1)


def just_recorded() -> int | None:
    """The first activity of this request, if there is one."""
    recorded: dict[int, int] = db.session.info.get("recorded", {})
    return recorded.get(current_organization_id())


def membership_to_undo(member: Member, activity_id: int) -> tuple[Activity, list[Member]]:
    """What `member` did a short while ago, and to whom. Raises NotFound."""
    activity = db.session.scalar(
        select(Activity).where(
            Activity.id == activity_id,
            Activity.noun == "member",
            Activity.verb.in_(UNDONE),
            Activity.actor_id == member.id,
            Activity.at > now() - LASTS,
        )
    )
    if activity is None:
        raise NotFound
    touched = select(Change.subject_id).where(Change.activity_id == activity.id, Change.noun == "member")
    people = select(Member).where(Member.id.in_(touched), Member.kind == Kind.PERSON).order_by(Member.id)
    found = list(db.session.scalars(people))
    if len(found) != activity.count:
        raise NotFound
    return activity, found
