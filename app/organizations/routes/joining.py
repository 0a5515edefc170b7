"""Invitations as those see them who were sent one."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_login import current_user

from app.kernel.doors import Door
from app.kernel.errors import Refused
from app.kernel.words import gettext as _
from app.organizations.commands import accept_invitation
from app.organizations.commands.invitations import DOOR
from app.organizations.joins import names_of
from app.organizations.queries import home_of, invitation_behind, member_of
from app.organizations.queries.roles import own_roles
from app.organizations.routes import bp
from app.web.guard import opens
from app.web.replies import go, page


@bp.get("/invitation/<token>")
@opens(DOOR)
def show_invitation(door: Door, token: str) -> Any:
    """Who invites whom to what; the way in for who is signed in, the way to sign in for who is not."""
    return page("organizations/joining/show.html", token=token, refusal=None, **_about(door))


@bp.post("/invitation/<token>")
@opens(DOOR)
def create_acceptance(door: Door, token: str) -> Any:
    if not current_user.is_authenticated:
        return go(url_for("accounts.new_session", next=url_for("organizations.show_invitation", token=token)))
    if not current_user.is_proved:
        return go(url_for("accounts.show_verification", next=url_for("organizations.show_invitation", token=token)))
    about = _about(door)
    try:
        accept_invitation(about["invitation"].id, user=current_user)
    except Refused as refusal:
        why = str(refusal)
        return page("organizations/joining/show.html", status=refusal.status, token=token, refusal=why, **about)
    return go(home_of(about["host"].slug), _("Welcome to %(name)s.", name=about["host"].name))


def _about(door: Door) -> dict[str, Any]:
    invitation, inviter, organization = invitation_behind(door.subject_id)
    already = current_user.is_authenticated and member_of(current_user.id) is not None
    other = bool(current_user.is_authenticated and invitation.email and invitation.email != current_user.email)
    return {
        "invitation": invitation,
        "inviter": inviter,
        "host": organization,
        "already": already,
        "other": other,
        "places": names_of([invitation.id])[invitation.id],
        "own_role": own_roles([invitation.custom_role_id]).get(invitation.custom_role_id or 0),
        "home": home_of(organization.slug),
        "sent_to": _masked(invitation.email) if invitation.email else None,
    }


def _masked(email: str) -> str:
    """Enough of an address to know one's own, not enough to write to it."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"
