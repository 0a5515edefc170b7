"""Making, changing, deleting and restoring projects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.documents.commands import StaleEdit
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.organizations.models import Member, ProjectDefaults, Standing
from app.projects import events
from app.projects.commands.shaping import give_shape
from app.projects.identifiers import FORM
from app.projects.models import Project, ProjectGroup, ProjectMember, ProjectStatus, ProjectTemplate
from app.projects.shapes import PLAIN, Shape, beginning_in

#: What `edit_project` changes.
FIELDS = frozenset(
    ("name", "description", "emoji", "lead_id", "default_assignee_id", "start_date", "due_date", "features_off")
)


def create_project(
    name: str,
    identifier: str,
    *,
    by: Member,
    description: str = "",
    emoji: str | None = None,
    lead_id: int | None = None,
    template: ProjectTemplate | None = None,
) -> Project:
    """A project with states and labels to begin with. Its maker works in it and leads it, unless told otherwise.

    A template says how it is shaped; what the organization says of new projects holds besides. Raises Invalid for an
    identifier that is malformed or taken, also by a deleted project: keys are never given twice.
    """
    if not FORM.fullmatch(identifier):
        raise Invalid(_("Up to ten capital letters and digits, beginning with a letter: WEB, OPS2."), "identifier")
    defaults = db.session.scalars(select(ProjectDefaults)).first()
    shape = Shape.read(template.shape) if template else PLAIN
    if defaults and defaults.state and not template:
        shape = beginning_in(shape, defaults.state)
    project = Project(
        name=name,
        identifier=identifier,
        description=description,
        emoji=emoji or None,
        lead_id=lead_id or by.id,
        default_assignee_id=defaults.assignee_id if defaults else None,
        template_id=template.id if template else None,
        features_off=[feature.value for feature in shape.features_off],
    )
    try:
        with db.session.begin_nested():
            db.session.add(project)
    except IntegrityError as error:
        raise Invalid(_("Another project already uses %(identifier)s.", identifier=identifier), "identifier") from error
    give_shape(project, shape)
    if template:
        template.uses += 1
    admitted = {by.id, project.lead_id or by.id}
    db.session.add_all(ProjectMember(project_id=project.id, member_id=who, role=Standing.ADMIN) for who in admitted)
    ledger.record_created(events.CREATED, [project], by=by)
    live.touch("projects")
    return project


def edit_project(project: Project, *, by: Actor, seen: int | None = None, **values: Any) -> None:
    """Change some of FIELDS. Raises TypeError for others, Invalid for dates that run backwards.

    `seen` is the version that the form was opened with: when others have changed something since, and it differs from
    what is to be written, raises StaleEdit.
    """
    if unknown := values.keys() - FIELDS:
        raise TypeError(f"not a field of a project: {', '.join(unknown)}")
    db.session.refresh(project, [*sorted(FIELDS), "version"], with_for_update={"key_share": True})
    if all(getattr(project, name) == value for name, value in values.items()):
        return
    if seen is not None and seen != project.version:
        raise StaleEdit
    start, due = (values.get(name, getattr(project, name)) for name in ("start_date", "due_date"))
    if start and due and start > due:
        raise Invalid(_("This is before the start date."), "due_date")
    with ledger.change(project, event=events.EDITED, by=by):
        for name, value in values.items():
            setattr(project, name, value)
        project.version += 1
    live.touch("projects", f"board-{project.id}")


def set_status(projects: Sequence[Project], status: ProjectStatus, *, by: Actor) -> None:
    """Say whether projects are worked on. Archived ones are read only until they are something else again."""
    at = now()
    with ledger.change(*projects, event=events.STATUS_CHANGED, by=by):
        for project in projects:
            project.status = status
            project.archived_at = (project.archived_at or at) if status is ProjectStatus.ARCHIVED else None
    live.touch("projects", *(f"board-{project.id}" for project in projects))


def put_into_group(projects: Sequence[Project], group: ProjectGroup | None, *, by: Actor) -> None:
    """Let projects stand under a heading, or under none."""
    with ledger.change(*projects, event=events.GROUPED, by=by):
        for project in projects:
            project.group_id = group.id if group else None
    live.touch("projects")


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
