"""Who answers tickets."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.desk.policies import P
from app.kernel.database import db
from app.organizations.models import Kind, Member
from app.organizations.policies import holds


def agents() -> Sequence[Member]:
    """Colleagues whose role lets them see tickets, by name. One statement."""
    return _with(P.VIEW)


def assignable() -> Sequence[Member]:
    """Colleagues who may be given tickets, by name. One statement."""
    return _with(P.REPLY)


def _with(permission: P) -> Sequence[Member]:
    return db.session.scalars(
        select(Member)
        .where(Member.kind != Kind.CUSTOMER, Member.left_at.is_(None), holds(permission))
        .order_by(Member.name, Member.id)
    ).all()
