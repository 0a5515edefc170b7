"""Who shapes an organization, who lets people in, and which role who may give."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ColumnElement, false, or_, select, true

from app.kernel.access import ADMINS, COLLEAGUES, Role, everybodys, grant, granted_to, permissions, rule
from app.kernel.clock import now
from app.kernel.words import lazy
from app.organizations.models import CustomRole, Kind, Member, Organization, PermissionGrant, RolePermission


class P(StrEnum):
    #: Its name and its pictures.
    SEE = "organization:see"
    EDIT = "organization:edit"
    #: How colleagues sign in.
    SIGN_IN = "organization:sign-in"
    LEAVE = "organization:leave"
    TRANSFER = "organization:transfer"
    DELETE = "organization:delete"
    VIEW_MEMBERS = "member:view"
    EDIT_MEMBERS = "member:edit"
    VIEW_FACES = "member:face"
    INVITE = "member:invite"
    #: Availability, skills and papers: one's own; with EDIT_MEMBERS those of everybody below oneself.
    DESCRIBE = "member:describe"
    EDIT_ROLES = "role:edit"
    #: Own API keys; with ALL_KEYS those of everybody, too.
    USE_KEYS = "key:use"
    ALL_KEYS = "key:all"
    #: Single permissions, for a time: of those that one's own role has.
    GRANT = "permission:grant"


permissions(
    P,
    lazy("Organization and members"),
    SEE=lazy("see what the organization is called and looks like"),
    EDIT=lazy("change the settings of the organization"),
    SIGN_IN=lazy("say how members sign in"),
    LEAVE=lazy("leave the organization"),
    TRANSFER=lazy("make other owners"),
    DELETE=lazy("delete the organization"),
    VIEW_MEMBERS=lazy("see who is here"),
    VIEW_FACES=lazy("see the pictures of people"),
    EDIT_MEMBERS=lazy("give roles to members, and remove them"),
    INVITE=lazy("invite people"),
    DESCRIBE=lazy("say when they are there and what they can do"),
    EDIT_ROLES=lazy("make and change roles"),
    GRANT=lazy("give single permissions for a time"),
    USE_KEYS=lazy("let programs act in one's name, by API keys"),
    ALL_KEYS=lazy("see and revoke everybody's API keys"),
)

grant(P.SEE, *Role)
grant(P.EDIT, *ADMINS)
grant(P.SIGN_IN, *ADMINS)
grant(P.LEAVE, *COLLEAGUES)
grant(P.TRANSFER, Role.OWNER)
grant(P.DELETE, Role.OWNER)
grant(P.VIEW_MEMBERS, *COLLEAGUES)
grant(P.EDIT_MEMBERS, *ADMINS)
grant(P.VIEW_FACES, *Role)
grant(P.INVITE, *ADMINS)
grant(P.DESCRIBE, *COLLEAGUES)
grant(P.USE_KEYS, *COLLEAGUES)
grant(P.ALL_KEYS, *ADMINS)
grant(P.EDIT_ROLES, *ADMINS)
grant(P.GRANT, *ADMINS)

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

#: What a role is called, and what it is for, as the forms say it.
NAMES = {
    Role.OWNER: lazy("Owner"),
    Role.ADMIN: lazy("Admin"),
    Role.MANAGER: lazy("Manager"),
    Role.MEMBER: lazy("Member"),
    Role.AGENT: lazy("Agent"),
    Role.ANALYST: lazy("Analyst"),
    Role.ANNOTATOR: lazy("Annotator"),
    Role.REVIEWER: lazy("Reviewer"),
    Role.TECHNICIAN: lazy("Technician"),
    Role.VIEWER: lazy("Viewer"),
    Role.GUEST: lazy("Guest"),
    Role.CUSTOMER: lazy("Customer"),
}
MEANS = {
    Role.OWNER: lazy("does everything, also makes other owners"),
    Role.ADMIN: lazy("settings, members, every project"),
    Role.MANAGER: lazy("makes projects and shapes them"),
    Role.MEMBER: lazy("works on issues in their projects"),
    Role.AGENT: lazy("answers tickets"),
    Role.ANALYST: lazy("builds dashboards"),
    Role.ANNOTATOR: lazy("labels data"),
    Role.REVIEWER: lazy("checks labelled data"),
    Role.TECHNICIAN: lazy("works on orders in the field"),
    Role.VIEWER: lazy("reads, changes nothing"),
    Role.GUEST: lazy("reads what is shared with them"),
}
#: What roles of an organization's own can be built on.
BASES = tuple(role for role in GIVEN if role is not Role.OWNER)


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


def is_above(member: Member, role: Role) -> bool:
    """Whether a role stands above a member's own."""
    return _HEIGHT.get(role, 0) > _HEIGHT.get(member.role, 0)


def may_give(member: Member, role: Role) -> bool:
    """Nobody gives a role above their own, so only owners make owners; nor one that allows what their own does not.

    What they hold for a time does not count: else it would last for ever in the role that they gave away.
    """
    return role in GIVEN and not is_above(member, role) and granted_to(role) <= member.lasting


def may_give_own(member: Member, role: CustomRole, allowed: Collection[str]) -> bool:
    """The same of one of the organization's own roles."""
    return not is_above(member, role.base) and frozenset(allowed) <= member.lasting


def may_grant(member: Member, permission: str) -> bool:
    """Nobody gives a permission that their own role does not have."""
    return permission in offered_to(member)


def offered_to(member: Member) -> frozenset[str]:
    """The permissions that a member may put into a role or grant: those of their own role that not everybody has."""
    return (member.lasting & _of_colleagues()) - everybodys()


def _of_colleagues() -> frozenset[str]:
    """What any role of colleagues allows: customers' own permissions are no colleague's."""
    return frozenset().union(*(granted_to(role) for role in GIVEN))


def given_by(member: Member) -> list[Role]:
    """The roles that a member may give, from the most to the least."""
    return [role for role in GIVEN if may_give(member, role)]


@rule(P.EDIT_MEMBERS)
def may_edit_member(member: Member, other: Member) -> bool:
    """Nobody touches who stands above them: admins cannot demote or remove owners."""
    return member.may(P.EDIT_MEMBERS) and not is_above(member, other.role)


@rule(P.GRANT)
def may_grant_to(member: Member, other: Member) -> bool:
    """Colleagues who do not stand above; what they are given is asked by `may_grant`."""
    return member.may(P.GRANT) and other.is_colleague and not is_above(member, other.role)


@rule(P.DESCRIBE)
def may_describe(member: Member, other: Member) -> bool:
    """Everybody themselves, and who may edit them."""
    return (member.may(P.DESCRIBE) and member.id == other.id) or may_edit_member(member, other)


@rule(P.EDIT_ROLES)
def may_edit_role(member: Member, role: CustomRole) -> bool:
    """Nobody changes a role that stands above them."""
    return member.may(P.EDIT_ROLES) and not is_above(member, role.base)


def members_visible_to(member: Member) -> ColumnElement[bool]:
    """Colleagues see colleagues; customers see nobody but themselves."""
    if not member.may(P.VIEW_MEMBERS):
        return Member.id == member.id
    return (Member.kind == Kind.PERSON) & Member.left_at.is_(None)


def invitations_visible_to(member: Member) -> ColumnElement[bool]:
    return true() if member.may(P.INVITE) else false()


def organizations_visible_to(member: Member) -> ColumnElement[bool]:
    return Organization.id == member.organization_id


def roles_visible_to(member: Member) -> ColumnElement[bool]:
    """Colleagues see what their roles are called."""
    return true() if member.may(P.VIEW_MEMBERS) else false()
