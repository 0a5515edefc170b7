"""Which workspace a project stands in."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.database import db
from app.organizations.models import Workspace
from app.projects import events
from app.projects.commands.people import access_changed
from app.projects.models import Project


def place_projects(projects: Sequence[Project], workspace: Workspace | None, *, by: Actor) -> None:
    """Put projects into a workspace, out of the one they stood in; None: into none. Who sees them follows."""
    to = workspace.id if workspace else None
    moved = [
        (project, {"workspace_id": [project.workspace_id, to]}) for project in projects if project.workspace_id != to
    ]
    if not moved:
        return
    for project, _was in moved:
        project.workspace_id = to
    db.session.flush()
    ledger.record(events.PLACED, moved, by=by)
    access_changed([project.id for project, _was in moved])
