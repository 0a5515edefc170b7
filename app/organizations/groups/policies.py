"""Who sees teams and workspaces, and who says who is in them."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, false, or_, select

from app.kernel.access import ADMINS, COLLEAGUES, STAFF, Role, grant, permissions, rule
from app.kernel.database import db
from app.kernel.words import lazy
from app.organizations.models import Access, Member, Standing, Team, TeamMember, TeamRole, Workspace, WorkspaceMember


class T(StrEnum):
    #: Teams one is in.
    VIEW = "team:view"
    #: All of them.
    VIEW_ALL = "team:view_all"
    #: Says who is in a team; a team's managers do without it.
    MANAGE = "team:manage"
    #: Makes, renames and deletes teams.
    EDIT = "team:edit"


class W(StrEnum):
    #: Workspaces one is in.
    VIEW = "workspace:view"
    #: Those that are open to all, too.
    VIEW_PUBLIC = "workspace:view_public"
    #: Private ones, too.
    EVERY = "workspace:every"
    CREATE = "workspace:create"
    #: One's own and those whose admin one is.
    EDIT = "workspace:edit"


permissions(
    T,
    lazy("Teams"),
    VIEW=lazy("see the teams they are in"),
    VIEW_ALL=lazy("see all teams"),
    MANAGE=lazy("say who is in the teams they manage"),
    EDIT=lazy("make, change and delete teams"),
)
permissions(
    W,
    lazy("Workspaces"),
    VIEW=lazy("see the workspaces they are in"),
    VIEW_PUBLIC=lazy("see public workspaces and what is in them"),
    EVERY=lazy("see and change every workspace"),
    CREATE=lazy("make workspaces"),
    EDIT=lazy("change the workspaces whose admin they are"),
)

grant(T.VIEW, *COLLEAGUES)
grant(T.VIEW_ALL, *STAFF, Role.VIEWER)
grant(T.MANAGE, *STAFF)
grant(T.EDIT, *ADMINS, Role.MANAGER)
grant(W.VIEW, *COLLEAGUES)
grant(W.VIEW_PUBLIC, *STAFF, Role.VIEWER)
grant(W.EVERY, *ADMINS)
grant(W.CREATE, *ADMINS, Role.MANAGER, Role.MEMBER)
grant(W.EDIT, *STAFF)


def teams_visible_to(member: Member) -> ColumnElement[bool]:
    return Team.deleted_at.is_(None) & teams_known_to(member)


def teams_known_to(member: Member) -> ColumnElement[bool]:
    """The same, deleted ones too."""
    if member.may(T.VIEW_ALL):
        return Team.id.is_not(None)
    if not member.may(T.VIEW):
        return false()
    return Team.id.in_(select(TeamMember.team_id).where(TeamMember.member_id == member.id))


@rule(T.MANAGE)
def may_manage(member: Member, team: Team) -> bool:
    """Its managers, and who shapes teams anyway. One statement at most."""
    if member.may(T.EDIT):
        return True
    if not member.may(T.MANAGE):
        return False
    manages = select(TeamMember.id).where(
        TeamMember.team_id == team.id, TeamMember.member_id == member.id, TeamMember.role == TeamRole.MANAGER
    )
    return db.session.scalar(manages) is not None


def workspaces_visible_to(member: Member) -> ColumnElement[bool]:
    return Workspace.deleted_at.is_(None) & workspaces_known_to(member)


def workspaces_known_to(member: Member) -> ColumnElement[bool]:
    """The same, deleted ones too. What is personal only its owner sees."""
    if not member.may(W.VIEW):
        return false()
    mine = select(WorkspaceMember.workspace_id).where(WorkspaceMember.member_id == member.id)
    if member.may(W.EVERY):
        return or_(Workspace.access != Access.PERSONAL, Workspace.owner_id == member.id)
    if member.may(W.VIEW_PUBLIC):
        return or_(Workspace.access == Access.PUBLIC, Workspace.id.in_(mine))
    return Workspace.id.in_(mine)


@rule(W.EDIT)
def may_edit_workspace(member: Member, workspace: Workspace) -> bool:
    """Its owner, its admins, and who shapes every workspace. One statement at most."""
    if workspace.access is Access.PERSONAL:
        return workspace.owner_id == member.id
    if member.may(W.EVERY):
        return True
    if not member.may(W.EDIT):
        return False
    shapes = select(WorkspaceMember.id).where(
        WorkspaceMember.workspace_id == workspace.id,
        WorkspaceMember.member_id == member.id,
        WorkspaceMember.role == Standing.ADMIN,
    )
    return db.session.scalar(shapes) is not None
