"""Workspaces: listed, made, changed, archived, deleted; who is in them."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.kernel.access import may
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.organizations.groups.beside import parts_of
from app.organizations.groups.commands.workspaces import (
    archive_workspaces,
    create_workspace,
    delete_workspaces,
    edit_workspace,
    join_workspace,
    personal_workspace,
    put_in_workspace,
    restore_workspaces,
    return_workspaces,
    take_out_of_workspace,
)
from app.organizations.groups.forms import SHORT_STANDINGS, STANDINGS, PeopleForm, WorkspaceForm, others
from app.organizations.groups.policies import W, may_edit_workspace
from app.organizations.groups.queries import (
    deleted_workspace,
    deleted_workspaces_of,
    people_of_workspace,
    standings_in_workspaces,
    workspace_by_id,
    workspace_counts,
    workspaces_of,
)
from app.organizations.models import Access, Standing, Workspace
from app.organizations.queries import colleagues, members_by_ids
from app.organizations.routes import bp
from app.web.current import current_member
from app.web.guard import refuse, requires
from app.web.live import shows
from app.web.replies import go, invalid, page
from app.web.urls import TENANT

_EDIT = "organizations/workspaces/edit.html"


@bp.get(f"{TENANT}/workspaces")
@requires(W.VIEW)
def list_workspaces() -> Response:
    shows("workspaces")
    workspaces = workspaces_of(current_member)
    return page(
        "organizations/workspaces/index.html",
        workspaces=workspaces,
        counts=workspace_counts(workspaces),
        mine=standings_in_workspaces(current_member, workspaces),
        roles=SHORT_STANDINGS,
        deleted=deleted_workspaces_of(current_member) if current_member.may(W.EVERY) else (),
    )


@bp.get(f"{TENANT}/workspaces/new")
@requires(W.CREATE)
def new_workspace() -> Response:
    return page(_EDIT, form=WorkspaceForm(formdata=None), workspace=None)


@bp.post(f"{TENANT}/workspaces")
@requires(W.CREATE)
def create_new_workspace() -> Response:
    form = WorkspaceForm()
    if not form.validate():
        return invalid(form, _EDIT, workspace=None)
    try:
        made = create_workspace(by=current_member._get_current_object(), **_values(form))
    except Invalid as error:
        return invalid(form.blame(error), _EDIT, workspace=None)
    return go(_there(made), _("%(name)s is ready", name=made.name))


@bp.post(f"{TENANT}/workspaces/personal")
@requires(W.CREATE)
def create_personal() -> Response:
    """One's own, made when it is first asked for."""
    return go(_there(personal_workspace(current_member._get_current_object())))


@bp.get(f"{TENANT}/workspaces/<int:workspace_id>")
@requires(W.VIEW, load=workspace_by_id)
def show_workspace(workspace: Workspace) -> Response:
    shows("workspaces", "projects")
    return page("organizations/workspaces/show.html", form=_people_form(), **_shown(workspace))


@bp.get(f"{TENANT}/workspaces/<int:workspace_id>/settings")
@requires(W.EDIT, load=workspace_by_id)
def edit_one_workspace(workspace: Workspace) -> Response:
    return page(_EDIT, form=WorkspaceForm(formdata=None, obj=workspace), workspace=workspace)


@bp.post(f"{TENANT}/workspaces/<int:workspace_id>/settings")
@requires(W.EDIT, load=workspace_by_id)
def update_workspace(workspace: Workspace) -> Response:
    form = WorkspaceForm()
    if workspace.is_personal:
        del form.access
    if not form.validate():
        return invalid(form, _EDIT, workspace=workspace)
    values = _values(form)
    try:
        edit_workspace(workspace, by=current_member, **values)
    except Invalid as error:
        return invalid(form.blame(error), _EDIT, workspace=workspace)
    return go(_there(workspace), _("Saved"))


@bp.post(f"{TENANT}/workspaces/<int:workspace_id>/members")
@requires(W.EDIT, load=workspace_by_id)
def put_workspace_members(workspace: Workspace) -> Response:
    """Let people in, or change what they are."""
    form = _people_form()
    if not form.validate():
        return invalid(form, "organizations/workspaces/show.html", **_shown(workspace))
    members = members_by_ids(current_member, form.ids.data)
    put_in_workspace(workspace, members, role=Standing(form.role.data), by=current_member)
    return go(_there(workspace), _("Saved"))


@bp.post(f"{TENANT}/workspaces/<int:workspace_id>/members/removal")
@requires(W.VIEW, load=workspace_by_id)
def remove_workspace_members(workspace: Workspace) -> Response:
    """Put people out, or leave."""
    form = PeopleForm().offer({"member": ""})
    if not form.ids.validate(form):
        raise Invalid(_("Choose somebody first."), "ids")
    if form.ids.data != [current_member.id] and not may_edit_workspace(current_member, workspace):
        refuse("permission", permission=str(W.EDIT))
    members = members_by_ids(current_member, form.ids.data)
    take_out_of_workspace(workspace, members, by=current_member)
    said = _("%(name)s is out of the workspace", name=", ".join(member.name for member in members))
    left = form.ids.data == [current_member.id]
    return go(url_for("organizations.list_workspaces") if left else _there(workspace), said)


@bp.post(f"{TENANT}/workspaces/<int:workspace_id>/joining")
@requires(W.VIEW_PUBLIC, load=workspace_by_id)
def join_one_workspace(workspace: Workspace) -> Response:
    join_workspace(workspace, by=current_member)
    return go(_there(workspace), _("You are in %(name)s now", name=workspace.name))


@bp.post(f"{TENANT}/workspaces/<int:workspace_id>/archival")
@requires(W.EDIT, load=workspace_by_id)
def archive_workspace(workspace: Workspace) -> Response:
    archive_workspaces([workspace], by=current_member)
    return go(_there(workspace), _("In the archive now"))


@bp.post(f"{TENANT}/workspaces/<int:workspace_id>/return")
@requires(W.EDIT, load=workspace_by_id)
def return_workspace(workspace: Workspace) -> Response:
    return_workspaces([workspace], by=current_member)
    return go(_there(workspace), _("Out of the archive"))


@bp.post(f"{TENANT}/workspaces/<int:workspace_id>/deletion")
@requires(W.EDIT, load=workspace_by_id)
def destroy_workspace(workspace: Workspace) -> Response:
    delete_workspaces([workspace], by=current_member)
    return go(url_for("organizations.list_workspaces"), _("%(name)s deleted. Its projects stay.", name=workspace.name))


@bp.post(f"{TENANT}/workspaces/<int:workspace_id>/restoration")
@requires(W.EVERY, load=deleted_workspace)
def restore_workspace(workspace: Workspace) -> Response:
    restore_workspaces([workspace], by=current_member)
    return go(_there(workspace), _("%(name)s is back", name=workspace.name))


def _there(workspace: Workspace) -> str:
    return url_for("organizations.show_workspace", workspace_id=workspace.id)


def _values(form: WorkspaceForm) -> dict[str, Any]:
    values = {
        "name": form.name.data,
        "emoji": form.emoji.data or None,
        "hue": form.hue.data,
        "inherits": form.inherits.data,
        "description": form.description.data or "",
    }
    return {**values, "access": Access(form.access.data)} if "access" in form else values


def _people_form() -> PeopleForm:
    return PeopleForm().offer({role.value: text for role, text in STANDINGS.items()})


def _shown(workspace: Workspace) -> dict[str, Any]:
    people = people_of_workspace(workspace)
    edits = may(current_member, W.EDIT, workspace)
    inside = any(member.id == current_member.id for member, _role in people)
    public = workspace.access is Access.PUBLIC
    return {
        "workspace": workspace,
        "people": people,
        "others": others(colleagues(), people) if edits and not workspace.is_personal else [],
        "edits": edits,
        "inside": inside,
        "joins": public and not inside and current_member.may(W.VIEW_PUBLIC),
        "roles": SHORT_STANDINGS,
        "parts": parts_of("workspace", workspace, current_member),
    }
