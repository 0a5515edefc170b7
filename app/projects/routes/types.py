"""Types of issues and their properties, for the organization; and which of them a project uses."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.kernel.errors import Invalid, NotFound
from app.kernel.words import gettext as _
from app.projects.commands.properties import add_property, delete_property, edit_property, move_property
from app.projects.commands.types import add_type, delete_type, edit_type, use_types
from app.projects.forms import PlaceForm, PropertyForm, TypeForm, UsedTypesForm
from app.projects.models import Feature, IssueProperty, IssueType, Project
from app.projects.policies import P
from app.projects.queries import all_types, project_with, type_of, used_types
from app.projects.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page, reply

_typed = project_with(Feature.TYPES)


@bp.get("/settings/issue-types")
@requires(P.SHARED)
def list_types() -> Response:
    return page("projects/shared/types.html", form=TypeForm(formdata=None), kinds=all_types())


@bp.post("/settings/issue-types")
@requires(P.SHARED)
def create_type() -> Response:
    form = TypeForm()
    if not form.validate():
        return invalid(form, "projects/shared/types.html", kinds=all_types())
    values = {name: form[name].data for name in ("icon", "hue", "level")}
    try:
        kind = add_type(form.name.data, by=current_member, description=form.description.data or "", **values)
    except Invalid as error:
        return invalid(form.blame(error), "projects/shared/types.html", kinds=all_types())
    return go(url_for("projects.show_type", type_id=kind.id), _("%(name)s added", name=kind.name))


@bp.get("/settings/issue-types/<int:type_id>")
@requires(P.SHARED)
def show_type(type_id: int) -> Response:
    kind = type_of(type_id)
    return page("projects/shared/type.html", **_shown(kind))


@bp.post("/settings/issue-types/<int:type_id>")
@requires(P.SHARED)
def update_type(type_id: int) -> Response:
    kind, form = type_of(type_id), TypeForm()
    if not form.validate():
        return invalid(form, "projects/shared/type.html", **_shown(kind, form))
    values = {name: form[name].data for name in ("name", "icon", "hue", "level", "is_active")}
    try:
        edit_type(kind, by=current_member, description=form.description.data or "", **values)
    except Invalid as error:
        return invalid(form.blame(error), "projects/shared/type.html", **_shown(kind, form))
    return go(url_for("projects.show_type", type_id=kind.id), _("Saved"))


@bp.post("/settings/issue-types/<int:type_id>/deletion")
@requires(P.SHARED)
def destroy_type(type_id: int) -> Response:
    kind = type_of(type_id)
    name = kind.name
    delete_type(kind, by=current_member)
    return go(url_for("projects.list_types"), _("%(name)s deleted", name=name))


@bp.post("/settings/issue-types/<int:type_id>/properties")
@requires(P.SHARED)
def create_property(type_id: int) -> Response:
    kind, form = type_of(type_id), PropertyForm()
    if not form.validate():
        return invalid(form, "projects/shared/type.html", **_shown(kind, new=form))
    try:
        add_property(
            kind,
            form.name.data,
            form.kind.data,
            by=current_member,
            is_required=form.is_required.data,
            starts_as=form.starts_as.data or "",
            options=form.answers(),
        )
    except Invalid as error:
        return invalid(form.blame(error), "projects/shared/type.html", **_shown(kind, new=form))
    return go(url_for("projects.show_type", type_id=kind.id), _("%(name)s added", name=form.name.data))


@bp.get("/settings/issue-types/<int:type_id>/properties/<int:property_id>")
@requires(P.SHARED)
def show_property(type_id: int, property_id: int) -> Response:
    kind = type_of(type_id)
    field = _property(kind, property_id)
    form = PropertyForm(
        formdata=None,
        name=field.name,
        kind=field.kind,
        options="\n".join(option.name for option in field.options),
        starts_as=field.starts_as,
        is_required=field.is_required,
    )
    return page("projects/shared/property.html", form=form, kind=kind, field=field)


@bp.post("/settings/issue-types/<int:type_id>/properties/<int:property_id>")
@requires(P.SHARED)
def update_property(type_id: int, property_id: int) -> Response:
    kind = type_of(type_id)
    field, form = _property(kind, property_id), PropertyForm()
    form.kind.data, form.kind.raw_data = field.kind, [field.kind.value]  # it stays as it is
    if not form.validate():
        return invalid(form, "projects/shared/property.html", kind=kind, field=field)
    try:
        edit_property(
            kind,
            field,
            by=current_member,
            name=form.name.data,
            is_required=form.is_required.data,
            starts_as=form.starts_as.data or "",
            options=form.answers(),
        )
    except Invalid as error:
        return invalid(form.blame(error), "projects/shared/property.html", kind=kind, field=field)
    return go(url_for("projects.show_type", type_id=kind.id), _("Saved"))


@bp.post("/settings/issue-types/<int:type_id>/properties/<int:property_id>/deletion")
@requires(P.SHARED)
def destroy_property(type_id: int, property_id: int) -> Response:
    kind = type_of(type_id)
    field = _property(kind, property_id)
    name = field.name
    delete_property(kind, field, by=current_member)
    return go(url_for("projects.show_type", type_id=kind.id), _("%(name)s deleted", name=name))


@bp.post("/settings/issue-types/<int:type_id>/properties/order")
@requires(P.SHARED)
def update_property_order(type_id: int) -> Response:
    """A property was dropped, by pointer or keys."""
    kind, form = type_of(type_id), PlaceForm()
    if not form.ids.validate(form):
        raise Invalid(" ".join(form.ids.errors), "ids")
    field = _property(kind, form.ids.data)
    move_property(kind, field, after=form.after.data, before=form.before.data, by=current_member)
    return reply("projects/settings/moved.html", name=field.name)


@bp.get("/projects/<identifier>/settings/issue-types")
@requires(P.EDIT, load=_typed)
def list_used_types(project: Project) -> Response:
    kinds, used = [kind for kind in all_types() if kind.is_active], used_types(project.id)
    default = next((number for number, is_default in used.items() if is_default), None)
    form = UsedTypesForm(formdata=None, types=list(used), default=default).offer(kinds)
    return page("projects/settings/types.html", form=form, project=project, kinds=kinds)


@bp.post("/projects/<identifier>/settings/issue-types")
@requires(P.EDIT, load=_typed)
def update_used_types(project: Project) -> Response:
    kinds = [kind for kind in all_types() if kind.is_active]
    form = UsedTypesForm().offer(kinds)
    if not form.validate():
        return invalid(form, "projects/settings/types.html", project=project, kinds=kinds)
    by_id = {kind.id: kind for kind in kinds}
    try:
        default = by_id.get(form.default.data or 0)
        use_types(project, [by_id[number] for number in form.types.data], default=default, by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "projects/settings/types.html", project=project, kinds=kinds)
    return go(url_for("projects.list_used_types", identifier=project.identifier), _("Saved"))


def _property(kind: IssueType, property_id: int) -> IssueProperty:
    found = next((field for field in kind.properties if field.id == property_id), None)
    if found is None:
        raise NotFound
    return found


def _shown(kind: IssueType, form: TypeForm | None = None, new: PropertyForm | None = None) -> dict[str, Any]:
    own = form or TypeForm(
        formdata=None,
        name=kind.name,
        icon=kind.icon,
        hue=kind.hue,
        level=kind.level,
        description=kind.description,
        is_active=kind.is_active,
    )
    return {"kind": kind, "own": own, "new": new or PropertyForm(formdata=None)}
