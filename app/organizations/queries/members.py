"""Finding members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select, true, tuple_

from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import (
    Availability,
    Kind,
    Member,
    MemberCertification,
    MemberSkill,
    Team,
    TeamMember,
)
from app.organizations.policies import members_visible_to


def colleagues() -> Sequence[Member]:
    """Everybody who can be mentioned or assigned: no customers, nobody who left. By name."""
    return db.session.scalars(
        select(Member).where(Member.kind != Kind.CUSTOMER, Member.left_at.is_(None)).order_by(Member.name)
    ).all()


#: Members a page shows; the next page begins after the last name.
MEMBERS_A_PAGE = 50


#: Days without a visit, as the list can be narrowed to.
SEEN = {"never": None, "7": 7, "30": 30, "90": 90}


@dataclass(frozen=True)
class Sieve:
    """What a list of members is narrowed to. Empty: everybody."""

    q: str = ""
    role: str = ""
    team: int = 0
    availability: str = ""
    seen: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Sieve:
        """From an address; what nobody offers is left out."""
        role, team, seen = asked.get("role", ""), asked.get("team", ""), asked.get("seen", "")
        own = role.removeprefix("own-")
        known = role in {one.value for one in Role} or (role != own and _is_number(own))
        availability = asked.get("availability", "")
        return cls(
            q=" ".join(asked.get("q", "").replace("\0", "").split())[:100],
            role=role if known else "",
            team=int(team) if _is_number(team) else 0,
            availability=availability if availability in {one.value for one in Availability} else "",
            seen=seen if seen in SEEN else "",
        )

    def __bool__(self) -> bool:
        return any(self.query.values())

    @property
    def query(self) -> dict[str, str]:
        """The same as parts of an address, without what is empty."""
        return {name: str(value) for name, value in asdict(self).items() if value}

    def clause(self) -> ColumnElement[bool]:
        asked: list[ColumnElement[bool]] = []
        if self.q:
            asked.append(
                or_(Member.name.icontains(self.q, autoescape=True), Member.email.icontains(self.q, autoescape=True))
            )
        if self.role.startswith("own-"):
            asked.append(Member.custom_role_id == int(self.role.removeprefix("own-")))
        elif self.role:
            asked.append((Member.role == Role(self.role)) & Member.custom_role_id.is_(None))
        if self.team:
            asked.append(Member.id.in_(select(TeamMember.member_id).where(TeamMember.team_id == self.team)))
        if self.availability:
            asked.append(Member.availability == Availability(self.availability))
        if self.seen:
            days = SEEN[self.seen]
            never = Member.last_seen_at.is_(None)
            asked.append(never if days is None else or_(never, Member.last_seen_at < now() - timedelta(days=days)))
        return and_(true(), *asked)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def teams_to_choose() -> Sequence[tuple[int, str]]:
    """Teams by name, for a field. One statement."""
    rows = select(Team.id, Team.name).where(Team.deleted_at.is_(None)).order_by(func.lower(Team.name)).limit(200)
    return [(number, name) for number, name in db.session.execute(rows)]


def list_members(matching: Any, *, after: tuple[str, int] | None = None) -> Sequence[Member]:
    """A page of members by name, and one more when there are more. One statement."""
    members = select(Member).where(matching)
    if after is not None:
        members = members.where(tuple_(func.lower(Member.name), Member.id) > after)
    return db.session.scalars(members.order_by(func.lower(Member.name), Member.id).limit(MEMBERS_A_PAGE + 1)).all()


def count_members(matching: ColumnElement[bool] | None = None) -> int:
    """Seats: people who are here, customers not counted; those of them that match."""
    here = select(func.count()).where(Member.kind == Kind.PERSON, Member.left_at.is_(None))
    return db.session.scalar(here if matching is None else here.where(matching)) or 0


def skills_of(member: Member) -> Sequence[MemberSkill]:
    return db.session.scalars(
        select(MemberSkill).where(MemberSkill.member_id == member.id).order_by(func.lower(MemberSkill.name))
    ).all()


def certifications_of(member: Member) -> Sequence[MemberCertification]:
    """Those that run out first, first."""
    ends = MemberCertification.expires_on.asc().nulls_last()
    return db.session.scalars(
        select(MemberCertification)
        .where(MemberCertification.member_id == member.id)
        .order_by(ends, func.lower(MemberCertification.name))
    ).all()


_Part = TypeVar("_Part", MemberSkill, MemberCertification)


def part_of(member: Member, model: type[_Part], number: int) -> _Part:
    """A skill or a certification of a member's. Raises NotFound."""
    found = db.session.scalar(select(model).where(model.member_id == member.id, model.id == number))
    if found is None:
        raise NotFound
    return found


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
