"""A member's favourites and latest visits, and what is linked to a row: fixed statements, and one more a noun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, or_, select

from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.events import Noun, noun_named, noun_of
from app.kernel.sight import all_seen
from app.organizations.models import Member
from app.search.models import Favourite, Link, LinkKind, Visit

#: Visits that are looked through for those still to be seen.
_LOOKED_THROUGH = 3


@dataclass(frozen=True)
class Thing:
    """A row of any noun, as lists of things of many nouns show it."""

    noun: Noun
    row: Any

    @property
    def title(self) -> str:
        return self.noun.title(self.row)

    @property
    def url(self) -> str:
        return self.noun.url(self.row)


@dataclass
class Kept:
    """A favourite, or a folder with those in it."""

    favourite: Favourite
    thing: Thing | None = None
    inside: list[Kept] = field(default_factory=list)


@dataclass(frozen=True)
class Tie:
    """A link as the page of one of its sides shows it: the other side, and how it stands to this one."""

    link: Link
    thing: Thing
    says: str


def favourites_of(member: Member) -> list[Kept]:
    """Folders and what stands in none, in their order. What the member may not see now is left out, not forgotten."""
    all_kept = db.session.scalars(
        select(Favourite).where(Favourite.member_id == member.id).order_by(Favourite.rank, Favourite.id)
    ).all()
    seen = all_seen(((one.noun, one.subject_id) for one in all_kept if one.noun and one.subject_id), member)
    folders = {one.id: Kept(one) for one in all_kept if one.is_folder}
    top: list[Kept] = []
    for one in all_kept:
        if one.is_folder:
            top.append(folders[one.id])
        elif (row := seen.get((one.noun or "", one.subject_id or 0))) is not None:
            place = folders[one.folder_id].inside if one.folder_id in folders else top
            place.append(Kept(one, Thing(noun_of(row), row)))
    return top


def favourite_by_id(member: Member, favourite_id: int) -> Favourite:
    """One of the member's own. Raises NotFound."""
    found = db.session.scalar(select(Favourite).where(Favourite.id == favourite_id, Favourite.member_id == member.id))
    if found is None:
        raise NotFound
    return found


def is_favourite(row: Any, member: Member) -> bool:
    """Whether the member keeps this row at hand. One statement."""
    kept = select(Favourite.id).where(
        Favourite.member_id == member.id, Favourite.noun == noun_of(row).name, Favourite.subject_id == row.id
    )
    return db.session.scalar(kept) is not None


def latest_visits(member: Member, most: int) -> list[Thing]:
    """What the member opened last and still sees, the newest first."""
    visits = db.session.execute(
        select(Visit.noun, Visit.subject_id)
        .where(Visit.member_id == member.id)
        .order_by(Visit.visited_at.desc(), Visit.id.desc())
        .limit(most * _LOOKED_THROUGH)
    ).all()
    seen = all_seen(((visit.noun, visit.subject_id) for visit in visits), member)
    rows = [seen[visit.noun, visit.subject_id] for visit in visits if (visit.noun, visit.subject_id) in seen]
    return [Thing(noun_of(row), row) for row in rows[:most]]


def links_of(row: Any, member: Member) -> list[Tie]:
    """What is linked to a row and seen by the member, in the order in which it was."""
    here = (noun_of(row).name, row.id)
    links: Sequence[Link] = db.session.scalars(
        select(Link)
        .where(
            or_(
                and_(Link.noun == here[0], Link.subject_id == here[1]),
                and_(Link.other_noun == here[0], Link.other_id == here[1]),
            )
        )
        .order_by(Link.id)
    ).all()
    others = {link.id: _other(link, here) for link in links}
    seen = all_seen(others.values(), member)
    return [
        Tie(link, Thing(noun_named(others[link.id][0]), seen[others[link.id]]), _says(link, here))
        for link in links
        if others[link.id] in seen
    ]


def link_of(row: Any, member: Member, link_id: int) -> Tie:
    """One of a row's links. Raises NotFound when it is none of them, or leads out of the member's sight."""
    for tie in links_of(row, member):
        if tie.link.id == link_id:
            return tie
    raise NotFound


def _other(link: Link, here: tuple[str, int]) -> tuple[str, int]:
    one, two = (link.noun, link.subject_id), (link.other_noun, link.other_id)
    return two if one == here else one


def _says(link: Link, here: tuple[str, int]) -> str:
    if link.kind is LinkKind.RELATES:
        return "relates to"
    return "was handed on as" if (link.noun, link.subject_id) == here else "came from"
