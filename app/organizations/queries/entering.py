"""From an address to an organization and the member one is there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update

from app.accounts.confinement import confined_to
from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.doors import Door
from app.kernel.errors import Forbidden, NotFound
from app.kernel.tenancy import enter
from app.kernel.words import gettext as _
from app.organizations.models import GRACE, Kind, Member, Organization, PermissionGrant, RolePermission

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
    found = db.session.scalar(
        select(Door.organization_id).where(Door.kind == "organization", Door.key == slug, Door.revoked_at.is_(None))
    )
    if found is not None:
        if len(_slugs) > 10_000:
            _slugs.clear()
        _slugs[slug] = (found, time.monotonic() + _REMEMBERED)
    return found


def come_in(slug: str, user: Any) -> tuple[Organization, Member]:
    """Enter an organization as one of its members. Raises NotFound for a stranger, as for a slug nobody has.

    A browser that is confined to one organization learns of no other, not even whether it is there (Forbidden); and
    to the database it is nobody outside of its own.
    """
    organization_id, confined = organization_id_of(slug), confined_to(user)
    if confined is not None and confined != organization_id:
        raise Forbidden(
            _("You came in by another organization's provider, which opens that one alone. Sign in in another way.")
        )
    if organization_id is None:
        enter(None, user_id=user.id)
        _tell_if_deleted(slug, user)
        raise NotFound
    enter(organization_id, user_id=None if confined else user.id)
    asked = {"organization": organization_id, "user": user.id, "at": now()}
    row = db.session.execute(_COMING_IN, asked).first()
    if row is None:
        enter(None, user_id=None if confined else user.id)
        _tell_if_deleted(slug, user)
        raise NotFound
    organization, member = row[0], row[1]
    member.hold(row[2], row[3])
    _see(member)
    return organization, member


class Deleted(NotFound):
    """Said to who was a member: the organization has been deleted, and can still be had back."""


def _tell_if_deleted(slug: str, user: Any) -> None:
    """Strangers are told nothing: for them there is nothing here."""
    row = db.session.execute(
        select(Organization.name, Organization.deleted_at)
        .join(Member, Member.organization_id == Organization.id)
        .where(
            Organization.slug == slug,
            Organization.deleted_at.is_not(None),
            Member.user_id == user.id,
            Member.left_at.is_(None),
        )
    ).first()
    if row is not None:
        forget_address(slug)
        raise Deleted(
            _(
                "%(name)s was deleted. An owner can bring it back until %(day)s.",
                name=row.name,
                day=f"{row.deleted_at + GRACE:%Y-%m-%d}",
            )
        )


def forget_address(slug: str) -> None:
    """Look up anew where a slug leads."""
    _slugs.pop(slug, None)


_of_role = (
    select(func.jsonb_agg(RolePermission.permission))
    .where(
        RolePermission.organization_id == Member.organization_id,
        RolePermission.role_id == Member.custom_role_id,
    )
    .correlate(Member)
    .scalar_subquery()
)
_granted = (
    select(
        func.jsonb_agg(
            func.jsonb_build_object("permission", PermissionGrant.permission, "until", PermissionGrant.expires_at)
        )
    )
    .where(
        PermissionGrant.organization_id == Member.organization_id,
        PermissionGrant.member_id == Member.id,
        PermissionGrant.ended_at.is_(None),
        PermissionGrant.expires_at > bindparam("at"),
    )
    .correlate(Member)
    .scalar_subquery()
)
#: Every request asks it, so it is put together once: organization, member, and all that the member holds.
_COMING_IN = (
    select(Organization, Member, _of_role, _granted)
    .join(Member, Member.organization_id == Organization.id)
    .where(
        Organization.id == bindparam("organization"),
        Organization.deleted_at.is_(None),
        Member.user_id == bindparam("user"),
        Member.left_at.is_(None),
    )
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
        .where(Member.user_id == user_id, Member.left_at.is_(None), Organization.deleted_at.is_(None))
        .order_by(Organization.name)
    )
    return [(organization, member) for organization, member in rows]


def deleted_organizations_of(user_id: int) -> Sequence[tuple[Organization, Member]]:
    """Those that were deleted and can still be had back. For use outside of any: `enter(None, user_id=…)`."""
    rows = db.session.execute(
        select(Organization, Member)
        .join(Member, Member.organization_id == Organization.id)
        .where(Member.user_id == user_id, Member.left_at.is_(None), Organization.deleted_at > now() - GRACE)
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
    """Every organization of the signed-in user, by name, from inside of any, with their role there. One statement."""
    mine = func.my_organizations().table_valued("id", "slug", "name", "logo", "role")
    return db.session.execute(select(*mine.c).order_by(mine.c.name, mine.c.id)).all()


def home_of(slug: str) -> str:
    """Where an organization begins. The page itself belongs to a room above this one."""
    return f"/{slug}/"


def here(member: Member) -> Organization:
    """The organization that a member is inside of."""
    return db.session.get_one(Organization, member.organization_id)


def lock_organization() -> None:
    """Make who joins, leaves or changes roles wait for one another, and nobody else: rows may be added meanwhile."""
    db.session.flush()
    db.session.execute(
        select(Organization.id).where(Organization.id == current_organization_id()).with_for_update(key_share=True)
    )
