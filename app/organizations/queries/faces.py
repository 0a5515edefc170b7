"""Pictures of members, and the organization somebody was in last."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member, Organization
from app.organizations.queries.entering import home_of


def face_by_id(member: Member, member_id: int) -> Member:
    """Somebody with a picture, in this organization. Customers meet those who answer them. Raises NotFound."""
    found = db.session.scalar(
        select(Member).where(
            Member.organization_id == member.organization_id, Member.id == member_id, Member.avatar.is_not(None)
        )
    )
    if found is None:
        raise NotFound
    return found


def last_place(user_id: int) -> tuple[str, str] | None:
    """The address and name of the organization where a person was last. Outside of any: `enter(None, user_id=…)`."""
    row = db.session.execute(
        select(Organization.slug, Organization.name)
        .join(Member, Member.organization_id == Organization.id)
        .where(Member.user_id == user_id, Member.left_at.is_(None), Organization.deleted_at.is_(None))
        .order_by(Member.last_seen_at.desc().nulls_last(), Organization.id)
        .limit(1)
    ).first()
    return (home_of(row.slug), row.name) if row else None
