"""How one signs in: the password, the second factor, its recovery codes."""

from __future__ import annotations

from typing import Any

import segno
from flask import Response, url_for
from flask_login import current_user

from app.accounts import commands, limits, second_factors, sessions
from app.accounts.forms import ChangedPasswordForm, ChosenPasswordForm, SetUpForm
from app.accounts.routes import bp
from app.accounts.security import note_event, remember_event
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.guard import recently_proved, signed_in
from app.web.replies import go, invalid, page
from app.web.urls import outside, safe_next

_SECURITY, _SET_UP = "accounts/security/show.html", "accounts/security/set_up.html"


@bp.get("/account/security")
@signed_in
def show_security() -> Response:
    return page(_SECURITY, **_about(_password_form()(formdata=None)))


@bp.post("/account/password")
@signed_in
def change_password() -> Response:
    """A new password by the old one. Other browsers are signed out, this one stays."""
    form = ChangedPasswordForm()
    if not form.validate():
        return invalid(template=_SECURITY, **_about(form))
    limits.try_password(current_user.email)
    try:
        commands.change_password(current_user.id, old=form.old.data, new=form.new.data, reset=_reset())
    except Invalid as error:
        remember_event("password.refused")
        form.blame(error)
        return invalid(template=_SECURITY, **_about(form))
    limits.password_was_right(current_user.email)
    return _changed(_("Your password is changed. Other browsers are signed out."))


@bp.post("/account/password/first")
@signed_in
@recently_proved
def create_password() -> Response:
    """The first password of somebody who came in by a link or a provider."""
    form = ChosenPasswordForm()
    if not form.validate():
        return invalid(template=_SECURITY, **_about(form))
    try:
        commands.choose_password(current_user.id, new=form.new.data, reset=_reset())
    except Invalid as error:
        form.blame(error)
        return invalid(template=_SECURITY, **_about(form))
    return _changed(_("You have a password now. Other browsers are signed out."))


def _changed(message: str) -> Response:
    sessions.end_others(current_user.id, keep=current_user.session.id)
    limits.password_is_new(current_user.id)
    note_event("password.changed", user_id=current_user.id)
    return go(url_for("accounts.show_security"), message)


@bp.get("/account/two-factor/new")
@signed_in
@recently_proved
def new_authenticator() -> Response:
    """A secret, as a picture and in letters. It is kept nowhere until a code of it comes back."""
    if second_factors.is_set_up(current_user.id):
        return _as_it_is()
    secret = second_factors.new_secret()
    form = SetUpForm(formdata=None, sealed=second_factors.seal(current_user.id, secret))
    return page(_SET_UP, form=form, **_shown(secret))


@bp.post("/account/two-factor")
@signed_in
@recently_proved
def create_authenticator() -> Response:
    """Switch two-factor sign-in on, and show the recovery codes, this once."""
    form = SetUpForm()
    secret = second_factors.unseal(current_user.id, form.sealed.data or "")
    if secret is None:
        return go(
            url_for("accounts.new_authenticator", next=safe_next("") or None), _("That took too long. Once more.")
        )
    if not form.validate():
        return invalid(form, _SET_UP, **_shown(secret))
    try:
        codes = commands.set_up_second_factor(current_user.id, secret, form.code.data, security=_security())
    except Invalid as error:
        return invalid(form.blame(error), _SET_UP, **_shown(secret))
    sessions.mark_proved(current_user.session.id, second_factor=True)
    sessions.end_others(current_user.id, keep=current_user.session.id)
    note_event("two_factor.enabled", user_id=current_user.id)
    return _show_codes(codes, fresh=True)


@bp.post("/account/two-factor/codes")
@signed_in
@recently_proved
def create_recovery_codes() -> Response:
    if not second_factors.is_set_up(current_user.id):
        return _as_it_is()
    codes = commands.make_recovery_codes(current_user.id)
    note_event("two_factor.codes_made", user_id=current_user.id)
    return _show_codes(codes, fresh=False)


@bp.post("/account/two-factor/deletion")
@signed_in
@recently_proved
def destroy_authenticator() -> Response:
    if commands.take_second_factor_away(current_user.id, security=_security()):
        note_event("two_factor.disabled", user_id=current_user.id)
        return go(url_for("accounts.show_security"), _("Two-factor sign-in is off."))
    return _as_it_is()


def _show_codes(codes: list[str], *, fresh: bool) -> Response:
    return page("accounts/security/codes.html", codes=codes, fresh=fresh, next=safe_next(""))


def _shown(secret: str) -> dict[str, Any]:
    picture = segno.make(second_factors.address_for(secret, current_user.email), error="m")
    return {
        "picture": picture.svg_data_uri(scale=5, border=4, dark="#000", light="#fff"),
        "secret": second_factors.in_groups(secret),
        "next": safe_next(""),
    }


def _as_it_is() -> Response:
    return go(safe_next(url_for("accounts.show_security")))


def _password_form() -> Any:
    return ChangedPasswordForm if current_user.password_hash else ChosenPasswordForm


def _about(form: Any) -> dict[str, Any]:
    return {"form": form, "standing": second_factors.standing_of(current_user.id), "email": current_user.email}


def _security() -> str:
    return outside(url_for("accounts.show_security"))


def _reset() -> str:
    return outside(url_for("accounts.new_reset"))
