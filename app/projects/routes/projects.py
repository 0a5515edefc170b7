"""Projects themselves: listed, made, changed, deleted, restored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, make_response, request, url_for

from app.documents.commands import StaleEdit, discard_draft
from app.documents.queries import draft_of
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects.commands.projects import create_project as make
from app.projects.commands.projects import delete_projects, edit_project, restore_projects, set_status
from app.projects.forms import FeaturesForm, GroupChoiceForm, NamedForm, NewProjectForm, SettingsForm, StatusForm
from app.projects.identifiers import suggest_identifier
from app.projects.models import Feature, Project, ProjectGroup
from app.projects.policies import P, roles_in
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
from app.projects.queries.grouping import groups, template_of, templates
from app.projects.queries.tags import tags_of
from app.projects.routes import bp
from app.web.current import current_member
from app.web.forms import one_line
from app.web.guard import requires
from app.web.live import shows
from app.web.replies import go, invalid, page, reply
from app.web.urls import whole

NEW = "project:new"


@bp.get("/projects")
@requires(P.VIEW)
def list_projects() -> Response:
    shows("projects")
    every = projects_of(current_member)
    roles_in(current_member, [project.id for project in every])  # each row asks what the member is there
    projects = [project for project in every if not project.is_archived]
    tags, asked = tags_of(every), request.args.get("tag", type=whole)
    if asked is not None:
        projects = [project for project in projects if asked in {tag.id for tag in tags.get(project.id, ())}]
    deleted = deleted_projects_of(current_member) if current_member.may(P.DELETE) else ()
    return page(
        "projects/index.html",
        projects=projects,
        leads=leads_of(projects),
        counts=people_counts(projects),
        deleted=deleted,
        tags=tags,
        asked=next((tag for borne in tags.values() for tag in borne if tag.id == asked), None),
        archived=[project for project in every if project.is_archived],
        grouped=_grouped(projects),
    )


@bp.get("/projects/new")
@requires(P.CREATE)
def new_project() -> Response:
    return page(
        "projects/new.html", form=NewProjectForm(formdata=None).offer(templates()), draft=draft_of(current_member, NEW)
    )


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
    form = NewProjectForm().offer(templates())
    if not form.validate():
        return invalid(form, "projects/new.html")
    try:
        project = make(
            form.name.data,
            form.identifier.data.upper(),
            by=current_member._get_current_object(),
            description=form.description.data or "",
            emoji=form.emoji.data,
            template=template_of(form.template.data) if form.template.data else None,
        )
    except Invalid as error:
        return invalid(form.blame(error), "projects/new.html")
    discard_draft(current_member, NEW)
    return go(
        url_for("projects.show_project", identifier=project.identifier), _("%(name)s is ready", name=project.name)
    )


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
        start_date=project.start_date,
        due_date=project.due_date,
        version=project.version,
    ).offer(people_of(project.id))
    return page(
        "projects/settings/general.html", form=form, draft=draft_of(current_member, _key(project)), **_shown(project)
    )


@bp.post("/projects/<identifier>/settings")
@requires(P.EDIT, load=project_by_identifier)
def update_settings(project: Project) -> Response:
    form = SettingsForm().offer(people_of(project.id))
    if not form.validate():
        return invalid(form, "projects/settings/general.html", **_shown(project))
    try:
        _save(project, form)
    except StaleEdit as error:
        form.version.data, form.version.raw_data = project.version, None
        return invalid(form, "projects/settings/general.html", stale=str(error), **_shown(project))
    except Invalid as error:
        return invalid(form.blame(error), "projects/settings/general.html", **_shown(project))
    discard_draft(current_member, _key(project))
    return go(url_for("projects.show_settings", identifier=project.identifier), _("Saved"))


@bp.post("/projects/<identifier>/features")
@requires(P.EDIT, load=project_by_identifier)
def update_features(project: Project) -> Response:
    form = FeaturesForm()
    if not form.validate():
        raise Invalid(" ".join(form.features.errors), "features")
    off = sorted(feature.value for feature in Feature if feature.value not in (form.features.data or ()))
    edit_project(project, by=current_member, features_off=off)
    return go(url_for("projects.show_settings", identifier=project.identifier), _("Saved"))


@bp.post("/projects/<identifier>/status")
@requires(P.ARCHIVE, load=project_by_identifier)
def update_status(project: Project) -> Response:
    """Also of an archived project, which nothing else changes."""
    form = StatusForm()
    if not form.validate():
        raise Invalid(" ".join(form.status.errors), "status")
    set_status([project], form.status.data, by=current_member)
    said = _("%(name)s: %(status)s", name=project.name, status=str(form.status.data.label))
    if project.is_archived:
        return go(url_for("projects.list_projects"), said)
    return go(url_for("projects.show_settings", identifier=project.identifier), said)


def _save(project: Project, form: SettingsForm) -> None:
    edit_project(
        project,
        by=current_member,
        seen=form.version.data,
        name=form.name.data,
        emoji=form.emoji.data or None,
        description=form.description.data or "",
        lead_id=form.lead.data,
        default_assignee_id=form.default_assignee.data,
        start_date=form.start_date.data,
        due_date=form.due_date.data,
    )


@bp.post("/projects/<identifier>/deletion")
@requires(P.DELETE, load=project_by_identifier)
def destroy_project(project: Project) -> Response:
    delete_projects([project], by=current_member)
    return go(url_for("projects.list_projects"), _("%(name)s deleted. It can be restored below.", name=project.name))


@bp.post("/projects/<identifier>/restoration")
@requires(P.DELETE, load=deleted_project)
def restore_project(project: Project) -> Response:
    restore_projects([project], by=current_member)
    return go(url_for("projects.list_projects"), _("%(name)s is back", name=project.name))


def _grouped(projects: Sequence[Project]) -> list[tuple[ProjectGroup | None, list[Project]]]:
    """Under their headings, in the order of these; those without one come last."""
    found = [(group, [project for project in projects if project.group_id == group.id]) for group in groups()]
    rest = [project for project in projects if project.group_id is None]
    return [(group, those) for group, those in [*found, (None, rest)] if those]


def _shown(project: Project) -> dict[str, Any]:
    """What stands on the page beside its first form."""
    on = [feature.value for feature in Feature if project.has(feature)]
    return {
        "project": project,
        "status_form": StatusForm(formdata=None, status=project.status),
        "features_form": FeaturesForm(formdata=None, features=on),
        "group_form": GroupChoiceForm(formdata=None, group=project.group_id).offer(groups()),
        "template_form": NamedForm(formdata=None, name=project.name),
    }


def _key(project: Project) -> str:
    return f"project:{project.identifier}:settings"
