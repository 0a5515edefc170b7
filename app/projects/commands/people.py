"""Who works in a project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.organizations.models import Member
from app.projects import events
from app.projects.models import Project, ProjectMember


def add_people(project: Project, members: Sequence[Member], *, by: Actor) -> None:
    """Open a project to members. Raises Invalid for customers and people who left; those already in it stay."""
    if refused := next((member for member in members if not member.is_colleague or member.left_at), None):
        raise Invalid(f"{refused.name} is not a colleague, so cannot work in a project.", "members")
    before = _ids(project)
    rows = [
        {"organization_id": current_organization_id(), "project_id": project.id, "member_id": member.id}
        for member in members
    ]
    if rows:
        db.session.execute(insert(ProjectMember).on_conflict_do_nothing(), rows)
    _record(project, before, sorted({*before, *(member.id for member in members)}), by)


def remove_people(project: Project, members: Sequence[Member], *, by: Actor) -> None:
    """Close a project to members. What they did stays theirs; they lead it no more and get no new issues by default."""
    before, leaving = _ids(project), {member.id for member in members}
    roles = ledger.snapshot(project)
    db.session.execute(
        delete(ProjectMember).where(ProjectMember.project_id == project.id, ProjectMember.member_id.in_(leaving)),
        execution_options={"synchronize_session": False},
    )
    if project.lead_id in leaving:
        project.lead_id = None
    if project.default_assignee_id in leaving:
        project.default_assignee_id = None
    after = [member for member in before if member not in leaving]
    _record(project, before, after, by, ledger.compare(roles, ledger.snapshot(project)))


def _ids(project: Project) -> list[int]:
    found = select(ProjectMember.member_id).where(ProjectMember.project_id == project.id)
    return list(db.session.scalars(found.order_by(ProjectMember.member_id)))


def _record(
    project: Project, before: list[int], after: list[int], by: Actor, more: dict[str, Any] | None = None
) -> None:
    if before != after:
        ledger.record(events.PEOPLE_CHANGED, [(project, {"people": [before, after], **(more or {})})], by=by)
        live.touch("projects", f"board-{project.id}")
