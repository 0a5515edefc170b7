"""Who would be stopped by a rule of signing in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from app.accounts.models import Authenticator
from app.kernel.database import db
from app.organizations.models import Kind, Member

#: Those who are named; the rest are counted.
NAMED = 50


class WithoutSecondFactor(NamedTuple):
    number: int
    of: int
    members: Sequence[Member]


def without_second_factor() -> WithoutSecondFactor:
    """Colleagues who have not set up two-factor sign-in: how many of how many, and the first of them by name."""
    here = (Member.kind == Kind.PERSON) & Member.left_at.is_(None)
    lacking = here & ~select(Authenticator.user_id).where(Authenticator.user_id == Member.user_id).exists()
    counted = select(func.count().filter(lacking), func.count()).where(here)
    number, of = db.session.execute(counted.select_from(Member)).one()
    named = select(Member).where(lacking).order_by(func.lower(Member.name), Member.id).limit(NAMED)
    return WithoutSecondFactor(number, of, db.session.scalars(named).all())
