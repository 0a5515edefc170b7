"""The states of a project: the columns of its board."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.events import Event
from app.kernel.ranks import CROWDED, rank_between, ranks_between
from app.kernel.words import gettext as _
from app.projects import events
from app.projects.models import Project, State, StateGroup

#: More columns than this are no board.
MOST = 40


def add_state(project: Project, name: str, group: StateGroup, *, by: Actor) -> State:
    """A new last state. Raises Invalid when the name is taken or there are too many."""
    states = _in_order(project)
    if len(states) >= MOST:
        raise Invalid(_("A project can have %(most)s states.", most=MOST), "name")
    state = State(project_id=project.id, group=group, rank=rank_between(states[-1].rank if states else None, None))
    _name(state, name)
    _record(events.STATE_ADDED, project, name, by)
    return state


def edit_state(
    project: Project, state: State, *, by: Actor, name: str, group: StateGroup, is_default: bool = False
) -> None:
    """Rename or regroup a state, or make it the one new issues go to. Raises Invalid when the name is taken.

    Issues already in it keep when they were completed: regrouping says what the state means from now on.
    """
    if (state.name, state.group, state.is_default) == (name, group, state.is_default or is_default):
        return
    if is_default and not state.is_default:
        for other in _in_order(project):
            other.is_default = False
        db.session.flush()
        state.is_default = True
    old = state.name
    state.group = group
    _name(state, name)
    _record(events.STATE_EDITED, project, name, by, {"states": [[old], [name]]} if old != name else {})


def move_state(
    project: Project, state: State, *, after: int | None = None, before: int | None = None, by: Actor
) -> None:
    """Put a state behind the state `after`, else in front of `before`, else at the end."""
    states = _in_order(project)
    others = [other for other in states if other.id != state.id]
    ids = [other.id for other in others]
    position = ids.index(after) + 1 if after in ids else ids.index(before) if before in ids else len(ids)
    if states.index(state) == position:
        return
    below = others[position - 1].rank if position else None
    above = others[position].rank if position < len(others) else None
    state.rank = rank_between(below, above)
    if len(state.rank) > CROWDED:
        order = [*others[:position], state, *others[position:]]
        for each, rank in zip(order, ranks_between(None, None, len(order)), strict=True):
            each.rank = rank
    db.session.flush()
    _record(events.STATE_MOVED, project, state.name, by)


def delete_state(project: Project, state: State, *, by: Actor) -> None:
    """Raises Refused for the default state and for one that issues, also deleted ones, stand in: move those first."""
    if state.is_default:
        raise Refused(_("New issues go to this state. Make another one the default first."))
    name = state.name
    try:
        with db.session.begin_nested():
            db.session.delete(state)
    except IntegrityError as error:
        raise Refused(_("Issues stand in %(name)s. Move them to another state first.", name=name)) from error
    _record(events.STATE_DELETED, project, name, by, {"states": [[name], []]})


def _in_order(project: Project) -> Sequence[State]:
    """Held until the transaction ends, so that two people who reorder come one after the other."""
    found = select(State).where(State.project_id == project.id).order_by(State.rank, State.id)
    return db.session.scalars(found.with_for_update()).all()


def _name(state: State, name: str) -> None:
    try:
        with db.session.begin_nested():
            state.name = name
            db.session.add(state)
    except IntegrityError as error:
        raise Invalid(_("There is already a state %(name)s.", name=name), "name") from error


def _record(event: Event, project: Project, name: str, by: Actor, fields: dict[str, object] | None = None) -> None:
    ledger.record(event, [(project, fields or {})], by=by, payload={"name": name})
    live.touch(f"board-{project.id}")
