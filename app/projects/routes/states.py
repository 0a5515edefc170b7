"""The states of a project: added, renamed, regrouped, put in order. Deleting one is up to whoever knows its issues."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects.commands.states import add_state, edit_state, move_state
from app.projects.forms import PlaceForm, StateForm
from app.projects.models import Project
from app.projects.policies import P
from app.projects.queries import project_by_identifier, state_of, states_of
from app.projects.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page, reply


@bp.get("/projects/<identifier>/settings/states")
@requires(P.EDIT, load=project_by_identifier)
def list_states(project: Project) -> Response:
    return page("projects/settings/states.html", **_shown(project, StateForm(formdata=None)))


@bp.post("/projects/<identifier>/settings/states")
@requires(P.EDIT, load=project_by_identifier)
def create_state(project: Project) -> Response:
    form = StateForm()
    if not form.validate():
        return invalid(form, "projects/settings/states.html", **_shown(project, form))
    try:
        add_state(project, form.name.data, form.group.data, by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "projects/settings/states.html", **_shown(project, form))
    return go(_list(project), _("%(data)s added", data=form.name.data))


@bp.post("/projects/<identifier>/settings/states/<int:state_id>")
@requires(P.EDIT, load=project_by_identifier)
def update_state(project: Project, state_id: int) -> Response:
    state, form = state_of(project, state_id), StateForm(prefix=f"s{state_id}")
    if not form.validate():
        shown = _shown(project, StateForm(formdata=None), form, state_id)
        return invalid(form, "projects/settings/states.html", **shown)
    try:
        edit_state(
            project,
            state,
            by=current_member,
            name=form.name.data,
            group=form.group.data,
            is_default=form.is_default.data,
        )
    except Invalid as error:
        shown = _shown(project, StateForm(formdata=None), form.blame(error), state_id)
        return invalid(form, "projects/settings/states.html", **shown)
    return go(_list(project), _("Saved"))


@bp.post("/projects/<identifier>/settings/states/order")
@requires(P.EDIT, load=project_by_identifier)
def update_order(project: Project) -> Response:
    """A state was dropped, by pointer or keys."""
    form = PlaceForm()
    if not form.ids.validate(form):
        raise Invalid(" ".join(map(str, form.ids.errors)), "ids")
    state = state_of(project, form.ids.data)
    move_state(project, state, after=form.after.data, before=form.before.data, by=current_member)
    return reply("projects/settings/moved.html", name=state.name)


def _list(project: Project) -> str:
    return url_for("projects.list_states", identifier=project.identifier)


def _shown(project: Project, new: StateForm, broken: StateForm | None = None, broken_id: int = 0) -> dict[str, Any]:
    """All states, each with a form of its own; the one that was refused keeps what was typed."""
    rows = [
        (
            state,
            broken
            if broken and state.id == broken_id
            else StateForm(
                formdata=None, prefix=f"s{state.id}", name=state.name, group=state.group, is_default=state.is_default
            ),
        )
        for state in states_of(project.id)
    ]
    return {"project": project, "new": new, "rows": rows}
