"""The rule that colleagues come in by the organization's own providers, and by nothing else."""

from __future__ import annotations

from typing import Any

from flask import session, url_for
from wtforms import BooleanField

from app.accounts.confinement import confined_to
from app.accounts.security import remember_event
from app.kernel.access import Role
from app.kernel.words import lazy
from app.organizations.models import Kind, Member, Organization
from app.organizations.sso.queries import ways_in
from app.web.forms import Form
from app.web.guard import this_page

#: In the cookie: organizations into which an owner came in this browser past the rule. Told once for each browser.
_BROKEN = "glass"


class SsoRuleForm(Form):
    own_only = BooleanField(
        lazy("Everybody signs in by the organization's own provider"),
        description=lazy(
            "Owners keep their other ways in, for the day when the provider is down; each such entry is recorded."
            " Customers are not asked."
        ),
    )


def lacks_own_sign_in(organization: Organization, member: Member, user: Any) -> str | None:
    """Where a colleague goes whose browser came in some other way (`guard.also_ask`). Owners may pass; it is noted."""
    if not organization.sso_required or member.kind != Kind.PERSON or confined_to(user) == organization.id:
        return None
    if member.role is not Role.OWNER:
        return url_for("organizations.show_own_sign_in", next=this_page() or f"/{organization.slug}/")
    broken = session.get(_BROKEN, [])
    if organization.id not in broken:
        session[_BROKEN] = [*broken[-9:], organization.id]
        remember_event("sso.bypassed", user_id=user.id)
    return None


def shown(organization: Organization) -> dict[str, Any]:
    """What the section of the page of sign-in rules needs."""
    form = SsoRuleForm(formdata=None, data={"own_only": organization.sso_required})
    return {"sso_rule": form, "has_way_in": bool(ways_in())}
