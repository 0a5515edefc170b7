"""Groups and templates of projects."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects.commands import grouping
from app.projects.commands.projects import put_into_group
from app.projects.forms import GroupChoiceForm, NamedForm, PlaceForm
from app.projects.models import Project, ProjectGroup, ProjectTemplate
from app.projects.policies import P
from app.projects.queries import project_by_identifier
from app.projects.queries.grouping import group_of, groups, template_of, templates
from app.projects.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page, reply


@bp.get("/settings/project-groups")
@requires(P.SHARED)
def list_groups() -> Response:
    return page("projects/shared/groups.html", **_groups(NamedForm(formdata=None)))


@bp.post("/settings/project-groups")
@requires(P.SHARED)
def create_group() -> Response:
    form = NamedForm()
    if not form.validate():
        return invalid(form, "projects/shared/groups.html", **_groups(form))
    try:
        grouping.add_group(form.name.data, by=current_member, description=form.description.data or "")
    except Invalid as error:
        return invalid(form.blame(error), "projects/shared/groups.html", **_groups(form))
    return go(url_for("projects.list_groups"), _("%(name)s added", name=form.name.data))


@bp.post("/settings/project-groups/<int:group_id>")
@requires(P.SHARED)
def update_group(group_id: int) -> Response:
    group, form = group_of(group_id), NamedForm(prefix=f"g{group_id}")
    new = NamedForm(formdata=None)
    if not form.validate():
        return invalid(form, "projects/shared/groups.html", **_groups(new, form, group_id))
    try:
        grouping.edit_group(group, by=current_member, name=form.name.data, description=form.description.data or "")
    except Invalid as error:
        return invalid(form, "projects/shared/groups.html", **_groups(new, form.blame(error), group_id))
    return go(url_for("projects.list_groups"), _("Saved"))


@bp.post("/settings/project-groups/<int:group_id>/deletion")
@requires(P.SHARED)
def destroy_group(group_id: int) -> Response:
    group = group_of(group_id)
    name = group.name
    grouping.delete_group(group, by=current_member)
    return go(url_for("projects.list_groups"), _("%(name)s deleted", name=name))


@bp.post("/settings/project-groups/order")
@requires(P.SHARED)
def update_group_order() -> Response:
    """A group was dropped, by pointer or keys."""
    form = PlaceForm()
    if not form.ids.validate(form):
        raise Invalid(" ".join(form.ids.errors), "ids")
    group = group_of(form.ids.data)
    grouping.move_group(group, after=form.after.data, before=form.before.data, by=current_member)
    return reply("projects/settings/moved.html", name=group.name)


@bp.post("/projects/<identifier>/group")
@requires(P.EDIT, load=project_by_identifier)
def update_project_group(project: Project) -> Response:
    form = GroupChoiceForm().offer(groups())
    if not form.validate():
        raise Invalid(" ".join(form.group.errors), "group")
    put_into_group([project], group_of(form.group.data) if form.group.data else None, by=current_member)
    return go(url_for("projects.show_settings", identifier=project.identifier), _("Saved"))


@bp.get("/settings/project-templates")
@requires(P.SHARED)
def list_templates() -> Response:
    return page("projects/shared/templates.html", **_templates())


@bp.post("/projects/<identifier>/template")
@requires(P.SHARED, load=project_by_identifier)
def create_template(project: Project) -> Response:
    """Save how a project is shaped."""
    form = NamedForm()
    if not form.validate():
        raise Invalid(" ".join(error for field in form for error in field.errors), "name")
    grouping.save_template(project, form.name.data, by=current_member, description=form.description.data or "")
    return go(url_for("projects.list_templates"), _("%(name)s saved", name=form.name.data))


@bp.post("/settings/project-templates/<int:template_id>")
@requires(P.SHARED)
def update_template(template_id: int) -> Response:
    template, form = template_of(template_id), NamedForm(prefix=f"t{template_id}")
    if not form.validate():
        return invalid(form, "projects/shared/templates.html", **_templates(form, template_id))
    try:
        grouping.edit_template(
            template, by=current_member, name=form.name.data, description=form.description.data or ""
        )
    except Invalid as error:
        return invalid(form, "projects/shared/templates.html", **_templates(form.blame(error), template_id))
    return go(url_for("projects.list_templates"), _("Saved"))


@bp.post("/settings/project-templates/<int:template_id>/deletion")
@requires(P.SHARED)
def destroy_template(template_id: int) -> Response:
    template = template_of(template_id)
    name = template.name
    grouping.delete_template(template, by=current_member)
    return go(url_for("projects.list_templates"), _("%(name)s deleted", name=name))


def _groups(new: NamedForm, broken: NamedForm | None = None, broken_id: int = 0) -> dict[str, Any]:
    return {"new": new, "rows": [(row, _form(row, f"g{row.id}", broken, broken_id)) for row in groups()]}


def _templates(broken: NamedForm | None = None, broken_id: int = 0) -> dict[str, Any]:
    return {"rows": [(row, _form(row, f"t{row.id}", broken, broken_id)) for row in templates()]}


def _form(row: ProjectGroup | ProjectTemplate, prefix: str, broken: NamedForm | None, broken_id: int) -> NamedForm:
    if broken and row.id == broken_id:
        return broken
    return NamedForm(formdata=None, prefix=prefix, name=row.name, description=row.description)
