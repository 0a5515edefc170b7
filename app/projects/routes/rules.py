"""The rules of a project: which moves it narrows, and what its states ask for."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.kernel.words import gettext as _
from app.projects.commands.rules import Need, set_moves, set_needs
from app.projects.models import Feature, Mover, Needed, Project
from app.projects.policies import P
from app.projects.queries import project_by_identifier, state_of, states_of, types_of
from app.projects.queries.grouping import movers_of, needs_in
from app.projects.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, page

_MOVERS = {mover.value: mover for mover in Mover}


@bp.get("/projects/<identifier>/settings/rules")
@requires(P.EDIT, load=project_by_identifier)
def show_rules(project: Project) -> Response:
    kinds = types_of(project.id) if project.has(Feature.TYPES) else ()
    return page(
        "projects/settings/rules.html",
        project=project,
        states=states_of(project.id),
        movers=movers_of(project),
        needs=needs_in(project),
        plain=[needed for needed in Needed if needed is not Needed.PROPERTY],
        fields=[(kind, field) for kind in kinds for field in kind.properties if field.is_active],
    )


@bp.post("/projects/<identifier>/settings/rules/moves")
@requires(P.EDIT, load=project_by_identifier)
def update_moves(project: Project) -> Response:
    """The whole matrix: `move-<state left>-<state entered>` is who may, empty for everybody."""
    states = [state.id for state in states_of(project.id)]
    movers = {
        (one, other): _MOVERS[said]
        for one in states
        for other in states
        if one != other and (said := request.form.get(f"move-{one}-{other}", "")) in _MOVERS
    }
    set_moves(project, movers, by=current_member)
    return go(_here(project), _("Saved"))


@bp.post("/projects/<identifier>/settings/rules/<int:state_id>")
@requires(P.EDIT, load=project_by_identifier)
def update_needs(project: Project, state_id: int) -> Response:
    """What a state asks for: `needs` repeated, a name or `property-<id>`."""
    state = state_of(project, state_id)
    known: dict[str, Any] = {needed.value: (needed, None) for needed in Needed if needed is not Needed.PROPERTY}
    for kind in types_of(project.id):
        known |= {f"property-{field.id}": (Needed.PROPERTY, field.id) for field in kind.properties}
    needs: set[Need] = {known[said] for said in request.form.getlist("needs") if said in known}
    set_needs(project, state, needs, by=current_member)
    return go(_here(project), _("Saved"))


def _here(project: Project) -> str:
    return url_for("projects.show_rules", identifier=project.identifier)
