"""Who works in projects, who sees them, and by which ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from app.kernel.database import db
from app.organizations.groups.policies import W
from app.organizations.models import Kind, Member, Standing, Team, Workspace
from app.organizations.policies import holds
from app.projects.models import InvitationProject, Project, ProjectMember, ProjectTag, ProjectTeam
from app.projects.policies import P
from app.projects.ways import Way, open_to_all, ways_into


@dataclass(frozen=True)
class Access:
    """One way of one member into a project, as its page tells it."""

    way: Way
    standing: Standing
    team_id: int | None = None
    tag_id: int | None = None
    workspace_id: int | None = None


def people_counts(projects: Sequence[Project]) -> dict[int, int]:
    """{project id: how many work in it, by whatever way}. One statement."""
    if not projects:
        return {}
    ways = ways_into([project.id for project in projects]).subquery("ways")
    rows = db.session.execute(
        select(ways.c.project_id, func.count(ways.c.member_id.distinct())).group_by(ways.c.project_id)
    )
    return {row[0]: row[1] for row in rows}


def members_of(project_id: int) -> Sequence[Member]:
    """Who works in a project by name, by name; people who left the organization are not among them."""
    return [member for member, _ in members_with_roles(project_id)]


def members_with_roles(project_id: int) -> list[tuple[Member, Standing]]:
    """The same, each with what they are there. One statement."""
    rows = db.session.execute(
        select(Member, ProjectMember.role)
        .join(
            ProjectMember,
            (ProjectMember.organization_id == Member.organization_id) & (ProjectMember.member_id == Member.id),
        )
        .where(ProjectMember.project_id == project_id, Member.left_at.is_(None))
        .order_by(func.lower(Member.name), Member.id)
    )
    return [(member, role) for member, role in rows]


def teams_of_project(project_id: int) -> list[tuple[Team, Standing]]:
    """The teams that work in a project, by name. One statement."""
    rows = db.session.execute(
        select(Team, ProjectTeam.role)
        .join(ProjectTeam, (ProjectTeam.organization_id == Team.organization_id) & (ProjectTeam.team_id == Team.id))
        .where(ProjectTeam.project_id == project_id, Team.deleted_at.is_(None))
        .order_by(func.lower(Team.name), Team.id)
    )
    return [(team, role) for team, role in rows]


def projects_of_invitations(ids: Sequence[int]) -> dict[int, list[tuple[Project, Standing]]]:
    """The projects that one joins by invitations, by name; deleted ones left out. One statement."""
    rows = db.session.execute(
        select(InvitationProject.invitation_id, Project, InvitationProject.role)
        .join(
            Project,
            (Project.organization_id == InvitationProject.organization_id)
            & (Project.id == InvitationProject.project_id),
        )
        .where(InvitationProject.invitation_id.in_(ids), Project.deleted_at.is_(None))
        .order_by(func.lower(Project.name), Project.id)
    )
    found: defaultdict[int, list[tuple[Project, Standing]]] = defaultdict(list)
    for invitation_id, project, role in rows:
        found[invitation_id].append((project, role))
    return found


def ways_of_people(project_id: int) -> dict[int, list[Access]]:
    """{member id: their ways into a project}, but for what is open to all. One statement."""
    ways = ways_into([project_id]).subquery("ways")
    found: defaultdict[int, list[Access]] = defaultdict(list)
    for row in db.session.execute(select(ways).order_by(ways.c.height.desc(), ways.c.way)):
        standing = Standing.of_height(row.height)
        assert standing is not None  # the column is one
        found[row.member_id].append(Access(Way(row.way), standing, row.team_id, row.tag_id, row.workspace_id))
    return found


def names_of_ways(ways: Sequence[Access]) -> dict[tuple[Way, int], str]:
    """What teams, tags and workspaces of ways are called. Three statements at most."""
    named: dict[tuple[Way, int], str] = {}
    for way, model, ids in (
        (Way.TEAM, Team, {access.team_id for access in ways}),
        (Way.TAG, ProjectTag, {access.tag_id for access in ways}),
        (Way.WORKSPACE, Workspace, {access.workspace_id for access in ways}),
    ):
        if wanted := ids - {None}:
            rows = db.session.execute(select(model.id, model.name).where(model.id.in_(wanted)))
            named.update({(way, row[0]): row[1] for row in rows})
    return named


def people_of(project_id: int) -> Sequence[Member]:
    """Everybody who sees a project, so can be assigned and mentioned: by whatever way, and the admins. By name."""
    inside = select(ways_into([project_id]).subquery("ways").c.member_id)
    return db.session.scalars(
        select(Member)
        .where(
            or_(Member.id.in_(inside), holds(P.EVERY), holds(W.VIEW_PUBLIC) & open_to_all(project_id)),
            holds(P.VIEW),
            Member.kind != Kind.CUSTOMER,
            Member.left_at.is_(None),
        )
        .order_by(func.lower(Member.name), Member.id)
    ).all()
