"""The second step of signing in: a code of the authenticator app, or a recovery code."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.accounts import commands, entrance, limits
from app.accounts.forms import CodeForm
from app.accounts.routes import bp
from app.accounts.security import note_event, remember_event
from app.kernel.errors import Invalid, TooMany
from app.kernel.words import gettext as _
from app.web.guard import anyone
from app.web.replies import go, invalid, page
from app.web.urls import safe_next


@bp.get("/sign-in/code")
@anyone
def new_second_step() -> Any:
    found = entrance.half()
    if found is None:
        return _from_the_start()
    return page("accounts/second_step.html", form=CodeForm(formdata=None), **_about(found))


@bp.post("/sign-in/code")
@anyone
def create_second_step() -> Any:
    """Sign in who shows their second factor. Before that, knowing the password has opened nothing."""
    found = entrance.half()
    if found is None:
        return _from_the_start()
    form, user_id = CodeForm(), found.user.id
    if not form.validate():
        return invalid(form, "accounts/second_step.html", **_about(found))
    try:
        limits.try_code(user_id)
    except TooMany:
        remember_event("second_step.limited", user_id=user_id)
        raise
    try:
        shown = commands.show_second_factor(user_id, form.code.data)
    except Invalid as error:
        remember_event("second_step.failed", user_id=user_id)
        return invalid(form.blame(error), "accounts/second_step.html", **_about(found))
    try:
        address = entrance.finish(found, wanted=safe_next(""))
    except Invalid:
        return _from_the_start()
    limits.code_was_right(user_id)
    if shown == commands.Shown.RECOVERY_CODE:
        note_event("recovery_code.used", user_id=user_id)
    return go(address)


def _about(found: entrance.Half) -> dict[str, Any]:
    return {
        "email": found.user.email,
        "next": safe_next(""),
        "recovery": request.values.get("with") == "recovery",
    }


def _from_the_start() -> Any:
    return go(url_for("accounts.new_session", next=safe_next("") or None), _("That took too long. Sign in again."))
