"""Signing in by a link in a letter. Opening it shows a button, because mail programs open links, too."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_login import current_user

from app.accounts import commands, entrance, limits
from app.accounts.forms import AddressForm
from app.accounts.models import Method, TokenKind, User
from app.accounts.routes import bp
from app.accounts.security import note_event, remember_event
from app.kernel.database import db
from app.kernel.errors import Invalid, TooMany
from app.web.forms import Form
from app.web.guard import anyone
from app.web.replies import go, invalid, page
from app.web.urls import outside, safe_next


@bp.get("/sign-in/link")
@anyone
def new_link() -> Any:
    if current_user.is_authenticated:
        return go(safe_next(url_for("organizations.index")))
    return page("accounts/link.html", form=AddressForm(formdata=None), sent=None, next=safe_next(""))


@bp.post("/sign-in/link")
@anyone
def create_link() -> Any:
    """Post the letter, if the address has an account; the answer does not say whether it has."""
    form, wanted = AddressForm(), safe_next("")
    if not form.validate():
        return invalid(form, "accounts/link.html", sent=None, next=wanted)
    email = form.email.address or ""
    try:
        limits.try_letter(email)
    except TooMany:
        remember_event("sign_in.link_limited", address=email)
        raise
    user = commands.ask_for_way_in(
        email, link=lambda token: outside(url_for("accounts.show_link", token=token, next=wanted or None))
    )
    if user:
        note_event("sign_in.link_asked", user_id=user.id)
    else:
        remember_event("sign_in.link_in_vain", address=email)  # also costs about what the letter would have
    return page("accounts/link.html", form=form, sent=email, next=wanted)


@bp.get("/sign-in/link/<token>")
@anyone
def show_link(token: str) -> Any:
    limits.try_link()
    found = commands.find_token(token, TokenKind.SIGN_IN)
    if found is None:
        return _stale()
    user = db.session.get_one(User, found.user_id)
    return page("accounts/way_in.html", form=Form(), token=token, email=user.email, next=safe_next(""))


@bp.post("/sign-in/link/<token>")
@anyone
def create_session_by_link(token: str) -> Any:
    """Sign this browser in, or lead it to the second step. Of two who follow a link at once, one comes in."""
    limits.try_link()
    try:
        user = commands.follow_way_in(token)
    except Invalid:
        remember_event("sign_in.link_refused")
        return _stale()
    return go(entrance.let_in(user, method=Method.LINK, wanted=safe_next("")))


def _stale() -> Any:
    return page("accounts/stale.html", status=410, kind="sign-in")
