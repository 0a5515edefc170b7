"""Deactivating and deleting an account, and coming back."""

from __future__ import annotations

from flask import Response, url_for
from flask_login import current_user

from app.accounts import limits, passwords, sessions
from app.accounts.commands import ending
from app.accounts.own_forms import RestorationForm
from app.accounts.routes import bp
from app.accounts.security import note_event, remember_event
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.guard import anyone, recently_proved, signed_in
from app.web.replies import go, invalid, page
from app.web.urls import outside


@bp.get("/account/close")
@signed_in
@recently_proved
def show_ending() -> Response:
    return page("accounts/ending/show.html", refusal=None, days=ending.GRACE.days)


@bp.post("/account/deactivation")
@signed_in
@recently_proved
def create_deactivation() -> Response:
    user_id = current_user.id
    ending.deactivate_user(user_id, restore_at=_restore_at)
    note_event("account.deactivated", user_id=user_id)
    sessions.end()
    return go(url_for("accounts.new_session"), _("Your account is deactivated. A mail says how to come back."))


@bp.post("/account/deletion")
@signed_in
@recently_proved
def create_deletion() -> Response:
    user_id = current_user.id
    try:
        day = ending.delete_user(user_id, restore_at=_restore_at)
    except ending.StillNeeded as refusal:
        why = str(refusal)
        return page("accounts/ending/show.html", status=refusal.status, refusal=why, days=ending.GRACE.days)
    note_event("account.deletion_asked", user_id=user_id)
    sessions.end()
    said = _("Your account will be deleted on %(day)s. A mail says how to keep it.", day=f"{day:%Y-%m-%d}")
    return go(url_for("accounts.new_session"), said)


@bp.get("/account/restoration")
@anyone
def new_restoration() -> Response:
    return page("accounts/ending/ask.html", form=RestorationForm(), sent=None)


@bp.post("/account/restoration")
@anyone
def create_restoration() -> Response:
    """Post the letter, if there is a shut account of this address; the answer does not say whether there is."""
    form = RestorationForm()
    if not form.validate():
        return invalid(form, "accounts/ending/ask.html", sent=None)
    email = form.email.address or ""
    limits.try_letter(email)
    passwords.matches(None, email)  # outlasts the little work that only some addresses make
    user = ending.ask_for_restoration(email, restore_at=_restore_at)
    if user:
        note_event("account.restoration_asked", user_id=user.id)
    else:
        remember_event("account.restoration_in_vain", address=email)
    return page("accounts/ending/ask.html", form=form, sent=email)


@bp.get("/account/restoration/<token>")
@anyone
def show_restoration(token: str) -> Response:
    """Asks for a click: mail scanners follow links, too."""
    limits.try_link()
    user = ending.find_restoration(token)
    if user is None:
        return page("accounts/ending/stale.html", status=410)
    return page("accounts/ending/restore.html", token=token, user=user)


@bp.post("/account/restoration/<token>")
@anyone
def create_return(token: str) -> Response:
    """Open the account again; its owner then signs in as ever, so the link alone lets nobody in."""
    limits.try_link()
    try:
        user = ending.restore_user(token)
    except Invalid:
        return page("accounts/ending/stale.html", status=410)
    note_event("account.restored", user_id=user.id)
    return go(url_for("accounts.new_session"), _("Your account is open again. Sign in as before."))


def _restore_at(token: str) -> str:
    return outside(url_for("accounts.show_restoration", token=token))
