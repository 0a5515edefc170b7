"""The labels of a project."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.kernel.errors import Invalid
from app.projects.commands.labels import add_label, delete_label, edit_label
from app.projects.forms import LabelForm
from app.projects.models import Project
from app.projects.policies import P
from app.projects.queries import label_of, labels_of, project_by_identifier
from app.projects.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page


@bp.get("/projects/<identifier>/settings/labels")
@requires(P.EDIT, load=project_by_identifier)
def list_labels(project: Project) -> Response:
    return page("projects/settings/labels.html", **_shown(project, LabelForm(formdata=None)))


@bp.post("/projects/<identifier>/settings/labels")
@requires(P.EDIT, load=project_by_identifier)
def create_label(project: Project) -> Response:
    form = LabelForm()
    if not form.validate():
        return invalid(form, "projects/settings/labels.html", **_shown(project, form))
    try:
        add_label(project, form.name.data, form.hue.data, by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "projects/settings/labels.html", **_shown(project, form))
    return go(_list(project), f"{form.name.data} added")


@bp.post("/projects/<identifier>/settings/labels/<int:label_id>")
@requires(P.EDIT, load=project_by_identifier)
def update_label(project: Project, label_id: int) -> Response:
    label, form = label_of(project, label_id), LabelForm(prefix=f"l{label_id}")
    if not form.validate():
        shown = _shown(project, LabelForm(formdata=None), form, label_id)
        return invalid(form, "projects/settings/labels.html", **shown)
    try:
        edit_label(project, label, by=current_member, name=form.name.data, hue=form.hue.data)
    except Invalid as error:
        shown = _shown(project, LabelForm(formdata=None), form.blame(error), label_id)
        return invalid(form, "projects/settings/labels.html", **shown)
    return go(_list(project), "Saved")


@bp.post("/projects/<identifier>/settings/labels/<int:label_id>/deletion")
@requires(P.EDIT, load=project_by_identifier)
def destroy_label(project: Project, label_id: int) -> Response:
    label = label_of(project, label_id)
    name = label.name
    delete_label(project, label, by=current_member)
    return go(_list(project), f"{name} deleted")


def _list(project: Project) -> str:
    return url_for("projects.list_labels", identifier=project.identifier)


def _shown(project: Project, new: LabelForm, broken: LabelForm | None = None, broken_id: int = 0) -> dict[str, Any]:
    """All labels, each with a form of its own; the one that was refused keeps what was typed."""
    rows = [
        (
            label,
            broken
            if broken and label.id == broken_id
            else LabelForm(formdata=None, prefix=f"l{label.id}", name=label.name, hue=label.hue),
        )
        for label in labels_of(project.id)
    ]
    return {"project": project, "new": new, "rows": rows}
