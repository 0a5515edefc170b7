"""Finding teams and workspaces, and who is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.groups.policies import (
    teams_known_to,
    teams_visible_to,
    workspaces_known_to,
    workspaces_visible_to,
)
from app.organizations.models import Member, Standing, Team, TeamMember, TeamRole, Workspace, WorkspaceMember


def team_by_id(member: Member, team_id: int) -> Team:
    """Raises NotFound for what `member` may not see. One statement."""
    return _one(select(Team).where(Team.id == team_id, teams_visible_to(member)))


def deleted_team(member: Member, team_id: int) -> Team:
    return _one(select(Team).where(Team.id == team_id, Team.deleted_at.is_not(None), teams_known_to(member)))


def teams_of(member: Member) -> Sequence[Team]:
    """The teams that a member sees, by name. One statement."""
    teams = select(Team).where(teams_visible_to(member))
    return db.session.scalars(teams.order_by(func.lower(Team.name), Team.id)).all()


def deleted_teams_of(member: Member) -> Sequence[Team]:
    teams = select(Team).where(Team.deleted_at.is_not(None), teams_known_to(member))
    return db.session.scalars(teams.order_by(Team.deleted_at.desc()).limit(50)).all()


def teams_by_ids(member: Member, ids: Sequence[int]) -> list[Team]:
    """Teams that `member` sees, by name. Raises NotFound when one is not there."""
    found = db.session.scalars(select(Team).where(teams_visible_to(member), Team.id.in_(ids)).order_by(Team.name)).all()
    if len(found) != len(set(ids)):
        raise NotFound
    return list(found)


def people_of_team(team: Team) -> list[tuple[Member, TeamRole]]:
    """Managers first, then by name; people who left the organization are not among them. One statement."""
    return _people(TeamMember, TeamMember.team_id == team.id, TeamMember.role != TeamRole.MANAGER)


def team_counts(teams: Sequence[Team]) -> dict[int, int]:
    """{team id: people in it}. One statement."""
    return _counts(TeamMember, TeamMember.team_id, [team.id for team in teams])


def managers_of(teams: Sequence[Team]) -> dict[int, list[Member]]:
    """{team id: who manages it, by name}. One statement."""
    found: defaultdict[int, list[Member]] = defaultdict(list)
    ids = [team.id for team in teams]
    managing = TeamMember.team_id.in_(ids), TeamMember.role == TeamRole.MANAGER
    rows = select(TeamMember.team_id, Member).join(Member, _same(TeamMember)).where(*managing, Member.left_at.is_(None))
    for team_id, member in db.session.execute(rows.order_by(func.lower(Member.name), Member.id)):
        found[team_id].append(member)
    return found


def teams_with(member: Member, *, seen_by: Member) -> list[tuple[Team, TeamRole]]:
    """The teams that a colleague is in, as somebody else sees them. One statement."""
    rows = db.session.execute(
        select(Team, TeamMember.role)
        .join(TeamMember, (TeamMember.organization_id == Team.organization_id) & (TeamMember.team_id == Team.id))
        .where(TeamMember.member_id == member.id, teams_visible_to(seen_by))
        .order_by(func.lower(Team.name), Team.id)
    )
    return [(team, role) for team, role in rows]


def workspace_by_id(member: Member, workspace_id: int) -> Workspace:
    """Raises NotFound for what `member` may not see. One statement."""
    return _one(select(Workspace).where(Workspace.id == workspace_id, workspaces_visible_to(member)))


def deleted_workspace(member: Member, workspace_id: int) -> Workspace:
    deleted = Workspace.deleted_at.is_not(None)
    return _one(select(Workspace).where(Workspace.id == workspace_id, deleted, workspaces_known_to(member)))


def workspaces_of(member: Member) -> Sequence[Workspace]:
    """The workspaces that a member sees, their own first, then by name; archived ones last. One statement."""
    order = Workspace.archived_at.is_not(None), Workspace.owner_id.is_(None), func.lower(Workspace.name), Workspace.id
    return db.session.scalars(select(Workspace).where(workspaces_visible_to(member)).order_by(*order)).all()


def deleted_workspaces_of(member: Member) -> Sequence[Workspace]:
    found = select(Workspace).where(Workspace.deleted_at.is_not(None), workspaces_known_to(member))
    return db.session.scalars(found.order_by(Workspace.deleted_at.desc()).limit(50)).all()


def workspaces_by_ids(member: Member, ids: Sequence[int]) -> list[Workspace]:
    """Workspaces that `member` sees, by name. Raises NotFound when one is not there."""
    wanted = select(Workspace).where(workspaces_visible_to(member), Workspace.id.in_(ids)).order_by(Workspace.name)
    found = db.session.scalars(wanted).all()
    if len(found) != len(set(ids)):
        raise NotFound
    return list(found)


def people_of_workspace(workspace: Workspace) -> list[tuple[Member, Standing]]:
    """Admins first, then by name. One statement."""
    return _people(
        WorkspaceMember, WorkspaceMember.workspace_id == workspace.id, WorkspaceMember.role != Standing.ADMIN
    )


def workspace_counts(workspaces: Sequence[Workspace]) -> dict[int, int]:
    """{workspace id: people in it}. One statement."""
    return _counts(WorkspaceMember, WorkspaceMember.workspace_id, [workspace.id for workspace in workspaces])


def standings_in_workspaces(member: Member, workspaces: Sequence[Workspace]) -> dict[int, Standing]:
    """{workspace id: what a member is in it}. One statement."""
    rows = select(WorkspaceMember.workspace_id, WorkspaceMember.role).where(
        WorkspaceMember.member_id == member.id,
        WorkspaceMember.workspace_id.in_([workspace.id for workspace in workspaces]),
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}


def _one(wanted: Any) -> Any:
    found = db.session.scalars(wanted).first()
    if found is None:
        raise NotFound
    return found


def _people(rows: Any, of_group: Any, last: Any) -> list[tuple[Member, Any]]:
    found = select(Member, rows.role).join(rows, _same(rows)).where(of_group, Member.left_at.is_(None))
    return [
        (member, role) for member, role in db.session.execute(found.order_by(last, func.lower(Member.name), Member.id))
    ]


def _counts(rows: Any, column: Any, ids: Sequence[int]) -> dict[int, int]:
    counted = select(column, func.count()).join(Member, _same(rows)).where(column.in_(ids), Member.left_at.is_(None))
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(column))}


def _same(rows: Any) -> Any:
    return (rows.organization_id == Member.organization_id) & (rows.member_id == Member.id)
