"""Invitations as those see them who send them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import url_for
from flask_login import current_user

from app.kernel.errors import Invalid
from app.kernel.limits import Limit, spend
from app.kernel.words import gettext as _
from app.organizations.commands import renew_invitation, revoke_invitations
from app.organizations.commands.invitations import invite_by_link, invite_people
from app.organizations.invitation_forms import InvitationForm
from app.organizations.joins import names_of
from app.organizations.models import Invitation
from app.organizations.policies import P, invitations_visible_to, may_give_own
from app.organizations.queries import invitation_by_id, list_invitations
from app.organizations.queries.roles import list_roles, own_roles, permissions_of_all
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
    return page(_TEMPLATE, form=_form(formdata=None), **_all())


@bp.post(f"{TENANT}/settings/invitations")
@requires(P.INVITE)
def create_invitation() -> Any:
    """Make one or many; a link is shown on this page and never again."""
    form = _form()
    if not form.validate():
        return invalid(form, _TEMPLATE, **_all())
    member = current_member._get_current_object()
    try:
        for _letter in range(max(len(form.addresses), 1)):
            _spend()
        if not form.addresses:
            invitation, link = invite_by_link(
                form.offer, days=form.days.data, uses=form.uses.data, link_to=_link, by=member
            )
        else:
            made, links = invite_people(form.addresses, form.offer, days=form.days.data, link_to=_link, by=member)
            if len(made) > 1:
                said = _("%(count)s letters are on their way.", count=len(made))
                return go(url_for("organizations.list_invitations"), said)
            invitation, link = made[0], links[0]
    except Invalid as error:
        return invalid(form.blame(error), _TEMPLATE, **_all())
    return page(_TEMPLATE, form=_form(formdata=None), **_all(made=invitation, link=link))


@bp.post(f"{TENANT}/settings/invitations/<int:invitation_id>/link", endpoint="renew_invitation")
@requires(P.INVITE, load=invitation_by_id)
def renew(invitation: Invitation) -> Any:
    """A new link, posted again where it went by mail; the former one is dead."""
    _spend()
    link = renew_invitation(invitation, days=7, link_to=_link, by=current_member)
    return page(_TEMPLATE, form=_form(formdata=None), **_all(made=invitation, link=link))


@bp.post(f"{TENANT}/settings/invitations/<int:invitation_id>/revocation")
@requires(P.INVITE, load=invitation_by_id)
def revoke_invitation(invitation: Invitation) -> Any:
    revoke_invitations([invitation], by=current_member)
    return go(url_for("organizations.list_invitations"), _("The invitation is taken back."))


def _form(**rest: Any) -> InvitationForm:
    """With the roles of the organization's own that the member may give."""
    allowed = permissions_of_all()
    own = [role for role in list_roles() if may_give_own(current_member, role, allowed.get(role.id, frozenset()))]
    return InvitationForm(current_member, own, **rest)


def _all(*, made: Invitation | None = None, link: str | None = None) -> dict[str, Any]:
    invitations = list_invitations(invitations_visible_to(current_member))
    return {
        "invitations": invitations,
        "places": names_of([invitation.id for invitation, _inviter in invitations]),
        "own_roles": own_roles({invitation.custom_role_id for invitation, _inviter in invitations}),
        "made": made,
        "link": link,
    }


def _link(token: str) -> str:
    return outside(url_for("organizations.show_invitation", token=token))


def _spend() -> None:
    spend((BY_PERSON, str(current_user.id)), (BY_ORGANIZATION, str(current_organization.id)))
