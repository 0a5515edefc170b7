"""What somebody keeps at hand and opened lately, in a copy of their own data."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.accounts.exporting import Part
from app.organizations.exporting import contribute, rows
from app.organizations.models import Member
from app.search.models import Favourite, Visit


def _parts(member: Member) -> Iterable[Part]:
    kept = select(Favourite.noun, Favourite.subject_id, Favourite.name).where(Favourite.member_id == member.id)
    seen = select(Visit.noun, Visit.subject_id, Visit.visited_at).where(Visit.member_id == member.id)
    return [
        Part("favourites.json", rows(kept.order_by(Favourite.id))),
        Part("visits.json", rows(seen.order_by(Visit.visited_at, Visit.id))),
    ]


contribute("search", _parts)
