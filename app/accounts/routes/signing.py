"""Signing up, in and out, proving an address, resetting a password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import session, url_for
from flask_login import current_user

from app.accounts import commands, entrance, limits, sessions
from app.accounts.forms import AddressForm, NewPasswordForm, PasswordForm, SignInForm, SignUpForm
from app.accounts.models import Method, TokenKind, User
from app.accounts.routes import bp
from app.accounts.security import note_event, remember_event
from app.kernel.database import db
from app.kernel.errors import Invalid, TooMany
from app.kernel.words import gettext as _
from app.web.guard import anyone
from app.web.replies import go, invalid, page
from app.web.urls import outside, safe_next

#: In the cookie: the address whose letter this browser waits for.
_AWAITED = "awaited"


def _start_page() -> str:
    return url_for("organizations.index")


@bp.get("/sign-in")
@anyone
def new_session() -> Any:
    if current_user.is_authenticated:
        return go(safe_next(_start_page()))
    return page("accounts/sign_in.html", form=SignInForm(), next=safe_next(""))


@bp.post("/sign-in")
@anyone
def create_session() -> Any:
    """Sign this browser in. Whatever is wrong, the answer is the same."""
    form = SignInForm()
    if not form.password.data or not form.validate():
        return _not_right(form)
    email = form.email.address or ""
    try:
        limits.try_password(email)
    except TooMany:
        remember_event("sign_in.limited", address=email)
        raise
    user = commands.who_signs_in(email, form.password.data)
    if user is None:
        remember_event("sign_in.failed", address=email)
        return _not_right(form)
    limits.password_was_right(email)
    return _come_in(user)


def _not_right(form: SignInForm) -> Any:
    form.password.errors, form.email.errors = [_("The address or the password is not right.")], []
    return invalid(form, "accounts/sign_in.html", next=safe_next(""))


def _come_in(user: User) -> Any:
    return go(entrance.let_in(user, method=Method.PASSWORD, wanted=safe_next("")))


@bp.post("/sign-out")
@anyone
def destroy_session() -> Any:
    if current_user.is_authenticated:
        note_event("signed_out", user_id=current_user.id)
    sessions.end()
    return go(url_for("accounts.new_session", next=safe_next("") or None), _("You are signed out."))


@bp.get("/sign-up")
@anyone
def new_user() -> Any:
    if current_user.is_authenticated:
        return go(safe_next(_start_page()))
    return page("accounts/sign_up.html", form=SignUpForm(), next=safe_next(""))


@bp.post("/sign-up")
@anyone
def create_user() -> Any:
    """Make an account. The answer is the same when the address has one: only its mailbox learns that."""
    form = SignUpForm()
    if not form.validate():
        return invalid(form, "accounts/sign_up.html", next=safe_next(""))
    email = form.email.address or ""
    limits.try_letter(email)
    wanted = safe_next("")
    made = commands.sign_up(
        name=form.name.data,
        email=email,
        password=form.password.data,
        timezone=form.zone,
        prove_at=_prove_at(wanted),
        sign_in=outside(url_for("accounts.new_session")),
        reset=_reset_page(),
    )
    if made:
        note_event("signed_up", user_id=made.id)
    sessions.end()
    session[_AWAITED] = email
    return go(url_for("accounts.show_verification", next=wanted or None))


def _prove_at(wanted: str) -> Callable[[str], str]:
    return lambda token: outside(url_for("accounts.show_proof", token=token, next=wanted or None))


def _reset_page() -> str:
    return outside(url_for("accounts.new_reset"))


@bp.get("/verify")
@anyone
def show_verification() -> Any:
    """Where everybody waits whose address is not proved yet."""
    if current_user.is_authenticated and current_user.is_proved:
        return go(safe_next(_start_page()))
    email = _awaited()
    if email is None:
        return go(url_for("accounts.new_session"))
    return page("accounts/verification.html", email=email, next=safe_next(""))


@bp.post("/verify")
@anyone
def create_verification() -> Any:
    """Send the letter once more, to the address that this browser waits for and to no other."""
    email = _awaited()
    if email is None:
        return go(url_for("accounts.new_session"))
    limits.try_letter(email)
    wanted = safe_next("")
    commands.ask_for_proof(email, prove_at=_prove_at(wanted))
    return go(url_for("accounts.show_verification", next=wanted or None), _("The letter is on its way."))


def _awaited() -> str | None:
    if current_user.is_authenticated:
        return str(current_user.email)
    return session.get(_AWAITED)


@bp.get("/verify/<token>")
@anyone
def show_proof(token: str) -> Any:
    """Asks for a click, and for the password where nobody is signed in: mail scanners follow links, too."""
    limits.try_link()
    found = commands.find_token(token, TokenKind.VERIFY_EMAIL)
    if found is None:
        return page("accounts/stale.html", status=410, kind="verify")
    return page("accounts/proof.html", form=PasswordForm(), **_proof(token, found.user_id))


@bp.post("/verify/<token>")
@anyone
def create_proof(token: str) -> Any:
    limits.try_link()
    found = commands.find_token(token, TokenKind.VERIFY_EMAIL)
    if found is None:
        return page("accounts/stale.html", status=410, kind="verify")
    form, known = PasswordForm(), _is_own(found.user_id)
    about = _proof(token, found.user_id)
    if not known:
        if not form.validate():
            return invalid(form, "accounts/proof.html", **about)
        limits.try_password(about["email"])
    try:
        user = commands.prove_email(token, None if known else form.password.data)
    except Invalid as error:
        remember_event("verification.failed", user_id=found.user_id)
        return invalid(form.blame(error), "accounts/proof.html", **about)
    limits.password_was_right(user.email)
    note_event("email.verified", user_id=user.id)
    return _come_in(user)


def _is_own(user_id: int) -> bool:
    return bool(current_user.is_authenticated and current_user.id == user_id)


def _proof(token: str, user_id: int) -> dict[str, Any]:
    user = db.session.get_one(User, user_id)
    return {"token": token, "email": user.email, "known": _is_own(user_id), "next": safe_next("")}


@bp.get("/password")
@anyone
def new_reset() -> Any:
    return page("accounts/reset.html", form=AddressForm(), sent=None)


@bp.post("/password")
@anyone
def create_reset() -> Any:
    """Post a letter to the address, if it has an account; the answer does not say whether it has."""
    form = AddressForm()
    if not form.validate():
        return invalid(form, "accounts/reset.html", sent=None)
    email = form.email.address or ""
    limits.try_letter(email)
    user = commands.ask_for_reset(email, reset_at=lambda token: outside(url_for("accounts.edit_password", token=token)))
    if user:
        note_event("password.reset_asked", user_id=user.id)
    else:
        remember_event("password.reset_in_vain", address=email)  # also costs about what the letter would have
    return page("accounts/reset.html", form=form, sent=email)


@bp.get("/password/<token>")
@anyone
def edit_password(token: str) -> Any:
    limits.try_link()
    if commands.find_token(token, TokenKind.RESET_PASSWORD) is None:
        return page("accounts/stale.html", status=410, kind="reset")
    return page("accounts/password.html", form=NewPasswordForm(), token=token)


@bp.post("/password/<token>")
@anyone
def update_password(token: str) -> Any:
    """Set the new password and sign every browser out, this one too: who holds the link then types it."""
    limits.try_link()
    if commands.find_token(token, TokenKind.RESET_PASSWORD) is None:
        return page("accounts/stale.html", status=410, kind="reset")
    form = NewPasswordForm()
    if not form.validate():
        return invalid(form, "accounts/password.html", token=token)
    try:
        user = commands.reset_password(token, form.password.data, reset=_reset_page())
    except Invalid as error:
        return invalid(form.blame(error), "accounts/password.html", token=token)
    sessions.end_all(user.id)
    limits.password_is_new(user.id)
    note_event("password.reset", user_id=user.id)
    limits.password_was_right(user.email)
    sessions.end()
    return go(url_for("accounts.new_session"), _("Your password is changed. Sign in with it."))
