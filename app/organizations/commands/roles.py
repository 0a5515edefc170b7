"""Roles of an organization's own: sets of permissions with a name, and who has which role."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, insert, select

from app.kernel import live
from app.kernel.access import Role, everybodys
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Forbidden, Invalid, Refused
from app.kernel.ledger import change, record, record_created
from app.kernel.words import gettext as _
from app.organizations import events
from app.organizations.commands.standing import lock_members, need_an_owner, take_back_invitations
from app.organizations.models import CustomRole, Kind, Member, RolePermission
from app.organizations.policies import (
    BASES,
    is_above,
    may_edit_member,
    may_edit_role,
    may_give,
    may_give_own,
    offered_to,
)
from app.organizations.queries.roles import members_with, permissions_of

#: Roles that an organization can have of its own.
MOST = 100


def create_role(*, name: str, description: str, base: Role, permissions: Collection[str], by: Member) -> CustomRole:
    """Make a role. What everybody may is added to it.

    Raises Forbidden for a permission that one's own role does not have or a base above one's own, Invalid (at `name`)
    for a name that is taken.
    """
    lock_members()
    _check_base(base, by)
    if not frozenset(permissions) <= offered_to(by):
        raise Forbidden(_("A role can only allow what your own role allows you."))
    role = CustomRole(name=name, description=description, base=base)
    _check_name(role, name)
    db.session.add(role)
    db.session.flush()
    _put(role, frozenset(permissions) | everybodys())
    record_created(events.ROLE_CREATED, [role], by=by)
    return role


def edit_role(
    role: CustomRole, *, name: str, description: str, base: Role, permissions: Collection[str], by: Member
) -> None:
    """Change a role and so what everybody may who has it, at once.

    What it allowed already may stay, though one's own role does not have it. Raises as `create_role`.
    """
    lock_members()
    if not may_edit_role(by, role):
        raise Forbidden(_("This role stands above your own."))
    _check_base(base, by)
    before = permissions_of(role.id)
    # What the editor is not offered is not theirs to take away either: the form never showed it.
    after = frozenset(permissions) | (before - offered_to(by)) | everybodys()
    added, removed = sorted(after - before), sorted(before - after)
    if not frozenset(added) <= offered_to(by) | everybodys():
        raise Forbidden(_("A role can only allow what your own role allows you."))
    _check_name(role, name)
    bearers = members_with([role.id])
    with change(role, event=events.ROLE_EDITED, by=by, always=bool(added or removed), added=added, removed=removed):
        role.name, role.description, role.base = name, description, base
        if removed:
            _take(role, removed)
        _put(role, added)
    for member in bearers:
        member.role = base
    look_again(bearers)
    take_back_invitations(bearers, by=by)


def delete_role(role: CustomRole, *, into: Role | CustomRole, by: Member) -> None:
    """Delete a role; who has it gets another. Raises Forbidden, also when one could not give them that."""
    lock_members()
    if not may_edit_role(by, role):
        raise Forbidden(_("This role stands above your own."))
    if isinstance(into, CustomRole) and into.id == role.id:
        raise Refused(_("Choose another role for those who have this one."))
    bearers = members_with([role.id])
    if bearers:
        _give(bearers, into, by=by)
    record(events.ROLE_DELETED, [(role, {"name": [role.name, None]})], by=by, payload={"name": role.name})
    db.session.delete(role)
    db.session.flush()


def change_roles(members: Sequence[Member], role: Role | CustomRole, *, by: Member) -> None:
    """Give all the role. Invitations that they may give out no more are taken back.

    Raises Forbidden for a role above one's own or a member above oneself, LastOwner when no owner would be left.
    """
    lock_members()
    _give(members, role, by=by)


def _give(members: Sequence[Member], role: Role | CustomRole, *, by: Member) -> None:
    if isinstance(role, CustomRole):
        base, own = role.base, role.id
        permitted = may_give_own(by, role, permissions_of(role.id))
    else:
        base, own, permitted = role, None, may_give(by, role)
    if not permitted or not all(may_edit_member(by, member) for member in members):
        raise Forbidden(_("You cannot give a role above your own, nor change who stands above you."))
    if any(member.kind is Kind.CUSTOMER for member in members):
        raise Refused(_("Customers have no role here."))
    with change(*members, event=events.ROLE_CHANGED, by=by):
        for member in members:
            member.role, member.custom_role_id = base, own
        need_an_owner()
    look_again(members)
    take_back_invitations(members, by=by)


def _check_base(base: Role, by: Member) -> None:
    if base not in BASES or is_above(by, base):
        raise Forbidden(_("A role cannot stand above your own."))


def _check_name(role: CustomRole, name: str) -> None:
    others = db.session.execute(select(CustomRole.id, CustomRole.name)).all()
    taken = {other.casefold() for number, other in others if number != role.id}
    if name.casefold() in taken | {built_in.value for built_in in Role}:
        raise Invalid(_("There is a role of this name already."), "name")
    if role.id is None and len(others) >= MOST:
        raise Refused(_("An organization can have %(most)s roles of its own. Delete one first.", most=MOST))


def _put(role: CustomRole, permissions: Collection[str]) -> None:
    if permissions:
        organization_id = current_organization_id()
        rows = [
            {"organization_id": organization_id, "role_id": role.id, "permission": permission}
            for permission in sorted(permissions)
        ]
        db.session.execute(insert(RolePermission), rows)


def _take(role: CustomRole, permissions: Collection[str]) -> None:
    db.session.execute(
        delete(RolePermission).where(RolePermission.role_id == role.id, RolePermission.permission.in_(permissions))
    )


def look_again(members: Sequence[Member]) -> None:
    """What they hold is asked anew, in this process and in every browser that was let in a moment ago."""
    db.session.flush()
    for member in members:
        member.__dict__.pop("_held", None)
    live.touch("any-member")
