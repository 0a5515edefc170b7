"""Which moves a project allows, and what a state asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select

from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects import events
from app.projects.commands.telling import tell_of_project
from app.projects.models import Mover, Needed, Project, State, StateMove, StateNeed

#: (what, the property it names or None)
Need = tuple[Needed, int | None]


def set_moves(project: Project, movers: Mapping[tuple[int, int], Mover], *, by: Actor) -> None:
    """Narrow moves: {(state left, state entered): who may}. What is not named is open to everybody.

    Raises Invalid for states of elsewhere.
    """
    states = _hold(project)
    if any(one not in states or other not in states or one == other for one, other in movers):
        raise Invalid(_("Choose from this project's own."))
    there = db.session.scalars(select(StateMove).where(StateMove.to_state_id.in_(states))).all()
    if {(move.from_state_id, move.to_state_id): move.mover for move in there} == dict(movers):
        return
    db.session.execute(delete(StateMove).where(StateMove.to_state_id.in_(states)))
    db.session.add_all(
        StateMove(from_state_id=one, to_state_id=other, mover=mover) for (one, other), mover in movers.items()
    )
    _guard(states)
    tell_of_project(events.RULES_CHANGED, project, by)


def set_needs(project: Project, state: State, needs: Collection[Need], *, by: Actor) -> None:
    """Say what an issue must have to enter a state. What stands there already may stay without."""
    states = _hold(project)
    there = db.session.scalars(select(StateNeed).where(StateNeed.state_id == state.id)).all()
    if {(need.needed, need.property_id) for need in there} == set(needs):
        return
    db.session.execute(delete(StateNeed).where(StateNeed.state_id == state.id))
    db.session.add_all(
        StateNeed(state_id=state.id, needed=needed, property_id=number)
        for needed, number in sorted(set(needs), key=str)
    )
    _guard(states)
    tell_of_project(events.RULES_CHANGED, project, by, state=state.name)


def _hold(project: Project) -> dict[int, State]:
    found = select(State).where(State.project_id == project.id).order_by(State.id).with_for_update()
    return {state.id: state for state in db.session.scalars(found)}


def _guard(states: Mapping[int, State]) -> None:
    """Mark the states that have to be asked before anything enters them, so that nobody asks the others."""
    db.session.flush()
    moves = select(StateMove.to_state_id).where(StateMove.to_state_id.in_(states))
    needs = select(StateNeed.state_id).where(StateNeed.state_id.in_(states))
    guarded = set(db.session.scalars(moves.union(needs)))
    for state in states.values():
        state.is_guarded = state.id in guarded
    db.session.flush()
