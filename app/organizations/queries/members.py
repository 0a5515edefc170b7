"""Finding members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, tuple_

from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Kind, Member
from app.organizations.policies import members_visible_to


def colleagues() -> Sequence[Member]:
    """Everybody who can be mentioned or assigned: no customers, nobody who left. By name."""
    return db.session.scalars(
        select(Member).where(Member.kind != Kind.CUSTOMER, Member.left_at.is_(None)).order_by(Member.name)
    ).all()


#: Members a page shows; the next page begins after the last name.
MEMBERS_A_PAGE = 50


def list_members(matching: Any, *, after: tuple[str, int] | None = None) -> Sequence[Member]:
    """A page of members by name, and one more when there are more. One statement."""
    members = select(Member).where(matching)
    if after is not None:
        members = members.where(tuple_(func.lower(Member.name), Member.id) > after)
    return db.session.scalars(members.order_by(func.lower(Member.name), Member.id).limit(MEMBERS_A_PAGE + 1)).all()


def count_members() -> int:
    """Seats: people who are here, customers not counted."""
    return db.session.scalar(select(func.count()).where(Member.kind == Kind.PERSON, Member.left_at.is_(None))) or 0


def member_by_id(member: Member, member_id: int) -> Member:
    """A colleague. Raises NotFound."""
    return members_by_ids(member, [member_id])[0]


def members_by_ids(member: Member, ids: Sequence[int]) -> list[Member]:
    """Colleagues that `member` may see, by name. Raises NotFound for none, and when one is not there."""
    visible = members_visible_to(member)
    members = select(Member).where(visible, Member.id.in_(ids)).order_by(Member.name, Member.id)
    found = db.session.scalars(members).all()
    if not found or len(found) != len(set(ids)):
        raise NotFound
    return list(found)


def member_of(user_id: int) -> Member | None:
    """The member that a user is in this organization, unless they left."""
    return db.session.scalar(select(Member).where(Member.user_id == user_id, Member.left_at.is_(None)))
