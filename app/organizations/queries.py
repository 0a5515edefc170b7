"""Finding organizations and members."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, tuple_, update

from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.doors import Door
from app.kernel.errors import NotFound
from app.kernel.tenancy import enter
from app.organizations.models import Invitation, Kind, Member, Organization
from app.organizations.policies import invitations_visible_to, members_visible_to

#: Seconds for which a process remembers where a slug leads. Slugs hardly ever move.
_REMEMBERED = 60
_slugs: dict[str, tuple[int, float]] = {}
#: A member's last sight is written at most this often.
_PRECISION = timedelta(minutes=5)


def organization_id_of(slug: str) -> int | None:
    """Where a slug leads, from memory or by one statement."""
    found, until = _slugs.get(slug, (None, 0.0))
    if found is not None and until > time.monotonic():
        return found
    found = db.session.scalar(select(Door.organization_id).where(Door.kind == "organization", Door.key == slug))
    if found is not None:
        if len(_slugs) > 10_000:
            _slugs.clear()
        _slugs[slug] = (found, time.monotonic() + _REMEMBERED)
    return found


def come_in(slug: str, user: Any) -> tuple[Organization, Member]:
    """Enter an organization as one of its members. Raises NotFound for a stranger, as for a slug nobody has."""
    organization_id = organization_id_of(slug)
    if organization_id is None:
        raise NotFound
    enter(organization_id, user_id=user.id)
    row = db.session.execute(_COMING_IN, {"organization": organization_id, "user": user.id}).first()
    if row is None:
        enter(None, user_id=user.id)
        raise NotFound
    organization, member = row[0], row[1]
    _see(member)
    return organization, member


#: Every request asks it, so it is put together once.
_COMING_IN = (
    select(Organization, Member)
    .join(Member, Member.organization_id == Organization.id)
    .where(Organization.id == bindparam("organization"), Member.user_id == bindparam("user"), Member.left_at.is_(None))
)


def _see(member: Member) -> None:
    """Note that somebody is here. By statement: it is no change that a history tells of."""
    at = now()
    if member.last_seen_at is None or at - member.last_seen_at > _PRECISION:
        seen = update(Member).where(Member.organization_id == member.organization_id, Member.id == member.id)
        db.session.execute(
            seen.values(last_seen_at=at, updated_at=Member.updated_at), execution_options={"synchronize_session": False}
        )


def organizations_of(user_id: int) -> Sequence[tuple[Organization, Member]]:
    """Every organization a person belongs to, by name. For use outside of any: `enter(None, user_id=…)`."""
    rows = db.session.execute(
        select(Organization, Member)
        .join(Member, Member.organization_id == Organization.id)
        .where(Member.user_id == user_id, Member.left_at.is_(None))
        .order_by(Organization.name)
    )
    return [(organization, member) for organization, member in rows]


def works_somewhere(user_id: int) -> bool:
    """Whether a person is a colleague in any organization. For use outside of any: `enter(None, user_id=…)`."""
    theirs = select(Member.id).where(
        Member.user_id == user_id, Member.left_at.is_(None), Member.kind != Kind.CUSTOMER, Member.role != Role.CUSTOMER
    )
    return db.session.scalar(theirs.limit(1)) is not None


def switchable() -> Sequence[Any]:
    """Every organization of the signed-in user as (id, slug, name), by name, from inside of any. One statement."""
    mine = func.my_organizations().table_valued("id", "slug", "name")
    return db.session.execute(select(mine.c.id, mine.c.slug, mine.c.name).order_by(mine.c.name, mine.c.id)).all()


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


def list_invitations(matching: Any) -> Sequence[tuple[Invitation, str]]:
    """Invitations with the names of who made them, newest first, of the last 90 days. One statement."""
    recent = Invitation.created_at > now() - timedelta(days=90)
    rows = db.session.execute(
        select(Invitation, Member.name)
        .join(Member, (Member.organization_id == Invitation.organization_id) & (Member.id == Invitation.invited_by_id))
        .where(matching, recent)
        .order_by(Invitation.id.desc())
        .limit(200)
    )
    return [(invitation, name) for invitation, name in rows]


def open_invitations(*, by: Sequence[int]) -> Sequence[Invitation]:
    """Invitations that these members made and that still let somebody in."""
    return db.session.scalars(
        select(Invitation).where(
            Invitation.invited_by_id.in_(by),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now(),
            Invitation.uses < Invitation.max_uses,
        )
    ).all()


def home_of(slug: str) -> str:
    """Where an organization begins. The page itself belongs to a room above this one."""
    return f"/{slug}/"


def here(member: Member) -> Organization:
    """The organization that a member is inside of."""
    return db.session.get_one(Organization, member.organization_id)


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


def invitation_by_id(member: Member, invitation_id: int) -> Invitation:
    """Raises NotFound."""
    found = db.session.scalar(select(Invitation).where(invitations_visible_to(member), Invitation.id == invitation_id))
    if found is None:
        raise NotFound
    return found


def invitation_behind(invitation_id: int | None) -> tuple[Invitation, str, Organization]:
    """What stands behind a door, who made it, and where it leads. Raises NotFound when it is over."""
    row = db.session.execute(
        select(Invitation, Member.name, Organization)
        .join(Member, (Member.organization_id == Invitation.organization_id) & (Member.id == Invitation.invited_by_id))
        .join(Organization, Organization.id == Invitation.organization_id)
        .where(Invitation.id == invitation_id, Invitation.revoked_at.is_(None), Invitation.expires_at > now())
    ).first()
    if row is None:
        raise NotFound("This invitation is not open any more. Ask whoever sent it for a new one.")
    return row[0], row[1], row[2]


def lock_organization() -> None:
    """Make who joins, leaves or changes roles wait for one another."""
    db.session.flush()
    db.session.execute(select(Organization.id).where(Organization.id == current_organization_id()).with_for_update())
