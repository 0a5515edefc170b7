"""The labels that a project's issues can bear."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.events import Event
from app.projects import events
from app.projects.models import Label, Project

MOST = 200


def add_label(project: Project, name: str, hue: int, *, by: Actor, import_id: int | None = None) -> Label:
    """Raises Invalid when the name is taken or there are too many. One that an import brings is told to nobody."""
    if (db.session.scalar(select(func.count()).where(Label.project_id == project.id)) or 0) >= MOST:
        raise Invalid(f"A project can have {MOST} labels.", "name")
    label = Label(project_id=project.id)
    _name(label, name, hue)
    _record(events.LABEL_ADDED, project, name, by, import_id)
    return label


def edit_label(project: Project, label: Label, *, by: Actor, name: str, hue: int) -> None:
    """Raises Invalid when the name is taken."""
    if (label.name, label.hue) != (name, hue):
        _name(label, name, hue)
        _record(events.LABEL_EDITED, project, name, by)


def delete_label(project: Project, label: Label, *, by: Actor) -> None:
    """Issues that bear it lose it."""
    name = label.name
    db.session.delete(label)
    db.session.flush()
    _record(events.LABEL_DELETED, project, name, by)


def _name(label: Label, name: str, hue: int) -> None:
    try:
        with db.session.begin_nested():
            label.name, label.hue = name, hue
            db.session.add(label)
    except IntegrityError as error:
        raise Invalid(f"There is already a label {name}.", "name") from error


def _record(event: Event, project: Project, name: str, by: Actor, import_id: int | None = None) -> None:
    ledger.record(event, [(project, {})], by=by, payload={"name": name}, import_id=import_id)
    live.touch(f"board-{project.id}")
