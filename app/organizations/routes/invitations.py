"""Invitations as those see them who send them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import url_for
from flask_login import current_user

from app.kernel.access import Role
from app.kernel.errors import Invalid
from app.kernel.limits import Limit, spend
from app.organizations.commands import invite, renew_invitation, revoke_invitations
from app.organizations.forms import InvitationForm
from app.organizations.models import Invitation
from app.organizations.policies import P, invitations_visible_to
from app.organizations.queries import invitation_by_id, list_invitations
from app.organizations.routes import bp
from app.web.current import current_member, current_organization
from app.web.guard import requires
from app.web.replies import go, invalid, page
from app.web.urls import TENANT, outside

#: We are nobody's way to write to strangers, however many organizations they make for it.
BY_PERSON = Limit("invitations.person", 60, timedelta(hours=1))
BY_ORGANIZATION = Limit("invitations.organization", 300, timedelta(days=1))
_TEMPLATE = "organizations/invitations/index.html"


@bp.get(f"{TENANT}/settings/invitations", endpoint="list_invitations")
@requires(P.INVITE)
def index() -> Any:
    return page(_TEMPLATE, form=InvitationForm(current_member), **_all())


@bp.post(f"{TENANT}/settings/invitations")
@requires(P.INVITE)
def create_invitation() -> Any:
    """Make one; its link is shown on this page and never again."""
    form = InvitationForm(current_member)
    if not form.validate():
        return invalid(form, _TEMPLATE, **_all())
    _spend()
    try:
        invitation, link = invite(
            role=Role(form.role.data),
            days=form.days.data,
            uses=form.uses.data,
            email=form.email.address,
            link_to=_link,
            by=current_member,
        )
    except Invalid as error:
        return invalid(form.blame(error), _TEMPLATE, **_all())
    return page(_TEMPLATE, form=InvitationForm(current_member, formdata=None), **_all(made=invitation, link=link))


@bp.post(f"{TENANT}/settings/invitations/<int:invitation_id>/link", endpoint="renew_invitation")
@requires(P.INVITE, load=invitation_by_id)
def renew(invitation: Invitation) -> Any:
    """A new link, posted again where it went by mail; the former one is dead."""
    _spend()
    link = renew_invitation(invitation, days=7, link_to=_link, by=current_member)
    return page(_TEMPLATE, form=InvitationForm(current_member, formdata=None), **_all(made=invitation, link=link))


@bp.post(f"{TENANT}/settings/invitations/<int:invitation_id>/revocation")
@requires(P.INVITE, load=invitation_by_id)
def revoke_invitation(invitation: Invitation) -> Any:
    revoke_invitations([invitation], by=current_member)
    return go(url_for("organizations.list_invitations"), "The invitation is taken back.")


def _all(*, made: Invitation | None = None, link: str | None = None) -> dict[str, Any]:
    return {"invitations": list_invitations(invitations_visible_to(current_member)), "made": made, "link": link}


def _link(token: str) -> str:
    return outside(url_for("organizations.show_invitation", token=token))


def _spend() -> None:
    spend((BY_PERSON, str(current_user.id)), (BY_ORGANIZATION, str(current_organization.id)))
