"""To a provider and back: signing in, linking, trying a connection; and which providers are linked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from flask import request, url_for
from flask_login import current_user

from app.accounts import entrance, pages
from app.accounts.addresses import place
from app.accounts.commands import identities
from app.accounts.confinement import confined_to, home_of_confined
from app.accounts.models import Method
from app.accounts.providers import Claims, Misspoken, Provider, ask_for_claims, find_provider, for_everybody, way_to
from app.accounts.providers.flows import Flow, Purpose, begin, finish
from app.accounts.routes import bp
from app.accounts.security import note_event, remember_event
from app.adapters.outbound import OutboundError
from app.kernel.database import db
from app.kernel.errors import NotFound, Refused
from app.kernel.limits import Limit, spend
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.web.guard import anyone, recently_proved, signed_in
from app.web.replies import go, page
from app.web.urls import outside, safe_next

log = structlog.get_logger(__name__)

#: Each way out has us ask strangers' servers.
BY_PLACE = Limit("provider.place", 40, timedelta(minutes=15))
BY_ALL = Limit("provider.all", 600, timedelta(minutes=1))

entrance.KEPT.update({"organization_id", "connection_id"})
pages.add_page("accounts.list_providers", lazy("Sign-in providers"), icon="link", order=35)


@bp.post("/sign-in/with/<key>")
@anyone
def begin_provider(key: str) -> Any:
    """Off to a provider, to sign in by it."""
    return leave_for(_found(key), Purpose.SIGN_IN, wanted=safe_next(""))


@bp.post("/account/providers/<key>")
@signed_in
@recently_proved
def begin_link(key: str) -> Any:
    """Off to a provider, to link an account there to one's own."""
    wanted = url_for("accounts.list_providers")
    return leave_for(_found(key), Purpose.LINK, wanted=wanted, again=True)


def leave_for(provider: Provider, purpose: Purpose, *, wanted: str, again: bool = False) -> Any:
    """A page that leads on to the provider. (Our policy refuses a redirect to elsewhere as the answer to a form.)"""
    spend((BY_PLACE, place(request.remote_addr)), (BY_ALL, ""))
    mine = {}
    if purpose is not Purpose.SIGN_IN:
        mine = {"user_id": current_user.id, "session_id": current_user.session.id}
    state, flow = begin(provider.key, purpose, wanted=wanted, **mine)
    try:
        url = way_to(
            provider, redirect=_back(provider.key), state=state, nonce=flow.nonce, verifier=flow.verifier, again=again
        )
    except (OutboundError, Misspoken) as error:
        return _refused(provider, _unusable(provider, error), back=wanted if mine else None)
    return page("accounts/providers/leaving.html", provider=provider, url=url)


@bp.get("/sign-in/from/<key>")
@anyone
def finish_provider(key: str) -> Any:
    """Back from a provider. Whatever is wrong, nobody is signed in and nothing is linked."""
    flow = finish(key, request.args.get("state", ""))
    provider = find_provider(key) if flow and flow.purpose is not Purpose.TEST else None
    if flow and flow.purpose is Purpose.TEST:
        provider = find_provider(f"{key}?")
    if flow is None or provider is None:
        remember_event("provider.refused", provider=key[:40], why="unknown state")
        raise Refused(_("This sign-in began elsewhere, or too long ago. Begin again."))
    try:
        claims = _claims(provider, flow)
        return _ANSWERS[flow.purpose](provider, claims, flow)
    except Refused as refusal:
        db.session.rollback()
        remember_event("provider.refused", provider=key[:40], why=getattr(refusal, "why", str(refusal))[:200])
        return _refused(provider, refusal, back=None if flow.purpose is Purpose.SIGN_IN else flow.wanted)


def _claims(provider: Provider, flow: Flow) -> Claims:
    """What the provider says of whoever came back with this address. Raises Refused."""
    spend((BY_PLACE, place(request.remote_addr)), (BY_ALL, ""))
    if request.args.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: no provider is taken for another
        raise Misspoken("issuer of another provider in the address")
    if request.args.get("error"):
        raise Refused(_("%(name)s did not let you in, or you turned back.", name=provider.name))
    code = request.args.get("code", "")
    if not 0 < len(code) <= 4096:
        raise Misspoken("no code")
    try:
        return ask_for_claims(
            provider, code=code, redirect=_back(provider.key), nonce=flow.nonce, verifier=flow.verifier
        )
    except OutboundError as error:
        raise _unusable(provider, error) from error


def _sign_in(provider: Provider, claims: Claims, flow: Flow) -> Any:
    user = identities.who_comes(provider, claims)
    kept = {"organization_id": provider.organization_id, "connection_id": provider.connection_id}
    method = Method.SSO if provider.organization_id else Method.PROVIDER
    note_event("provider.used", user_id=user.id, provider=provider.key)
    return go(entrance.let_in(user, method=method, wanted=flow.wanted or provider.home, **kept))


def _link(provider: Provider, claims: Claims, flow: Flow) -> Any:
    _check_own(flow)
    if confined_to(current_user):
        raise Refused(_("Sign in in another way than by your organization's provider, then link."))
    identities.link_identity(provider, claims, user_id=current_user.id)
    note_event("provider.linked", user_id=current_user.id, provider=provider.key)
    return go(flow.wanted, _("%(name)s signs you in from now on.", name=provider.name))


def _test(provider: Provider, claims: Claims, flow: Flow) -> Any:
    _check_own(flow)
    domain = (claims.email or "").rpartition("@")[2].lower()
    return page(
        "accounts/providers/tested.html",
        provider=provider,
        claims=claims,
        proved=domain in provider.domains,
        domain=domain,
        back=flow.wanted,
    )


_ANSWERS = {Purpose.SIGN_IN: _sign_in, Purpose.LINK: _link, Purpose.TEST: _test}


def _check_own(flow: Flow) -> None:
    """Whether whoever comes back is signed in as whoever left, in the same browser. Raises Refused."""
    browser = getattr(current_user, "session", None)
    if browser is None or (current_user.id, browser.id) != (flow.user_id, flow.session_id):
        raise Refused(_("You are signed in as somebody else than when you began. Begin again."))


@bp.get("/account/confined")
@signed_in
def show_confinement() -> Any:
    """Where a browser ends up that came in by an organization's provider, and wants more than that organization."""
    if not confined_to(current_user):
        return go(url_for("accounts.list_providers"))
    return page("accounts/providers/confined.html", home=home_of_confined(current_user))


@bp.get("/account/providers")
@signed_in
def list_providers() -> Any:
    linked = identities.identities_of(current_user.id)
    names = {provider.key: provider.name for provider in for_everybody()}
    unused = [provider for provider in for_everybody() if provider.key not in {row.provider for row in linked}]
    return page("accounts/providers/index.html", linked=linked, names=names, unused=unused)


@bp.post("/account/providers/<int:identity_id>/removal")
@signed_in
@recently_proved
def destroy_identity(identity_id: int) -> Any:
    gone = identities.unlink_identity(identity_id, user_id=current_user.id)
    note_event("provider.unlinked", user_id=current_user.id, provider=gone.provider)
    return go(url_for("accounts.list_providers"), _("It signs you in no more."))


def _found(key: str) -> Provider:
    provider = find_provider(key) if "?" not in key else None
    if provider is None:
        raise NotFound
    return provider


def _back(key: str) -> str:
    return outside(url_for("accounts.finish_provider", key=key))


def _unusable(provider: Provider, error: Exception) -> Refused:
    why = getattr(error, "why", str(error))
    log.warning("provider.unusable", provider=provider.key, why=why)
    return Refused(_("%(name)s cannot be asked now: %(why)s", name=provider.name, why=str(error)))


def _refused(provider: Provider, refusal: Refused, *, back: str | None) -> Any:
    """What ended here and why, and the way back."""
    return page(
        "accounts/providers/refused.html", status=refusal.status, provider=provider, why=str(refusal), back=back
    )
