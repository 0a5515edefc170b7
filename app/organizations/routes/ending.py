"""Deleting an organization, and bringing it back."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_login import current_user

from app.accounts.security import note_event
from app.kernel.errors import NotFound
from app.kernel.tenancy import enter
from app.kernel.words import gettext as _
from app.organizations.commands.ending import delete_organization, restore_organization
from app.organizations.member_forms import DeletionForm
from app.organizations.models import Organization
from app.organizations.policies import P
from app.organizations.queries import here, home_of, member_of
from app.organizations.queries.entering import deleted_organizations_of
from app.organizations.routes import bp
from app.web.current import current_member
from app.web.guard import recently_proved, requires, signed_in
from app.web.replies import go, invalid, page
from app.web.urls import TENANT


@bp.get(f"{TENANT}/settings/deletion")
@requires(P.DELETE, load=here)
@recently_proved
def new_deletion(organization: Organization) -> Any:
    return page("organizations/deletion.html", form=DeletionForm(organization.name, formdata=None))


@bp.post(f"{TENANT}/settings/deletion")
@requires(P.DELETE, load=here)
@recently_proved
def create_deletion(organization: Organization) -> Any:
    form = DeletionForm(organization.name)
    if not form.validate():
        return invalid(form, "organizations/deletion.html")
    delete_organization(organization, by=current_member._get_current_object())
    note_event("organization.deleted", user_id=current_user.id)
    return go(url_for("organizations.index"), _("%(name)s is deleted. Bring it back here.", name=organization.name))


@bp.post("/organizations/<int:organization_id>/restoration")
@signed_in
def create_restoration(organization_id: int) -> Any:
    """An owner brings it back."""
    mine = {row.id: (row, member) for row, member in deleted_organizations_of(current_user.id)}
    if organization_id not in mine:
        raise NotFound
    enter(organization_id, user_id=current_user.id)
    organization, owner = here_as(current_user.id)
    if not owner.may(P.DELETE):
        raise NotFound
    restore_organization(organization, by=owner)
    note_event("organization.restored", user_id=current_user.id)
    return go(home_of(organization.slug), _("%(name)s is back.", name=organization.name))


def here_as(user_id: int) -> Any:
    """The organization that was entered, and the member that somebody is in it. Raises NotFound."""
    member = member_of(user_id)
    if member is None:
        raise NotFound
    return here(member), member
