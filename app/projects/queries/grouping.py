"""Groups and templates of projects, and the rules of one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.kernel.database import db
from app.kernel.errors import NotFound
from app.projects.models import Mover, Needed, Project, ProjectGroup, ProjectTemplate, State, StateMove, StateNeed


def groups() -> Sequence[ProjectGroup]:
    """In their order."""
    return db.session.scalars(select(ProjectGroup).order_by(ProjectGroup.rank, ProjectGroup.id)).all()


def group_of(group_id: int) -> ProjectGroup:
    """Raises NotFound."""
    found = db.session.scalars(select(ProjectGroup).where(ProjectGroup.id == group_id)).first()
    if found is None:
        raise NotFound
    return found


def templates() -> Sequence[ProjectTemplate]:
    """By name."""
    return db.session.scalars(
        select(ProjectTemplate).order_by(func.lower(ProjectTemplate.name), ProjectTemplate.id)
    ).all()


def template_of(template_id: int) -> ProjectTemplate:
    """Raises NotFound."""
    found = db.session.scalars(select(ProjectTemplate).where(ProjectTemplate.id == template_id)).first()
    if found is None:
        raise NotFound
    return found


def movers_of(project: Project) -> dict[tuple[int, int], Mover]:
    """{(state left, state entered): who may}, of the moves that are narrowed. One statement."""
    states = select(State.id).where(State.project_id == project.id)
    moves = db.session.scalars(select(StateMove).where(StateMove.to_state_id.in_(states)))
    return {(move.from_state_id, move.to_state_id): move.mover for move in moves}


def needs_in(project: Project) -> dict[int, set[tuple[Needed, int | None]]]:
    """{state id: what it asks for}. One statement."""
    states = select(State.id).where(State.project_id == project.id)
    needs: dict[int, set[tuple[Needed, int | None]]] = {}
    for need in db.session.scalars(select(StateNeed).where(StateNeed.state_id.in_(states))):
        needs.setdefault(need.state_id, set()).add((need.needed, need.property_id))
    return needs
