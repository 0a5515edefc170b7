"""Who works in a project: members by name, and teams."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.organizations.models import Member, Standing, Team
from app.projects import events
from app.projects.models import Project, ProjectMember, ProjectTeam, TaggedProject, TagTeam
from app.projects.policies import forget_roles


def add_people(project: Project, members: Sequence[Member], *, role: Standing = Standing.MEMBER, by: Actor) -> None:
    """Open a project to members. Raises Invalid for customers and people who left; those already in it stay as they
    are, so nobody becomes less by being added again.
    """
    if refused := next((member for member in members if not member.is_colleague or member.left_at), None):
        said = _("%(name)s is not a colleague, so cannot work in a project.", name=refused.name)
        raise Invalid(said, "members")
    before = _ids(project)
    rows = [_row(project, member_id=member.id, role=role) for member in members if member.id not in before]
    if rows:
        db.session.execute(insert(ProjectMember).on_conflict_do_nothing(), rows)
    _record(project, {"people": [before, sorted({*before, *(member.id for member in members)})]}, by)


def change_standings(project: Project, members: Sequence[Member], role: Standing, *, by: Actor) -> None:
    """Say what members who are in a project by name are there."""
    ids = [member.id for member in members]
    mine = ProjectMember.project_id == project.id, ProjectMember.member_id.in_(ids)
    rows = db.session.scalars(select(ProjectMember).where(*mine).order_by(ProjectMember.member_id)).all()
    moved = [row for row in rows if row.role is not role]
    before = [f"{row.member_id}:{row.role.value}" for row in moved]
    for row in moved:
        row.role = role
    _record(project, {"roles": [before, [f"{row.member_id}:{role.value}" for row in moved]]}, by)


def remove_people(project: Project, members: Sequence[Member], *, by: Actor) -> None:
    """Take members out, as far as they are in by name. What they did stays theirs; they lead it no more and get no new
    issues by default.
    """
    before, leaving = _ids(project), {member.id for member in members}
    leads = ledger.snapshot(project)
    db.session.execute(
        delete(ProjectMember).where(ProjectMember.project_id == project.id, ProjectMember.member_id.in_(leaving)),
        execution_options={"synchronize_session": False},
    )
    if project.lead_id in leaving:
        project.lead_id = None
    if project.default_assignee_id in leaving:
        project.default_assignee_id = None
    after = [member for member in before if member not in leaving]
    if before != after:
        _record(project, {"people": [before, after], **ledger.compare(leads, ledger.snapshot(project))}, by)


def put_teams(project: Project, teams: Sequence[Team], *, role: Standing = Standing.MEMBER, by: Actor) -> None:
    """Open a project to everybody of teams, or change what those are there."""
    wanted = select(ProjectTeam.team_id, ProjectTeam.role).where(ProjectTeam.project_id == project.id)
    held = {row[0]: row[1] for row in db.session.execute(wanted)}
    new = [team for team in teams if held.get(team.id) is not role]
    if not new:
        return
    added = insert(ProjectTeam).values([_row(project, team_id=team.id, role=role) for team in new])
    db.session.execute(
        added.on_conflict_do_update(
            index_elements=["organization_id", "project_id", "team_id"], set_={"role": added.excluded.role}
        )
    )
    changes: dict[str, Any] = {"teams": [sorted(held), sorted({*held, *(team.id for team in new)})]}
    _record(project, changes, by, always=True)


def remove_teams(project: Project, teams: Sequence[Team], *, by: Actor) -> None:
    """Close a project to teams: who has no other way in sees it no more."""
    held = select(ProjectTeam.team_id).where(ProjectTeam.project_id == project.id).order_by(ProjectTeam.team_id)
    before, leaving = list(db.session.scalars(held)), {team.id for team in teams}
    db.session.execute(
        delete(ProjectTeam).where(ProjectTeam.project_id == project.id, ProjectTeam.team_id.in_(leaving)),
        execution_options={"synchronize_session": False},
    )
    _record(project, {"teams": [before, [team_id for team_id in before if team_id not in leaving]]}, by)


def follow_groups(teams: Collection[int], workspaces: Collection[int]) -> None:
    """Who is in these groups has changed, so who sees their projects: open pages ask again."""
    tagged = select(TaggedProject.project_id).join(
        TagTeam, (TagTeam.organization_id == TaggedProject.organization_id) & (TagTeam.tag_id == TaggedProject.tag_id)
    )
    concerned = select(Project.id).where(
        or_(
            Project.workspace_id.in_(workspaces),
            Project.id.in_(select(ProjectTeam.project_id).where(ProjectTeam.team_id.in_(teams))),
            Project.id.in_(tagged.where(TagTeam.team_id.in_(teams))),
        )
    )
    access_changed(db.session.scalars(concerned).all())


def access_changed(project_ids: Collection[int]) -> None:
    """Who sees these projects has changed: what was remembered of it counts no more, and open boards ask again."""
    forget_roles()
    live.touch("projects", "any-project", *(f"board-{project_id}" for project_id in project_ids))


def _row(project: Project, **values: Any) -> dict[str, Any]:
    return {"organization_id": current_organization_id(), "project_id": project.id, **values}


def _ids(project: Project) -> list[int]:
    found = select(ProjectMember.member_id).where(ProjectMember.project_id == project.id)
    return list(db.session.scalars(found.order_by(ProjectMember.member_id)))


def _record(project: Project, changes: dict[str, Any], by: Actor, *, always: bool = False) -> None:
    differing = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if differing or always:
        ledger.record(events.PEOPLE_CHANGED, [(project, differing)], by=by)
        access_changed([project.id])
