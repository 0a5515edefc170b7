"""Deleting a column of the board with issues in it."""

from __future__ import annotations

from sqlalchemy import select

from app.boards.commands.fields import set_state
from app.boards.models import Issue
from app.kernel.access import Actor
from app.kernel.database import db
from app.projects.commands.states import delete_state
from app.projects.models import Project, State


def empty_and_delete_state(project: Project, state: State, *, into: State, by: Actor) -> None:
    """Move a state's issues, also those in the bin, into another one, then delete it.

    Raises Refused for the default state.
    """
    standing = select(Issue).where(Issue.state_id == state.id).order_by(Issue.id)
    issues = db.session.scalars(standing.with_for_update()).all()
    if issues and not state.is_default:
        set_state(issues, into, by=by, by_rules=False)
    delete_state(project, state, by=by)
