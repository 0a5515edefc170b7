"""What an organization is called and where its days begin."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.organizations.commands import edit_organization
from app.organizations.forms import SettingsForm
from app.organizations.policies import P
from app.organizations.queries import here
from app.organizations.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page
from app.web.urls import TENANT


@bp.get(f"{TENANT}/settings")
@requires(P.EDIT, load=here)
def show_settings(organization: Any) -> Any:
    return page("organizations/settings.html", form=SettingsForm(obj=organization))


@bp.post(f"{TENANT}/settings")
@requires(P.EDIT, load=here)
def update_settings(organization: Any) -> Any:
    form = SettingsForm(obj=organization)
    if not form.validate():
        return invalid(form, "organizations/settings.html")
    edit_organization(organization, name=form.name.data, timezone=form.timezone.data, by=current_member)
    return go(url_for("organizations.show_settings"), "The settings are saved.")
