"""Telling of what belongs to a project, or to all of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.database import current_organization_id, db
from app.kernel.events import Event
from app.organizations.models import Organization
from app.projects.models import Project


def tell_of_project(event: Event, project: Project, by: Actor, *, import_id: int | None = None, **payload: Any) -> None:
    """A change of what belongs to one project; its board looks again."""
    ledger.record(event, [(project, {})], by=by, payload=payload, import_id=import_id)
    live.touch(f"board-{project.id}")


def tell_of_all(event: Event, by: Actor, **payload: Any) -> None:
    """A change of what all projects share; their boards and lists look again."""
    db.session.flush()
    organization = db.session.get_one(Organization, current_organization_id())
    ledger.record(event, [(organization, {})], by=by, payload=payload)
    live.touch("projects", *(f"board-{number}" for number in db.session.scalars(select(Project.id))))
