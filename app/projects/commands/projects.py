"""Making, changing, deleting and restoring projects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.ranks import ranks_between
from app.organizations.models import Member
from app.projects import events
from app.projects.identifiers import FORM
from app.projects.models import Label, Project, ProjectMember, State, StateGroup

#: States of a new project; new issues go to the one marked.
SEEDED_STATES = (
    ("Backlog", StateGroup.BACKLOG, False),
    ("Todo", StateGroup.UNSTARTED, True),
    ("In progress", StateGroup.STARTED, False),
    ("In review", StateGroup.STARTED, False),
    ("Done", StateGroup.COMPLETED, False),
    ("Cancelled", StateGroup.CANCELLED, False),
)
SEEDED_LABELS = (("Bug", 1), ("Feature", 6), ("Design", 8), ("Chore", 3))


def create_project(
    name: str,
    identifier: str,
    *,
    by: Member,
    description: str = "",
    emoji: str | None = None,
    lead_id: int | None = None,
) -> Project:
    """A project with states and labels to begin with. Its maker works in it and leads it, unless told otherwise.

    Raises Invalid for an identifier that is malformed or taken, also by a deleted project: keys are never given twice.
    """
    if not FORM.fullmatch(identifier):
        raise Invalid("Up to ten capital letters and digits, beginning with a letter: WEB, OPS2.", "identifier")
    project = Project(
        name=name, identifier=identifier, description=description, emoji=emoji or None, lead_id=lead_id or by.id
    )
    try:
        with db.session.begin_nested():
            db.session.add(project)
    except IntegrityError as error:
        raise Invalid(f"Another project already uses {identifier}.", "identifier") from error
    ranks = ranks_between(None, None, len(SEEDED_STATES))
    db.session.add_all(
        State(project_id=project.id, name=state, group=group, is_default=default, rank=rank)
        for (state, group, default), rank in zip(SEEDED_STATES, ranks, strict=True)
    )
    db.session.add_all(Label(project_id=project.id, name=label, hue=hue) for label, hue in SEEDED_LABELS)
    db.session.add_all(ProjectMember(project_id=project.id, member_id=who) for who in {by.id, project.lead_id or by.id})
    ledger.record_created(events.CREATED, [project], by=by)
    live.touch("projects")
    return project


def edit_project(project: Project, *, by: Actor, **values: Any) -> None:
    """Change name, description, emoji, lead_id or default_assignee_id. Raises TypeError for other fields."""
    if unknown := values.keys() - {"name", "description", "emoji", "lead_id", "default_assignee_id"}:
        raise TypeError(f"not a field of a project: {', '.join(unknown)}")
    with ledger.change(project, event=events.EDITED, by=by):
        for name, value in values.items():
            setattr(project, name, value)
    live.touch("projects", f"board-{project.id}")


def delete_projects(projects: Sequence[Project], *, by: Actor) -> None:
    """Take projects out of sight, with all that is in them. `restore_projects` brings them back as they were."""
    at = now()
    with ledger.change(*projects, event=events.DELETED, by=by):
        for project in projects:
            project.deleted_at = at
    live.touch("projects", *(f"board-{project.id}" for project in projects))


def restore_projects(projects: Sequence[Project], *, by: Actor) -> None:
    with ledger.change(*projects, event=events.RESTORED, by=by):
        for project in projects:
            project.deleted_at = None
    live.touch("projects", *(f"board-{project.id}" for project in projects))
