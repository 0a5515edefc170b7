"""A person's own page: name, zone, theme, keys, mail, password, browsers."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import commands, limits, sessions
from app.accounts.models import Theme
from app.accounts.security import note_event, remember_event
from app.inbox.models import Reason
from app.inbox.preferences import preferences_of, set_preferences
from app.kernel.errors import Invalid
from app.organizations.commands.members import rename_member
from app.shell.forms import PasswordForm, ProfileForm, ThemeForm, mail_name
from app.shell.policies import P
from app.shell.routes import bp
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page, reply
from app.web.urls import outside


@bp.get("/profile")
@requires(P.PROFILE)
def show_profile() -> ResponseReturnValue:
    return page("shell/profile/show.html", **_forms())


@bp.post("/profile")
@requires(P.PROFILE)
def update_profile() -> ResponseReturnValue:
    form = ProfileForm(zone=current_user.timezone)
    if not form.validate():
        return invalid(form, "shell/profile/show.html", **_forms(profile=form))
    rename_member(current_member, form.name.data, by=current_member)
    set_preferences(current_member, {reason: form[mail_name(reason)].data for reason in Reason}, by=current_member)
    commands.update_user(
        current_user.id,
        name=form.name.data,
        timezone=form.timezone.data,
        theme=Theme(form.theme.data),
        keys=form.keys.data,
    )
    return go(url_for("shell.show_profile"), "Your profile is saved.")


@bp.post("/profile/theme")
@requires(P.PROFILE)
def update_theme() -> ResponseReturnValue:
    """From the menu, where the browser has switched already."""
    form = ThemeForm()
    if not form.validate():
        raise Invalid("There is no such theme.")
    commands.choose_theme(current_user.id, Theme(form.theme.data))
    return reply("shell/profile/theme.html", status=200) if request.headers.get("HX-Request") else go(_here())


@bp.post("/profile/password")
@requires(P.PROFILE)
def update_password() -> ResponseReturnValue:
    """A new password, by the old one. Other browsers are signed out, this one stays."""
    form = PasswordForm()
    if not form.validate():
        return invalid(form, "shell/profile/show.html", **_forms(password=form))
    limits.try_password(current_user.email)
    try:
        commands.change_password(
            current_user.id, old=form.old.data, new=form.new.data, reset=outside(url_for("accounts.new_reset"))
        )
    except Invalid as error:
        remember_event("password.refused")
        return invalid(form.blame(error), "shell/profile/show.html", **_forms(password=form))
    limits.password_was_right(current_user.email)
    sessions.end_others(current_user.id, keep=current_user.session.id)
    note_event("password.changed", user_id=current_user.id)
    return go(_here(), "Your password is changed. Other browsers are signed out.")


@bp.post("/profile/browsers/<int:session_id>/revocation")
@requires(P.PROFILE)
def create_revocation(session_id: int) -> ResponseReturnValue:
    """Sign another browser of one's own out."""
    sessions.end_one(current_user.id, session_id)
    note_event("browser.signed_out", user_id=current_user.id, session=session_id)
    return go(_here(), "That browser is signed out.")


@bp.post("/profile/browsers/revocation")
@requires(P.PROFILE)
def create_revocations() -> ResponseReturnValue:
    """Sign all other browsers out."""
    sessions.end_others(current_user.id, keep=current_user.session.id)
    note_event("browsers.signed_out", user_id=current_user.id)
    return go(_here(), "All other browsers are signed out.")


def _here() -> str:
    return url_for("shell.show_profile")


def _forms(profile: ProfileForm | None = None, password: PasswordForm | None = None) -> dict[str, Any]:
    """What the page shows; forms as they were sent, or as things are."""
    if profile is None:
        mailed = {mail_name(reason): wanted for reason, wanted in preferences_of(current_member).items()}
        profile = ProfileForm(
            None,
            zone=current_user.timezone,
            name=current_member.name,
            timezone=current_user.timezone,
            theme=current_user.theme.value,
            keys=current_user.keys,
            **mailed,
        )
    return {
        "profile": profile,
        "mail": [profile[mail_name(reason)] for reason in Reason],
        "password": password or PasswordForm(None),
        "browsers": sessions.browsers_of(current_user.id),
        "here": current_user.session.id,
    }
