"""Colleagues, by name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.kernel.database import db
from app.organizations.models import Member
from app.organizations.policies import members_visible_to
from app.search.finders import Found, containing
from app.search.places import url_to_person


def find_people(member: Member, words: list[str], most: int) -> Sequence[Found]:
    """Colleagues of `member`, whose names hold every word."""
    rows = db.session.execute(
        select(Member.id, Member.name, Member.role)
        .where(members_visible_to(member), Member.id != member.id)
        .where(*(Member.name.ilike(containing(word)) for word in words))
        .order_by(Member.name, Member.id)
        .limit(most)
    )
    return [
        Found(f"member-{row.id}", row.name, url_to_person(row.id), "user", where=row.role.capitalize()) for row in rows
    ]
