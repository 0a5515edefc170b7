"""Merging labels: what bears the one bears the other."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.boards.commands.labels import bearers, merge_labels
from app.boards.forms import MergeForm
from app.boards.routes import bp
from app.kernel.words import gettext as _
from app.projects.models import Label, Project
from app.projects.policies import P
from app.projects.queries import label_of, labels_of, own_labels_of, paths_of, project_by_identifier
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page


@bp.get("/projects/<identifier>/settings/labels/<int:label_id>/merging")
@requires(P.EDIT, load=project_by_identifier)
def new_merging(project: Project, label_id: int) -> Response:
    """Which label it should become: a page, or what stands in the dialog."""
    label = label_of(project, label_id)
    return page("boards/labels/merging.html", **_shown(project, label, MergeForm(formdata=None)))


@bp.post("/projects/<identifier>/settings/labels/<int:label_id>/merging")
@requires(P.EDIT, load=project_by_identifier)
def create_merging(project: Project, label_id: int) -> Response:
    label = label_of(project, label_id)
    return _merge(project, label, url_for("projects.list_labels", identifier=project.identifier))


@bp.get("/settings/labels/<int:label_id>/merging")
@requires(P.SHARED)
def new_shared_merging(label_id: int) -> Response:
    label = label_of(None, label_id)
    return page("boards/labels/merging.html", **_shown(None, label, MergeForm(formdata=None)))


@bp.post("/settings/labels/<int:label_id>/merging")
@requires(P.SHARED)
def create_shared_merging(label_id: int) -> Response:
    return _merge(None, label_of(None, label_id), url_for("projects.list_shared_labels"))


def _merge(project: Project | None, label: Label, back: str) -> Response:
    form, name = MergeForm(), label.name
    shown = _shown(project, label, form)
    if not form.validate():
        return invalid(form, "boards/labels/merging.html", **{key: shown[key] for key in shown if key != "form"})
    into = next(one for one in _others(project, label) if one.id == form.into.data)
    merge_labels(project, label, into=into, by=current_member)
    return go(back, _("%(name)s is %(other)s now", name=name, other=into.name))


def _others(project: Project | None, label: Label) -> list[Label]:
    labels = labels_of(project.id) if project else own_labels_of(None)
    return [one for one in labels if one.id != label.id]


def _shown(project: Project | None, label: Label, form: MergeForm) -> dict[str, Any]:
    others = _others(project, label)
    form.offer(others, paths_of(others))
    return {"project": project, "label": label, "form": form, "count": bearers([label.id]).get(label.id, 0)}
