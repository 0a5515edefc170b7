"""Roles: those that are built in, and the organization's own."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.accounts.security import note_event
from app.kernel.access import Role, allows, by_title, granted_to
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.organizations.commands import create_role, delete_role, edit_role
from app.organizations.member_forms import OwnRoleForm, RoleDeletionForm, role_choices
from app.organizations.models import CustomRole
from app.organizations.policies import BASES, GIVEN, MEANS, NAMES, P, given_by, is_above, may_give_own, offered_to
from app.organizations.queries.roles import count_by_role, list_roles, permissions_of, permissions_of_all, role_by_id
from app.organizations.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page
from app.web.urls import TENANT


@bp.get(f"{TENANT}/settings/roles", endpoint="list_roles")
@requires(P.EDIT_ROLES)
def index() -> Any:
    return page(
        "organizations/roles/index.html",
        roles=list_roles(),
        built_in=GIVEN,
        names=NAMES,
        means=MEANS,
        counts=count_by_role(),
        sizes={role_id: len(held) for role_id, held in permissions_of_all().items()},
        copied={role for role in BASES if not is_above(current_member, role)},
    )


@bp.get(f"{TENANT}/settings/roles/new")
@requires(P.EDIT_ROLES)
def new_role() -> Any:
    """A new role, as a copy of `from`: a built-in one, or one of the organization's own."""
    wanted = request.args.get("from", "")
    begun: dict[str, Any] = {"base": Role.MEMBER.value, "permissions": granted_to(Role.MEMBER)}
    if wanted in {role.value for role in BASES}:
        begun = {"base": wanted, "permissions": granted_to(Role(wanted)), "name": _copy(str(NAMES[Role(wanted)]))}
    elif wanted.startswith("own-") and wanted[4:].isascii() and wanted[4:].isdecimal() and len(wanted) < 22:
        role = role_by_id(current_member, int(wanted[4:]))
        held = permissions_of(role.id)
        begun = {"base": role.base.value, "permissions": held, "name": _copy(role.name)}
    begun["permissions"] = sorted(begun["permissions"] & offered_to(current_member))
    return page("organizations/roles/new.html", form=OwnRoleForm(current_member, formdata=None, data=begun))


@bp.post(f"{TENANT}/settings/roles", endpoint="create_role")
@requires(P.EDIT_ROLES)
def create() -> Any:
    form = OwnRoleForm(current_member)
    if not form.validate():
        return invalid(form, "organizations/roles/new.html")
    try:
        role = create_role(**_typed(form), by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "organizations/roles/new.html")
    note_event("role.created", user_id=current_member.user_id, role=role.id, name=role.name)
    return go(url_for("organizations.list_roles"), _("The role %(name)s is there to be given.", name=role.name))


@bp.get(f"{TENANT}/settings/roles/<int:role_id>")
@requires(P.EDIT_ROLES, load=role_by_id)
def show_role(role: CustomRole) -> Any:
    held = permissions_of(role.id)
    form = OwnRoleForm(current_member, formdata=None, obj=role, data={"permissions": sorted(held)})
    return page("organizations/roles/show.html", form=form, **_about(role))


@bp.post(f"{TENANT}/settings/roles/<int:role_id>")
@requires(P.EDIT_ROLES, load=role_by_id)
def update_role(role: CustomRole) -> Any:
    form = OwnRoleForm(current_member)
    if not form.validate():
        return invalid(form, "organizations/roles/show.html", **_about(role))
    try:
        edit_role(role, **_typed(form), by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), "organizations/roles/show.html", **_about(role))
    note_event("role.edited", user_id=current_member.user_id, role=role.id, name=role.name)
    return go(url_for("organizations.list_roles"), _("The role %(name)s is saved.", name=role.name))


@bp.get(f"{TENANT}/settings/roles/<int:role_id>/deletion")
@requires(P.EDIT_ROLES, load=role_by_id)
def new_role_deletion(role: CustomRole) -> Any:
    """Where those go who have it."""
    form = RoleDeletionForm(_others(role), formdata=None, data={"into": role.base.value})
    return page("organizations/roles/deletion.html", form=form, **_about(role))


@bp.post(f"{TENANT}/settings/roles/<int:role_id>/deletion")
@requires(P.EDIT_ROLES, load=role_by_id)
def create_role_deletion(role: CustomRole) -> Any:
    form = RoleDeletionForm(_others(role))
    if not form.validate():
        return invalid(form, "organizations/roles/deletion.html", **_about(role))
    chosen = form.into.data
    into = role_by_id(current_member, int(chosen[4:])) if chosen.startswith("own-") else Role(chosen)
    name, number = role.name, role.id
    delete_role(role, into=into, by=current_member)
    note_event("role.deleted", user_id=current_member.user_id, role=number, name=name)
    return go(url_for("organizations.list_roles"), _("The role %(name)s is deleted.", name=name))


def _copy(name: str) -> str:
    return _("%(name)s, another", name=name)[:60]


def _typed(form: OwnRoleForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "description": form.description.data or "",
        "base": Role(form.base.data),
        "permissions": form.permissions.data,
    }


def _about(role: CustomRole) -> dict[str, Any]:
    """The role, how many have it, and what it allows beyond what the reader could put into it."""
    beyond = permissions_of(role.id) - offered_to(current_member)
    told = [(title, [allows(name) for name in names]) for title, names in by_title(beyond)]
    return {"role": role, "bearers": count_by_role().get(role.id, 0), "beyond": told}


def _others(role: CustomRole) -> list[Any]:
    allowed = permissions_of_all()
    own = [
        other
        for other in list_roles()
        if other.id != role.id and may_give_own(current_member, other, allowed.get(other.id, frozenset()))
    ]
    return role_choices([one for one in given_by(current_member) if one is not Role.OWNER], own)
