"""Teams and workspaces that people join by an invitation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app.kernel.access import may
from app.kernel.database import db
from app.kernel.words import lazy
from app.organizations.groups.commands.teams import put_in_team
from app.organizations.groups.commands.workspaces import put_in_workspace
from app.organizations.groups.policies import T, W
from app.organizations.groups.queries import teams_of, workspaces_of
from app.organizations.joins import Place
from app.organizations.models import (
    Access,
    InvitationTeam,
    InvitationWorkspace,
    Member,
    Standing,
    Team,
    TeamMember,
    Workspace,
    WorkspaceMember,
)


def _teams_offered(member: Member) -> Sequence[Team]:
    if member.may(T.EDIT):
        return teams_of(member)
    return [team for team in teams_of(member) if may(member, T.MANAGE, team)]


def _keep_teams(invitations: Sequence[int], ids: Sequence[int], _standing: Standing) -> None:
    db.session.add_all(InvitationTeam(invitation_id=one, team_id=team_id) for one in invitations for team_id in ids)


def _teams_named(invitations: Sequence[int]) -> dict[int, list[str]]:
    return _named(InvitationTeam, Team, InvitationTeam.team_id, invitations)


def _join_teams(invitation: Any, member: Member, inviter: Member) -> bool:
    mine = select(TeamMember.team_id).where(TeamMember.member_id == member.id)
    wanted = select(Team).join(InvitationTeam, _to(InvitationTeam, InvitationTeam.team_id, Team))
    new = wanted.where(InvitationTeam.invitation_id == invitation.id, Team.id.not_in(mine), Team.deleted_at.is_(None))
    teams = [team for team in db.session.scalars(new.order_by(Team.id)) if may(inviter, T.MANAGE, team)]
    for team in teams:
        put_in_team(team, [member], by=inviter)
    return bool(teams)


def _workspaces_offered(member: Member) -> Sequence[Workspace]:
    offered = [one for one in workspaces_of(member) if one.access is not Access.PERSONAL and not one.archived_at]
    return offered if member.may(W.EVERY) else [one for one in offered if may(member, W.EDIT, one)]


def _keep_workspaces(invitations: Sequence[int], ids: Sequence[int], standing: Standing) -> None:
    db.session.add_all(
        InvitationWorkspace(invitation_id=one, workspace_id=workspace_id, role=standing)
        for one in invitations
        for workspace_id in ids
    )


def _workspaces_named(invitations: Sequence[int]) -> dict[int, list[str]]:
    return _named(InvitationWorkspace, Workspace, InvitationWorkspace.workspace_id, invitations)


def _join_workspaces(invitation: Any, member: Member, inviter: Member) -> bool:
    mine = select(WorkspaceMember.workspace_id).where(WorkspaceMember.member_id == member.id)
    held = _to(InvitationWorkspace, InvitationWorkspace.workspace_id, Workspace)
    wanted = select(Workspace, InvitationWorkspace.role).join(InvitationWorkspace, held)
    new = wanted.where(
        InvitationWorkspace.invitation_id == invitation.id, Workspace.id.not_in(mine), Workspace.deleted_at.is_(None)
    )
    rows = [row for row in db.session.execute(new.order_by(Workspace.id)) if may(inviter, W.EDIT, row[0])]
    for workspace, role in rows:
        put_in_workspace(workspace, [member], role=role, by=inviter)
    return bool(rows)


def _named(rows: Any, model: Any, column: Any, invitations: Sequence[int]) -> dict[int, list[str]]:
    wanted = select(rows.invitation_id, model.name).join(model, _to(rows, column, model))
    wanted = wanted.where(rows.invitation_id.in_(invitations), model.deleted_at.is_(None))
    found: dict[int, list[str]] = {}
    for invitation_id, name in db.session.execute(wanted.order_by(func.lower(model.name), model.id)):
        found.setdefault(invitation_id, []).append(name)
    return found


def _to(rows: Any, column: Any, model: Any) -> Any:
    return (rows.organization_id == model.organization_id) & (column == model.id)


teams = Place(lazy("Teams"), "users", _teams_offered, _keep_teams, _teams_named, _join_teams)
workspaces = Place(
    lazy("Workspaces"), "layers", _workspaces_offered, _keep_workspaces, _workspaces_named, _join_workspaces
)
