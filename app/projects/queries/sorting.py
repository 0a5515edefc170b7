"""The states and labels that issues of a project are sorted by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.kernel.database import db
from app.kernel.errors import NotFound
from app.projects.models import Label, Project, State


def states_of(project_id: int) -> Sequence[State]:
    """In the order of the board."""
    return db.session.scalars(select(State).where(State.project_id == project_id).order_by(State.rank, State.id)).all()


def labels_of(project_id: int) -> Sequence[Label]:
    """By name."""
    return db.session.scalars(
        select(Label).where(Label.project_id == project_id).order_by(func.lower(Label.name), Label.id)
    ).all()


def state_of(project: Project, state_id: int) -> State:
    """Raises NotFound for a state of another project."""
    state = db.session.scalars(select(State).where(State.project_id == project.id, State.id == state_id)).first()
    if state is None:
        raise NotFound
    return state


def label_of(project: Project, label_id: int) -> Label:
    """Raises NotFound for a label of another project."""
    label = db.session.scalars(select(Label).where(Label.project_id == project.id, Label.id == label_id)).first()
    if label is None:
        raise NotFound
    return label
