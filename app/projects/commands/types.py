"""Kinds of issues: the organization's own, and which of them a project uses."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.words import gettext as _
from app.projects import events
from app.projects.commands.telling import tell_of_all, tell_of_project
from app.projects.models import IssueType, Project, ProjectIssueType

MOST = 40


def add_type(
    name: str, *, by: Actor, icon: str = "check", hue: int = 6, level: int = 0, description: str = ""
) -> IssueType:
    """A kind that projects can use. Raises Invalid when the name is taken or there are too many."""
    if (db.session.scalar(select(func.count()).select_from(IssueType)) or 0) >= MOST:
        raise Invalid(_("There can be %(most)s types.", most=MOST), "name")
    kind = IssueType()
    _write(kind, name, icon=icon, hue=hue, level=level, description=description)
    tell_of_all(events.TYPE_ADDED, by, name=name)
    return kind


def edit_type(
    kind: IssueType, *, by: Actor, name: str, icon: str, hue: int, level: int, description: str, is_active: bool
) -> None:
    """Change a kind everywhere. One that is put out of use stays on the issues that have it."""
    values = {"icon": icon, "hue": hue, "level": level, "description": description, "is_active": is_active}
    if kind.name == name and all(getattr(kind, key) == value for key, value in values.items()):
        return
    _write(kind, name, **values)
    tell_of_all(events.TYPE_EDITED, by, name=name)


def delete_type(kind: IssueType, *, by: Actor) -> None:
    """Raises Refused while issues are of it, deleted ones too: put it out of use instead."""
    name = kind.name
    try:
        with db.session.begin_nested():
            db.session.delete(kind)
    except IntegrityError as error:
        raise Refused(_("Issues are of the type %(name)s. Put it out of use instead.", name=name)) from error
    tell_of_all(events.TYPE_DELETED, by, name=name)


def use_types(project: Project, kinds: Sequence[IssueType], *, default: IssueType | None = None, by: Actor) -> None:
    """Say which kinds a project uses, and which of them new issues are. Raises Invalid for one that is not used."""
    ids = {kind.id for kind in kinds}
    if default is not None and default.id not in ids:
        raise Invalid(_("New issues can only be of a type that the project uses."), "default")
    found = select(ProjectIssueType).where(ProjectIssueType.project_id == project.id).with_for_update()
    used = {row.issue_type_id: row.is_default for row in db.session.scalars(found)}
    wanted = {type_id: default is not None and type_id == default.id for type_id in ids}
    if used == wanted:
        return
    db.session.execute(delete(ProjectIssueType).where(ProjectIssueType.project_id == project.id))
    db.session.add_all(
        ProjectIssueType(project_id=project.id, issue_type_id=type_id, is_default=is_default)
        for type_id, is_default in sorted(wanted.items())
    )
    db.session.flush()
    tell_of_project(events.TYPES_CHANGED, project, by)


def _write(kind: IssueType, name: str, **values: object) -> None:
    try:
        with db.session.begin_nested():
            kind.name = name
            for key, value in values.items():
                setattr(kind, key, value)
            db.session.add(kind)
    except IntegrityError as error:
        raise Invalid(_("There is already a type %(name)s.", name=name), "name") from error
