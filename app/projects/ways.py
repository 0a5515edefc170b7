"""The ways into a project: by name, through a team, through a tag that a team works on, through a workspace.

Each way is a standing; of many the highest counts. Nothing of it is stored: whoever is taken out of a team or workspace
is out of its projects with the same commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    any_,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import join

from app.organizations.groups.policies import W
from app.organizations.models import Access, Member, Standing, Team, TeamMember, Workspace, WorkspaceMember
from app.organizations.models.standing import height_of
from app.projects.models import Project, ProjectMember, ProjectTeam, TaggedProject, TagTeam


class Way(StrEnum):
    NAMED = "named"
    TEAM = "team"
    TAG = "tag"
    WORKSPACE = "workspace"
    #: The workspace is open to all; it names nobody.
    PUBLIC = "public"


class _Path(NamedTuple):
    """One kind of way: the rows that make it, and which of their columns say what."""

    way: Way
    rows: Any
    project: Any
    member: Any
    role: Any
    team: Any = None
    tag: Any = None
    workspace: Any = None


def ways_of(member: Member) -> CompoundSelect[Any]:
    """`(project_id, height)` of each way that a member has, also into deleted projects."""
    ways = [
        select(path.project.label("project_id"), height_of(path.role).label("height"))
        .select_from(path.rows)
        .where(path.member == member.id)
        for path in _paths()
    ]
    if member.may(W.VIEW_PUBLIC):
        ways.append(_public(Project.id.label("project_id"), literal(Standing.GUEST.height).label("height")))
    return union_all(*ways)


def opened_to(member: Member, project_id: Any) -> ColumnElement[bool]:
    """Whether a member has a way into the project that a column names, also into a deleted one.

    The ways are gathered once, into an array: as a join the planner may walk them anew for every project.
    """
    ways = [
        select(path.project.label("project_id")).select_from(path.rows).where(path.member == member.id)
        for path in _paths()
    ]
    if member.may(W.VIEW_PUBLIC):
        ways.append(_public(Project.id.label("project_id")))
    found = select(union_all(*ways).subquery("ways").c.project_id).scalar_subquery()
    return project_id == any_(func.array(found, type_=ARRAY(BigInteger)))


def height_in(member: Member, project: Any) -> ColumnElement[Any]:
    """A member's height in the project that a column names, for the list of columns; NULL without a way in."""
    ways = ways_of(member).subquery("ways")
    return select(func.max(ways.c.height)).where(ways.c.project_id == project).scalar_subquery()


def ways_into(project_ids: Sequence[int]) -> CompoundSelect[Any]:
    """`(project_id, member_id, height, way, team_id, tag_id, workspace_id)` into these projects, but for PUBLIC."""
    return union_all(
        *(
            select(
                path.project.label("project_id"),
                path.member.label("member_id"),
                height_of(path.role).label("height"),
                literal(path.way.value).label("way"),
                *(_or_null(getattr(path, name)).label(f"{name}_id") for name in ("team", "tag", "workspace")),
            )
            .select_from(path.rows)
            .where(path.project.in_(project_ids))
            for path in _paths()
        )
    )


def open_to_all(project_id: int) -> ColumnElement[bool]:
    """Whether a project stands in a workspace that opens it to everybody."""
    return _public(Project.id).where(Project.id == project_id).exists()


def _public(*columns: Any) -> Select[Any]:
    shelf = and_(_same(Workspace, Project), Workspace.id == Project.workspace_id)
    opened = Workspace.access == Access.PUBLIC, Workspace.inherits, Workspace.deleted_at.is_(None)
    return select(*columns).select_from(Project).join(Workspace, shelf).where(*opened)


def _paths() -> list[_Path]:
    in_teams = _rows(TeamMember, Team, Team.id == TeamMember.team_id, Team.deleted_at.is_(None))
    by_team = join(in_teams, ProjectTeam, _same(ProjectTeam, TeamMember) & (ProjectTeam.team_id == TeamMember.team_id))
    on_tags = join(in_teams, TagTeam, _same(TagTeam, TeamMember) & (TagTeam.team_id == TeamMember.team_id))
    by_tag = join(on_tags, TaggedProject, _same(TaggedProject, TagTeam) & (TaggedProject.tag_id == TagTeam.tag_id))
    opened = Workspace.id == WorkspaceMember.workspace_id, Workspace.inherits, Workspace.deleted_at.is_(None)
    in_workspaces = _rows(WorkspaceMember, Workspace, *opened)
    by_workspace = join(in_workspaces, Project, _same(Project, Workspace) & (Project.workspace_id == Workspace.id))
    return [
        _Path(
            Way.NAMED,
            ProjectMember.__table__,
            ProjectMember.project_id,
            ProjectMember.member_id,
            ProjectMember.role,
        ),
        _Path(
            Way.TEAM,
            by_team,
            ProjectTeam.project_id,
            TeamMember.member_id,
            ProjectTeam.role,
            team=ProjectTeam.team_id,
        ),
        _Path(
            Way.TAG,
            by_tag,
            TaggedProject.project_id,
            TeamMember.member_id,
            TagTeam.role,
            team=TagTeam.team_id,
            tag=TagTeam.tag_id,
        ),
        _Path(
            Way.WORKSPACE,
            by_workspace,
            Project.id,
            WorkspaceMember.member_id,
            WorkspaceMember.role,
            workspace=Workspace.id,
        ),
    ]


def _rows(first: Any, second: Any, *matching: Any) -> Any:
    return join(first, second, and_(_same(first, second), *matching))


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    return one.organization_id == other.organization_id


def _or_null(column: Any) -> ColumnElement[Any]:
    return cast(null(), BigInteger) if column is None else column
