"""Who shapes an organization, who lets people in, and which role who may give."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, false, or_, select, true

from app.kernel.access import ADMINS, COLLEAGUES, Role, grant, granted_to, rule
from app.kernel.clock import now
from app.organizations.models import Kind, Member, Organization, PermissionGrant, RolePermission


class P(StrEnum):
    EDIT = "organization:edit"
    LEAVE = "organization:leave"
    VIEW_MEMBERS = "member:view"
    EDIT_MEMBERS = "member:edit"
    INVITE = "member:invite"


grant(P.EDIT, *ADMINS)
grant(P.LEAVE, *COLLEAGUES)
grant(P.VIEW_MEMBERS, *COLLEAGUES)
grant(P.EDIT_MEMBERS, *ADMINS)
grant(P.INVITE, *ADMINS)

#: Roles that colleagues can be given, from the most to the least. Customers come in by mail, not by a role.
GIVEN = (
    Role.OWNER,
    Role.ADMIN,
    Role.MANAGER,
    Role.MEMBER,
    Role.AGENT,
    Role.ANALYST,
    Role.ANNOTATOR,
    Role.REVIEWER,
    Role.TECHNICIAN,
    Role.VIEWER,
    Role.GUEST,
)
_HEIGHT = {Role.OWNER: 3, Role.ADMIN: 2, Role.MANAGER: 1}

#: What a role is for, as the forms say it.
MEANS = {
    Role.OWNER: "does everything, also makes other owners",
    Role.ADMIN: "settings, members, every project",
    Role.MANAGER: "makes projects and shapes them",
    Role.MEMBER: "works on issues in their projects",
    Role.AGENT: "answers tickets",
    Role.ANALYST: "builds dashboards",
    Role.ANNOTATOR: "labels data",
    Role.REVIEWER: "checks labelled data",
    Role.TECHNICIAN: "works on orders in the field",
    Role.VIEWER: "reads, changes nothing",
    Role.GUEST: "reads what is shared with them",
}


def holds(permission: str) -> ColumnElement[bool]:
    """Whether a member holds a permission now, in SQL: by their role, by one of the organization's own, or for a time.

    Where a rule looks at the object, `access.may` still decides.
    """
    name = str(permission)
    built_in = [role for role in Role if name in granted_to(role)]
    own = select(RolePermission.role_id).where(RolePermission.permission == name)
    given = select(PermissionGrant.member_id).where(
        PermissionGrant.permission == name, PermissionGrant.ended_at.is_(None), PermissionGrant.expires_at > now()
    )
    by_role = Member.custom_role_id.is_(None) & Member.role.in_(built_in)
    return or_(by_role, Member.custom_role_id.in_(own), Member.id.in_(given))


def may_give(member: Member, role: Role) -> bool:
    """Nobody gives a role above their own, so only owners make owners."""
    return role in GIVEN and _HEIGHT.get(role, 0) <= _HEIGHT.get(member.role, 0)


def given_by(member: Member) -> list[Role]:
    """The roles that a member may give, from the most to the least."""
    return [role for role in GIVEN if may_give(member, role)]


@rule(P.EDIT_MEMBERS)
def may_edit_member(member: Member, other: Member) -> bool:
    """Nobody touches who stands above them: admins cannot demote or remove owners."""
    return member.may(P.EDIT_MEMBERS) and may_give(member, other.role)


def members_visible_to(member: Member) -> ColumnElement[bool]:
    """Colleagues see colleagues; customers see nobody but themselves."""
    if not member.may(P.VIEW_MEMBERS):
        return Member.id == member.id
    return (Member.kind == Kind.PERSON) & Member.left_at.is_(None)


def invitations_visible_to(member: Member) -> ColumnElement[bool]:
    return true() if member.may(P.INVITE) else false()


def organizations_visible_to(member: Member) -> ColumnElement[bool]:
    return Organization.id == member.organization_id
