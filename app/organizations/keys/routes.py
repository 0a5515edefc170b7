"""Addresses of API keys: one's own and everybody's, and what a key may ask about itself."""

from __future__ import annotations

from typing import Any

from flask import g, jsonify, request, url_for
from flask_login import current_user

from app.accounts.security import note_event
from app.kernel.errors import Invalid, Refused
from app.kernel.words import gettext as _
from app.organizations.keys.commands import create_key, revoke_keys
from app.organizations.keys.forms import KeyForm
from app.organizations.keys.queries import key_by_id, keys_of
from app.organizations.models import ApiKey
from app.organizations.policies import P
from app.organizations.routes import bp
from app.web.current import current_member, current_organization
from app.web.guard import by_key, recently_proved, requires
from app.web.replies import go, invalid, page
from app.web.urls import TENANT

_PAGE = "organizations/keys/index.html"


@bp.get(f"{TENANT}/settings/keys")
@requires(P.USE_KEYS)
def list_keys() -> Any:
    return page(_PAGE, form=KeyForm(current_member, formdata=None), **_all())


@bp.post(f"{TENANT}/settings/keys")
@requires(P.USE_KEYS)
@recently_proved
def make_key() -> Any:
    """Make one; it is shown on this page and never again."""
    form = KeyForm(current_member)
    if not form.validate():
        return invalid(form, _PAGE, **_all())
    try:
        key, token = create_key(form.name.data, form.wanted, days=form.days.data or None, by=current_member)
    except Refused as error:
        return invalid(form.blame(Invalid(str(error), "scopes")), _PAGE, **_all())
    note_event("api_key.created", user_id=current_user.id, key=key.prefix)
    return page(_PAGE, form=KeyForm(current_member, formdata=None), **_all(made=key, token=token))


@bp.post(f"{TENANT}/settings/keys/<int:key_id>/revocation")
@requires(P.USE_KEYS, load=key_by_id)
def revoke_key(key: ApiKey) -> Any:
    revoke_keys([key], by=current_member)
    note_event("api_key.revoked", user_id=current_user.id, key=key.prefix)
    everybody = "1" if key.member_id != current_member.id else None
    return go(url_for("organizations.list_keys", everybody=everybody), _("The key opens nothing any more."))


@bp.get(f"{TENANT}/api/key")
@requires(P.USE_KEYS, keys=True)
def show_key() -> Any:
    """What a program learns of the key it holds."""
    if not by_key():
        return go(url_for("organizations.list_keys"))
    key: ApiKey = g.key
    return jsonify(
        organization=current_organization.slug,
        member={"id": current_member.id, "name": current_member.name},
        name=key.name,
        scopes=key.scopes,
        permissions=sorted(name for name in current_member.permissions if current_member.may(name)),
        expires_at=key.expires_at.isoformat() if key.expires_at else None,
    )


def _all(*, made: ApiKey | None = None, token: str | None = None) -> dict[str, Any]:
    everybody = bool(request.args.get("everybody")) and current_member.may(P.ALL_KEYS)
    return {"keys": keys_of(current_member, everybody=everybody), "everybody": everybody, "made": made, "token": token}
