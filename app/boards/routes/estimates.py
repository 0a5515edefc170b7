"""The scale that a project estimates on: chosen, changed with its issues carried over, given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, request, url_for

from app.boards.commands.estimates import change_scale, estimated_at, stop_estimating
from app.boards.forms import SCALES, ScaleForm
from app.boards.routes import bp
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects.models import EstimatePoint, Feature, Project
from app.projects.policies import P
from app.projects.queries import points_of, project_with
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page

_estimated = project_with(Feature.ESTIMATES)


@bp.get("/projects/<identifier>/settings/estimates")
@requires(P.EDIT, load=_estimated)
def show_scale(project: Project) -> Response:
    points = points_of(project.id)
    values = ", ".join(point.value for point in points)
    form = ScaleForm(formdata=None, kind=project.estimated_in or "points", values=values or SCALES["points"])
    return page("boards/estimates/scale.html", form=form, **_shown(project, points))


@bp.post("/projects/<identifier>/settings/estimates")
@requires(P.EDIT, load=_estimated)
def update_scale(project: Project) -> Response:
    """A new scale. While issues stand at steps that it has not, the page asks where they go."""
    form, points = ScaleForm(), points_of(project.id)
    if not form.validate():
        return invalid(form, "boards/estimates/scale.html", **_shown(project, points))
    values, used = form.steps(), estimated_at(project)
    carried = {point.id: point.value for point in points if point.value in values}
    homeless = [point for point in points if used.get(point.id) and point.id not in carried]
    if homeless and not form.is_carried.data:
        return page("boards/estimates/scale.html", form=form, homeless=homeless, **_shown(project, points))
    carried |= {point.id: value for point in homeless if (value := request.form.get(f"to-{point.id}", ""))}
    try:
        change_scale(project, form.kind.data, values, carried, by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "boards/estimates/scale.html", **_shown(project, points))
    return go(_here(project), _("Issues are estimated on the new scale"))


@bp.post("/projects/<identifier>/settings/estimates/deletion")
@requires(P.EDIT, load=_estimated)
def destroy_scale(project: Project) -> Response:
    stop_estimating(project, by=current_member)
    return go(_here(project), _("Issues are estimated no more"))


def _here(project: Project) -> str:
    return url_for("boards.show_scale", identifier=project.identifier)


def _shown(project: Project, points: Sequence[EstimatePoint]) -> dict[str, Any]:
    return {"project": project, "points": points, "used": estimated_at(project), "scales": SCALES}
