"""Before one is inside an organization: choosing one, making one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request
from flask_login import current_user

from app.kernel.errors import Invalid
from app.kernel.limits import Limit, spend
from app.kernel.words import gettext as _
from app.organizations import addresses
from app.organizations.commands import create_organization
from app.organizations.forms import OrganizationForm
from app.organizations.queries import home_of, organization_id_of, organizations_of
from app.organizations.queries.entering import deleted_organizations_of
from app.organizations.routes import bp
from app.web.guard import signed_in
from app.web.replies import go, invalid, page

FOUNDING = Limit("organizations.founded", 20, timedelta(days=1))


@bp.get("/organizations")
@bp.get("/")
@signed_in
def index() -> Any:
    """Straight home for who has one organization and asks for none in particular; else a choice."""
    mine = organizations_of(current_user.id)
    if len(mine) == 1 and request.path == "/":
        return go(home_of(mine[0][0].slug))
    gone = deleted_organizations_of(current_user.id)
    return page("organizations/index.html", mine=mine, gone=gone, home_of=home_of)


@bp.get("/new")
@signed_in
def new_organization() -> Any:
    return page("organizations/new.html", form=OrganizationForm())


@bp.post("/new", endpoint="create_organization")
@signed_in
def create() -> Any:
    form = OrganizationForm()
    if not form.validate():
        return invalid(form, "organizations/new.html")
    spend((FOUNDING, str(current_user.id)))
    try:
        organization, _founder = create_organization(
            name=form.name.data, slug=form.slug.data, timezone=current_user.timezone, founder=current_user
        )
    except Invalid as error:
        return invalid(form.blame(error), "organizations/new.html")
    return go(
        home_of(organization.slug),
        _("%(name)s is yours. Make a project, then invite your people.", name=organization.name),
    )


@bp.get("/new/address")
@signed_in
def show_address() -> Any:
    """The field of the address, for the name typed so far; an address that was typed by hand stays and is looked at."""
    form = OrganizationForm(request.args, meta={"csrf": False})
    former, typed = request.args.get("suggested", ""), (form.slug.data or "").lower()
    suggested = addresses.suggest(form.name.data or "")
    form.slug.data = suggested if typed in ("", former) else typed
    if form.slug.data:
        if objection := addresses.objection(form.slug.data):
            form.slug.errors = [objection]
        elif organization_id_of(form.slug.data) is not None:
            form.slug.errors = [f"Somebody has {form.slug.data} already. Take another address."]
    return page("organizations/_address.html", form=form, suggested=suggested)
