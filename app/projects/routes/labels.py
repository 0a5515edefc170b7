"""The labels of a project, and those of all projects: in a tree."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects.commands.labels import add_label, delete_label, edit_label, move_label
from app.projects.counting import bearers_of
from app.projects.forms import LabelForm, PlaceForm
from app.projects.models import Label, Project
from app.projects.policies import P
from app.projects.queries import label_of, own_labels_of, paths_of, project_by_identifier
from app.projects.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page, reply


@bp.get("/projects/<identifier>/settings/labels")
@requires(P.EDIT, load=project_by_identifier)
def list_labels(project: Project) -> Response:
    return _list(project)


@bp.post("/projects/<identifier>/settings/labels")
@requires(P.EDIT, load=project_by_identifier)
def create_label(project: Project) -> Response:
    return _create(project)


@bp.post("/projects/<identifier>/settings/labels/<int:label_id>")
@requires(P.EDIT, load=project_by_identifier)
def update_label(project: Project, label_id: int) -> Response:
    return _update(project, label_id)


@bp.post("/projects/<identifier>/settings/labels/<int:label_id>/deletion")
@requires(P.EDIT, load=project_by_identifier)
def destroy_label(project: Project, label_id: int) -> Response:
    return _destroy(project, label_id)


@bp.post("/projects/<identifier>/settings/labels/order")
@requires(P.EDIT, load=project_by_identifier)
def update_label_order(project: Project) -> Response:
    """A label was dropped, by pointer or keys."""
    return _move(project)


@bp.get("/settings/labels")
@requires(P.SHARED)
def list_shared_labels() -> Response:
    return _list(None)


@bp.post("/settings/labels")
@requires(P.SHARED)
def create_shared_label() -> Response:
    return _create(None)


@bp.post("/settings/labels/<int:label_id>")
@requires(P.SHARED)
def update_shared_label(label_id: int) -> Response:
    return _update(None, label_id)


@bp.post("/settings/labels/<int:label_id>/deletion")
@requires(P.SHARED)
def destroy_shared_label(label_id: int) -> Response:
    return _destroy(None, label_id)


@bp.post("/settings/labels/order")
@requires(P.SHARED)
def update_shared_label_order() -> Response:
    return _move(None)


def _list(project: Project | None) -> Response:
    return page(_template(project), **_shown(project, LabelForm(formdata=None)))


def _create(project: Project | None) -> Response:
    form = LabelForm()
    if not form.validate():
        return invalid(form, _template(project), **_shown(project, form))
    try:
        add_label(project, form.name.data, form.hue.data, parent_id=form.parent.data, by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), _template(project), **_shown(project, form))
    return go(_here(project), _("%(name)s added", name=form.name.data))


def _update(project: Project | None, label_id: int) -> Response:
    label, form = label_of(project, label_id), LabelForm(prefix=f"l{label_id}")
    if not form.validate():
        return invalid(form, _template(project), **_shown(project, LabelForm(formdata=None), form, label_id))
    # A form without the field does not move it.
    parent = form.parent.data if form.parent.raw_data else label.parent_id
    try:
        edit_label(project, label, by=current_member, name=form.name.data, hue=form.hue.data, parent_id=parent)
    except Invalid as error:
        shown = _shown(project, LabelForm(formdata=None), form.blame(error), label_id)
        return invalid(form, _template(project), **shown)
    return go(_here(project), _("Saved"))


def _destroy(project: Project | None, label_id: int) -> Response:
    label = label_of(project, label_id)
    name = label.name
    delete_label(project, label, by=current_member)
    return go(_here(project), _("%(name)s deleted", name=name))


def _move(project: Project | None) -> Response:
    form = PlaceForm()
    if not form.ids.validate(form):
        raise Invalid(" ".join(form.ids.errors), "ids")
    label = label_of(project, form.ids.data)
    move_label(project, label, after=form.after.data, before=form.before.data, by=current_member)
    return reply("projects/settings/moved.html", name=label.name)


def _here(project: Project | None) -> str:
    if project is None:
        return url_for("projects.list_shared_labels")
    return url_for("projects.list_labels", identifier=project.identifier)


def _template(project: Project | None) -> str:
    return "projects/settings/labels.html" if project else "projects/shared/labels.html"


def _shown(
    project: Project | None, new: LabelForm, broken: LabelForm | None = None, broken_id: int = 0
) -> dict[str, Any]:
    """All labels, each with a form of its own; the one that was refused keeps what was typed."""
    labels = own_labels_of(project.id if project else None)
    paths = paths_of(labels)

    def form_of(label: Label) -> LabelForm:
        if broken and label.id == broken_id:
            return broken
        values = {"name": label.name, "hue": label.hue, "parent": label.parent_id}
        return LabelForm(formdata=None, prefix=f"l{label.id}", **values)

    return {
        "project": project,
        "new": new.offer(labels, paths),
        "rows": [(label, form_of(label).offer(labels, paths, label.id)) for label in labels],
        "depths": {number: len(path.split(" / ")) if path else 0 for number, path in paths.items()},
        "bearers": bearers_of([label.id for label in labels]),
        "labels_url": _here(project),
    }
