"""Labelling projects: listed, made, looked over, deleted and restored."""

from __future__ import annotations

from flask import Response, request, url_for

from app.annotation.commands.labellings import create_labelling as make
from app.annotation.commands.labellings import delete_labellings, restore_labellings
from app.annotation.config.templates import ALL
from app.annotation.forms.labellings import NewLabellingForm
from app.annotation.models import Labelling
from app.annotation.policies import P
from app.annotation.queries.labellings import (
    Progress,
    deleted_labelling,
    labelling_by_project,
    labelling_of,
    labellings_of,
    progress_of,
    unlabelled_projects,
    work_of,
)
from app.annotation.routes import bp
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects.commands.projects import create_project
from app.projects.models import Feature, Project
from app.projects.policies import P as Projects
from app.projects.policies import works_in
from app.projects.queries import project_by_identifier, project_with
from app.search.commands.visits import note_visit
from app.web.current import current_member
from app.web.guard import refuse, requires
from app.web.htmx import wants_part
from app.web.live import shows
from app.web.replies import go, invalid, page

ONE = "/projects/<identifier>/labelling"


@bp.get("/labelling")
@requires(P.VIEW)
def list_labellings() -> Response:
    shows("labellings")
    labellings = labellings_of(current_member)
    return page("annotation/index.html", labellings=labellings, progress=progress_of(labellings), unbegun=Progress())


@bp.get("/labelling/new")
@requires(P.MANAGE)
def new_labelling() -> Response:
    form = NewLabellingForm(formdata=None, project=request.args.get("project", "")[:20].upper(), template="sentiment")
    return page("annotation/new.html", form=_offered(form), templates=ALL)


@bp.post("/labelling")
@requires(P.MANAGE)
def create_labelling() -> Response:
    form = _offered(NewLabellingForm())
    if not form.validate():
        return invalid(form, "annotation/new.html", templates=ALL)
    by = current_member._get_current_object()
    try:
        with db.session.begin_nested():
            if form.project.data:
                project = project_by_identifier(current_member, form.project.data)
                if not works_in(current_member, project):
                    refuse("permission", permission=str(P.MANAGE))
            else:
                project = create_project(form.name.data, form.identifier.data.upper(), by=by)
            make(project, form.xml, by=by)
    except Invalid as error:
        return invalid(form.blame(error), "annotation/new.html", templates=ALL)
    return go(
        url_for("annotation.new_import", identifier=project.identifier),
        _("%(name)s can be labelled: bring in texts", name=project.name),
    )


@bp.get(ONE)
@requires(P.VIEW, load=project_with(Feature.LABELLING))
def show_labelling(project: Project) -> Response:
    """How far it is and who works on it; where there is none yet, the way to one."""
    labelling = labelling_of(project)
    if labelling is None or labelling.deleted_at is not None:
        return page("annotation/none.html", project=project, deleted=labelling)
    shows(f"labelling-{labelling.id}")
    if not wants_part():
        note_visit(labelling, by=current_member)
    return page(
        "annotation/show.html",
        project=project,
        labelling=labelling,
        progress=progress_of([labelling]).get(labelling.id, Progress()),
        workers=work_of(labelling, current_member),
    )


@bp.post(f"{ONE}/deletion")
@requires(P.MANAGE, load=labelling_by_project)
def destroy_labelling(labelling: Labelling) -> Response:
    delete_labellings([labelling], by=current_member)
    return go(
        url_for("annotation.show_labelling", identifier=labelling.project.identifier),
        _("The labelling of %(name)s is deleted. It can be restored here.", name=labelling.project.name),
    )


@bp.post(f"{ONE}/restoration")
@requires(P.MANAGE, load=deleted_labelling)
def restore_labelling(labelling: Labelling) -> Response:
    restore_labellings([labelling], by=current_member)
    return go(url_for("annotation.show_labelling", identifier=labelling.project.identifier), _("It is back"))


def _offered(form: NewLabellingForm) -> NewLabellingForm:
    return form.offer(unlabelled_projects(current_member), new=current_member.may(Projects.CREATE))
