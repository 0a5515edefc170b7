"""The projects of teams and workspaces, as one member sees them."""

from __future__ import annotations

from sqlalchemy import func, select

from app.kernel.database import db
from app.organizations.models import Member, Standing, Team, Workspace
from app.projects.models import Project, ProjectTeam
from app.projects.policies import visible_to


def projects_of_team(team: Team, member: Member) -> list[tuple[Project, Standing | None]]:
    """Those that a team works in, not counting tags, by name. One statement."""
    works = (ProjectTeam.organization_id == Project.organization_id) & (ProjectTeam.project_id == Project.id)
    wanted = select(Project, ProjectTeam.role).join(ProjectTeam, works).where(ProjectTeam.team_id == team.id)
    rows = db.session.execute(wanted.where(visible_to(member)).order_by(func.lower(Project.name), Project.id))
    return [(project, role) for project, role in rows]


def projects_of_workspace(workspace: Workspace, member: Member) -> list[tuple[Project, Standing | None]]:
    """Those that stand in a workspace, by name. One statement."""
    wanted = select(Project).where(Project.workspace_id == workspace.id, visible_to(member))
    return [(project, None) for project in db.session.scalars(wanted.order_by(func.lower(Project.name), Project.id))]
