"""The settings page that says how colleagues sign in."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask_login import current_user
from wtforms import BooleanField

from app.accounts import second_factors
from app.accounts.security import note_event
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.commands.sign_in_rules import require_two_factor
from app.organizations.models import Organization
from app.organizations.policies import P
from app.organizations.queries import here
from app.organizations.queries.sign_in_rules import without_second_factor
from app.organizations.routes import bp
from app.organizations.sign_in_rules import SECTIONS, add_section
from app.web.current import current_member
from app.web.forms import Form
from app.web.guard import recently_proved, requires
from app.web.replies import go, invalid, page
from app.web.urls import TENANT

_PAGE = "organizations/sign_in_rules/show.html"


class TwoFactorForm(Form):
    required = BooleanField(
        lazy("Everybody signs in with two factors"),
        description=lazy("Who has none is led to set it up, and nowhere else here. Customers are not asked."),
    )


@bp.get(f"{TENANT}/settings/sign-in")
@requires(P.SIGN_IN, load=here)
def show_sign_in_rules(organization: Organization) -> Response:
    return page(_PAGE, **_about(organization))


@bp.post(f"{TENANT}/settings/sign-in/two-factor")
@requires(P.SIGN_IN, load=here)
@recently_proved
def update_two_factor_rule(organization: Organization) -> Response:
    form = TwoFactorForm()
    if not form.validate():
        return invalid(template=_PAGE, **_about(organization, two_factor=form))
    required = form.required.data
    try:
        require_two_factor(organization, required, by=current_member)
    except Invalid as error:
        form.blame(error)
        return invalid(template=_PAGE, **_about(organization, two_factor=form))
    kind = "organization.two_factor_required" if required else "organization.two_factor_lifted"
    note_event(kind, user_id=current_user.id)
    return go(url_for("organizations.show_sign_in_rules"), _("The sign-in rules are saved."))


def _about(organization: Organization, **forms: Any) -> dict[str, Any]:
    """What the page shows: each section's own, and forms as they were sent where they were refused."""
    shown: dict[str, Any] = {"form": None, "sections": list(SECTIONS)}
    for section in SECTIONS.values():
        shown |= section.context(organization)
    return shown | forms


def _two_factor(organization: Organization) -> dict[str, Any]:
    form = TwoFactorForm(formdata=None, data={"required": organization.two_factor_required})
    return {
        "two_factor": form,
        "without": without_second_factor(),
        "has_own": second_factors.is_set_up(current_user.id),
    }


add_section("organizations/sign_in_rules/_two_factor.html", _two_factor)
