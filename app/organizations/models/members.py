"""The people in a tenant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, mapped_column, object_session

from app.kernel.access import COLLEAGUES, Role, granted_to
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.kernel.words import lazy
from app.organizations.models.faces import initials
from app.organizations.models.roles import PermissionGrant, RolePermission


class Kind(StrEnum):
    PERSON = "person"
    CUSTOMER = "customer"
    BOT = "bot"


class Availability(StrEnum):
    AVAILABLE = "available"
    AWAY = "away"
    ON_LEAVE = "on_leave"

    @property
    def label(self) -> object:
        return _AVAILABILITIES[self]


_AVAILABILITIES = {
    Availability.AVAILABLE: lazy("Available"),
    Availability.AWAY: lazy("Away"),
    Availability.ON_LEAVE: lazy("On leave"),
}


class Level(StrEnum):
    LEARNING = "learning"
    ABLE = "able"
    EXPERT = "expert"

    @property
    def label(self) -> object:
        return _LEVELS[self]


_LEVELS = {Level.LEARNING: lazy("Learning"), Level.ABLE: lazy("Able"), Level.EXPERT: lazy("Expert")}


class Member(Tenanted, Model):
    """An actor in one organization. Every author, assignee and actor is a member, whether or not it ever signs in."""

    __tablename__ = "members"
    __table_args__ = (
        *belongs_to("roles", "custom_role_id"),
        UniqueConstraint("organization_id", "user_id"),
        Index("ix_members_user_id", "user_id"),
        Index("ix_members_name", "organization_id", "name"),
        Index("ix_members_email", "organization_id", "email"),
        CheckConstraint("most_tickets > 0", name="most_tickets"),
    )
    __history__ = ("name", "role", "custom_role_id", "left_at", "availability", "away_until", "most_tickets")

    kind: Mapped[Kind] = mapped_column(default=Kind.PERSON)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(120))
    #: Where mail reaches them; for people it follows their sign-in.
    email: Mapped[str | None] = mapped_column(String(254))
    #: The built-in role; of who has a role of the organization's own, that one's base.
    role: Mapped[Role]
    custom_role_id: Mapped[int | None]
    #: Until when they hold a permission beside their role at the latest; past or None: none, so nobody looks.
    granted_until: Mapped[datetime | None]
    hue: Mapped[int] = mapped_column(default=6)
    #: What they do here, and the name of their picture's file: they follow the account of whoever signs in.
    job_title: Mapped[str | None] = mapped_column(String(80))
    avatar: Mapped[str | None] = mapped_column(String(32))
    availability: Mapped[Availability] = mapped_column(default=Availability.AVAILABLE)
    #: The day they are back, if they said so.
    away_until: Mapped[date | None]
    #: Tickets they take at once; None: any number.
    most_tickets: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    last_seen_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    #: When they put the first steps at home away.
    steps_hidden_at: Mapped[datetime | None]
    #: When all that says who they were was taken away.
    anonymised_at: Mapped[datetime | None]

    def look_like(self, user: Any) -> None:
        """Take over what an account shows of a person, as whoever joins does; later changes follow by themselves."""
        self.name, self.job_title, self.avatar = user.name, user.job_title, user.avatar

    def may(self, permission: str) -> bool:
        """Whether role or a grant that has not ended holds a permission. Rules that look at an object are asked
        through `access.may`.
        """
        of_role, granted = _holdings(self)
        wanted = str(permission)
        if (limits := self.__dict__.get("_limits")) is not None and wanted not in limits:
            return False
        return wanted in of_role or ((until := granted.get(wanted)) is not None and until > now())

    @property
    def permissions(self) -> frozenset[str]:
        """All that they hold now."""
        of_role, granted = _holdings(self)
        at, limits = now(), self.__dict__.get("_limits")
        found = of_role | {permission for permission, until in granted.items() if until > at}
        return found if limits is None else found & limits

    def limit_to(self, permissions: Collection[str]) -> None:
        """In this request they may do nothing but this, whatever they hold: a program acts for them, by an API key."""
        self.__dict__["_limits"] = frozenset(permissions)

    @property
    def lasting(self) -> frozenset[str]:
        """What their role allows: without what ends by itself."""
        return _holdings(self)[0]

    @property
    def has_grants(self) -> bool:
        """Whether something that they may do now ends by itself."""
        return self.granted_until is not None and self.granted_until > now()

    def hold(self, of_role: Iterable[str] | None, granted: Iterable[Mapping[str, Any]] | None) -> None:
        """What was found with them: the permissions of their own role, and what they were given for a time."""
        role = granted_to(self.role) if self.custom_role_id is None else frozenset(of_role or ())
        grants: dict[str, datetime] = {}
        for row in granted or ():
            until = row["until"] if isinstance(row["until"], datetime) else datetime.fromisoformat(row["until"])
            grants[row["permission"]] = max(until, grants.get(row["permission"], until))
        self.__dict__["_held"] = (self.role, self.custom_role_id, self.granted_until), role, grants

    @property
    def is_available(self) -> bool:
        return self.availability is Availability.AVAILABLE

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def is_colleague(self) -> bool:
        return self.role in COLLEAGUES and self.kind is not Kind.CUSTOMER


def _holdings(member: Member) -> tuple[frozenset[str], Mapping[str, datetime]]:
    """Permissions of the role, and those granted with their ends.

    Most members have a built-in role and no grant: nothing is asked for them. Of the others all that this session
    knows are looked up together, so that a list of them costs two statements.
    """
    state = (member.role, member.custom_role_id, member.granted_until)
    held = member.__dict__.get("_held")
    if held is not None and held[0] == state:
        return held[1], held[2]
    if member.custom_role_id is None and not member.has_grants:
        member.hold(None, None)
    else:
        _look_up(member)
    held = member.__dict__["_held"]
    return held[1], held[2]


def _look_up(member: Member) -> None:
    session = object_session(member)
    if session is None:
        member.hold(None, None)
        return
    known = {member} | {
        row
        for row in session
        if isinstance(row, Member)
        and (row.custom_role_id is not None or row.has_grants)
        and "_held" not in row.__dict__
    }
    with session.no_autoflush:
        of_roles: dict[int, set[str]] = {}
        roles = {row.custom_role_id for row in known if row.custom_role_id is not None}
        if roles:
            kept = select(RolePermission.role_id, RolePermission.permission).where(RolePermission.role_id.in_(roles))
            for role_id, permission in session.execute(kept):
                of_roles.setdefault(role_id, set()).add(permission)
        given: dict[int, list[dict[str, Any]]] = {}
        holders = {row.id for row in known if row.has_grants}
        if holders:
            live = select(PermissionGrant.member_id, PermissionGrant.permission, PermissionGrant.expires_at).where(
                PermissionGrant.member_id.in_(holders),
                PermissionGrant.ended_at.is_(None),
                PermissionGrant.expires_at > now(),
            )
            for member_id, permission, until in session.execute(live):
                given.setdefault(member_id, []).append({"permission": permission, "until": until})
    for row in known:
        row.hold(of_roles.get(row.custom_role_id or 0), given.get(row.id))


@event.listens_for(Member, "refresh")
@event.listens_for(Member, "expire")
def _forget(member: Member | None, *_: Any) -> None:
    """What was held counts no more once the row is read again. None: the row is not in memory any more."""
    if member is not None:
        member.__dict__.pop("_held", None)


class MemberSkill(Tenanted, Model):
    """Something that a member can do, and how well."""

    __tablename__ = "member_skills"
    __table_args__ = (
        *belongs_to("members", "member_id", ondelete="CASCADE", index=False),
        UniqueConstraint("organization_id", "member_id", "name"),
        Index("ix_member_skills_name", "organization_id", "name"),
    )

    member_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    level: Mapped[Level] = mapped_column(default=Level.ABLE)


class MemberCertification(Tenanted, Model):
    """A paper that says what a member may do, until it runs out."""

    __tablename__ = "member_certifications"
    __table_args__ = (
        *belongs_to("members", "member_id", ondelete="CASCADE", index=False),
        UniqueConstraint("organization_id", "member_id", "name"),
    )

    member_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    expires_on: Mapped[date | None]
