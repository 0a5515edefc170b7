"""Before a sensitive page opens: who sits there shows that it is them. The way that is asked for is the best they have.

A second factor where there is one, else the password, else a link in a letter, opened in this very browser.
"""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_login import current_user

from app.accounts import commands, limits, second_factors, sessions
from app.accounts.forms import CodeForm, PasswordForm
from app.accounts.models import TokenKind
from app.accounts.passwords import matches
from app.accounts.routes import bp
from app.accounts.security import note_event, remember_event
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.forms import Form
from app.web.guard import signed_in
from app.web.replies import go, invalid, page
from app.web.urls import outside, safe_next

_PAGE = "accounts/reproof.html"


@bp.get("/account/proof")
@signed_in
def show_reproof() -> Any:
    return page(_PAGE, **_about())


@bp.post("/account/proof")
@signed_in
def create_reproof() -> Any:
    """Take the code or the password. Wrong ones count as they do at the sign-in."""
    about = _about()
    form = {"code": CodeForm, "password": PasswordForm, "letter": Form}[about["way"]]()
    about["form"] = form
    if about["way"] == "letter":
        return go(url_for("accounts.show_reproof", next=about["next"] or None))
    if not form.validate():
        return invalid(template=_PAGE, **about)
    try:
        _check(form)
    except Invalid as error:
        remember_event("proof.failed", way=about["way"])
        form.blame(error)
        return invalid(template=_PAGE, **about)
    return _proved(second_factor=about["way"] == "code")


def _check(form: Any) -> None:
    """Raises Invalid when it is not right, TooMany when there were too many."""
    if isinstance(form, CodeForm):
        limits.try_code(current_user.id)
        commands.show_second_factor(current_user.id, form.code.data)
        limits.code_was_right(current_user.id)
        return
    limits.try_password(current_user.email)
    if not matches(current_user.password_hash, form.password.data):
        raise Invalid(_("This is not your password."), "password")
    limits.password_was_right(current_user.email)


@bp.post("/account/proof/letter")
@signed_in
def create_proof_letter() -> Any:
    """Post the letter, to who has no other way."""
    if _way() != "letter":
        return go(url_for("accounts.show_reproof", next=safe_next("") or None))
    limits.try_letter(current_user.email)
    wanted = safe_next("")
    commands.ask_for_reproof(
        current_user.id,
        link=lambda token: outside(url_for("accounts.show_proof_link", token=token, next=wanted or None)),
    )
    return page(_PAGE, **_about(), sent=True)


@bp.get("/account/proof/<token>")
@signed_in
def show_proof_link(token: str) -> Any:
    limits.try_link()
    if not _is_own(token):
        return _stale()
    return page("accounts/proof_link.html", form=Form(), token=token, next=safe_next(""))


@bp.post("/account/proof/<token>")
@signed_in
def follow_proof_link(token: str) -> Any:
    """The browser that follows the link is the one that is proved, and only for the person it was written to."""
    limits.try_link()
    if not _is_own(token):
        return _stale()
    try:
        commands.use_up(token, TokenKind.PROOF)
    except Invalid:
        return _stale()
    return _proved()


def _is_own(token: str) -> bool:
    found = commands.find_token(token, TokenKind.PROOF)
    return found is not None and found.user_id == current_user.id


def _proved(*, second_factor: bool = False) -> Any:
    sessions.mark_proved(current_user.session.id, second_factor=second_factor)
    note_event("proof.given", user_id=current_user.id)
    return go(safe_next(url_for("accounts.show_security")))


def _stale() -> Any:
    return page("accounts/stale.html", status=410, kind="proof")


def _way() -> str:
    if second_factors.is_set_up(current_user.id):
        return "code"
    return "password" if current_user.password_hash else "letter"


def _about() -> dict[str, Any]:
    way = _way()
    forms = {"code": CodeForm, "password": PasswordForm, "letter": Form}
    return {"way": way, "form": forms[way](formdata=None), "next": safe_next(""), "email": current_user.email}
