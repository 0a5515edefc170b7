"""Projects themselves: listed, made, changed, deleted, restored."""

from __future__ import annotations

from flask import Response, make_response, request, url_for

from app.documents.commands import discard_draft
from app.documents.queries import draft_of
from app.kernel.errors import Invalid
from app.projects.commands.projects import create_project as make
from app.projects.commands.projects import delete_projects, edit_project, restore_projects
from app.projects.forms import NewProjectForm, SettingsForm
from app.projects.identifiers import suggest_identifier
from app.projects.models import Project
from app.projects.policies import P
from app.projects.queries import (
    deleted_project,
    deleted_projects_of,
    leads_of,
    people_counts,
    people_of,
    project_by_identifier,
    projects_of,
    taken_identifiers,
)
from app.projects.routes import bp
from app.web.current import current_member
from app.web.forms import one_line
from app.web.guard import requires
from app.web.live import shows
from app.web.replies import go, invalid, page, reply

NEW = "project:new"


@bp.get("/projects")
@requires(P.VIEW)
def list_projects() -> Response:
    shows("projects")
    projects = projects_of(current_member)
    deleted = deleted_projects_of(current_member) if current_member.may(P.DELETE) else ()
    return page(
        "projects/index.html",
        projects=projects,
        leads=leads_of(projects),
        counts=people_counts(projects),
        deleted=deleted,
    )


@bp.get("/projects/new")
@requires(P.CREATE)
def new_project() -> Response:
    return page("projects/new.html", form=NewProjectForm(formdata=None), draft=draft_of(current_member, NEW))


@bp.get("/projects/key")
@requires(P.CREATE)
def suggest_key() -> Response:
    """The field with a key that fits the name; nothing when somebody has written one of their own."""
    suggested, own = request.args.get("suggested", ""), request.args.get("identifier", "")
    if own.strip() and own != suggested:
        return make_response("", 204)
    name = one_line(request.args.get("name", "")[:200]) or ""
    form = NewProjectForm(formdata=None, identifier=suggest_identifier(name, taken_identifiers()) if name else "")
    return reply("projects/key.html", form=form)


@bp.post("/projects")
@requires(P.CREATE)
def create_project() -> Response:
    form = NewProjectForm()
    if not form.validate():
        return invalid(form, "projects/new.html")
    try:
        project = make(
            form.name.data,
            form.identifier.data.upper(),
            by=current_member._get_current_object(),
            description=form.description.data or "",
            emoji=form.emoji.data,
        )
    except Invalid as error:
        return invalid(form.blame(error), "projects/new.html")
    discard_draft(current_member, NEW)
    return go(url_for("projects.show_project", identifier=project.identifier), f"{project.name} is ready")


@bp.get("/projects/<identifier>")
@requires(P.VIEW, load=project_by_identifier)
def show_project(project: Project) -> Response:
    """A project opens on its board, which stands one room up."""
    return go(f"{url_for('projects.show_project', identifier=project.identifier)}/board")


@bp.get("/projects/<identifier>/settings")
@requires(P.EDIT, load=project_by_identifier)
def show_settings(project: Project) -> Response:
    form = SettingsForm(
        formdata=None,
        name=project.name,
        emoji=project.emoji,
        description=project.description,
        lead=project.lead_id,
        default_assignee=project.default_assignee_id,
    ).offer(people_of(project.id))
    return page(
        "projects/settings/general.html", project=project, form=form, draft=draft_of(current_member, _key(project))
    )


@bp.post("/projects/<identifier>/settings")
@requires(P.EDIT, load=project_by_identifier)
def update_settings(project: Project) -> Response:
    form = SettingsForm().offer(people_of(project.id))
    if not form.validate():
        return invalid(form, "projects/settings/general.html", project=project)
    edit_project(
        project,
        by=current_member,
        name=form.name.data,
        emoji=form.emoji.data or None,
        description=form.description.data or "",
        lead_id=form.lead.data,
        default_assignee_id=form.default_assignee.data,
    )
    discard_draft(current_member, _key(project))
    return go(url_for("projects.show_settings", identifier=project.identifier), "Saved")


@bp.post("/projects/<identifier>/deletion")
@requires(P.DELETE, load=project_by_identifier)
def destroy_project(project: Project) -> Response:
    delete_projects([project], by=current_member)
    return go(url_for("projects.list_projects"), f"{project.name} deleted. It can be restored below.")


@bp.post("/projects/<identifier>/restoration")
@requires(P.DELETE, load=deleted_project)
def restore_project(project: Project) -> Response:
    restore_projects([project], by=current_member)
    return go(url_for("projects.list_projects"), f"{project.name} is back")


def _key(project: Project) -> str:
    return f"project:{project.identifier}:settings"
