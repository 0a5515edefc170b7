"""Finding roles and what is granted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import CustomRole, Kind, Member, PermissionGrant, RolePermission
from app.organizations.policies import roles_visible_to


def list_roles() -> Sequence[CustomRole]:
    """The organization's own roles by name. One statement."""
    return db.session.scalars(select(CustomRole).order_by(func.lower(CustomRole.name), CustomRole.id)).all()


def own_roles(ids: Collection[int | None]) -> dict[int, CustomRole]:
    """Roles by their ids. One statement, none for none."""
    wanted = {number for number in ids if number is not None}
    if not wanted:
        return {}
    return {role.id: role for role in db.session.scalars(select(CustomRole).where(CustomRole.id.in_(wanted)))}


def role_by_id(member: Member, role_id: int) -> CustomRole:
    """Raises NotFound."""
    found = db.session.scalar(select(CustomRole).where(roles_visible_to(member), CustomRole.id == role_id))
    if found is None:
        raise NotFound
    return found


def permissions_of(role_id: int) -> frozenset[str]:
    """What a role of the organization's own allows."""
    kept = select(RolePermission.permission).where(RolePermission.role_id == role_id)
    return frozenset(db.session.scalars(kept))


def permissions_of_all() -> dict[int, frozenset[str]]:
    """The same of every role."""
    found: dict[int, set[str]] = {}
    for role_id, permission in db.session.execute(select(RolePermission.role_id, RolePermission.permission)):
        found.setdefault(role_id, set()).add(permission)
    return {role_id: frozenset(held) for role_id, held in found.items()}


def count_by_role() -> dict[int | str, int]:
    """How many people have each role: by the id of an own one, by the name of a built-in one. One statement."""
    rows = db.session.execute(
        select(Member.custom_role_id, Member.role, func.count())
        .where(Member.kind == Kind.PERSON, Member.left_at.is_(None))
        .group_by(Member.custom_role_id, Member.role)
    )
    found: dict[int | str, int] = {}
    for own, role, count in rows:
        key = own if own is not None else role.value
        found[key] = found.get(key, 0) + count
    return found


def members_with(role_ids: Collection[int]) -> Sequence[Member]:
    """Who has one of these roles."""
    return db.session.scalars(select(Member).where(Member.custom_role_id.in_(role_ids)).order_by(Member.id)).all()


def grants_of(member: Member) -> Sequence[tuple[PermissionGrant, str]]:
    """What a member was given, live first, then of the last 50 that ended; with who gave it. One statement."""
    live = PermissionGrant.ended_at.is_(None) & (PermissionGrant.expires_at > now())
    rows = db.session.execute(
        select(PermissionGrant, Member.name)
        .join(
            Member,
            (Member.organization_id == PermissionGrant.organization_id) & (Member.id == PermissionGrant.granted_by_id),
        )
        .where(PermissionGrant.member_id == member.id)
        .order_by(live.desc(), PermissionGrant.expires_at.desc(), PermissionGrant.id.desc())
        .limit(50)
    )
    return [(grant, name) for grant, name in rows]


def grant_by_id(member_id: int, grant_id: int) -> PermissionGrant:
    """Raises NotFound."""
    found = db.session.scalar(
        select(PermissionGrant).where(PermissionGrant.member_id == member_id, PermissionGrant.id == grant_id)
    )
    if found is None:
        raise NotFound
    return found
