"""One's own profile: name and title, picture; and how one sees things."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_login import current_user

from app.accounts import commands
from app.accounts.commands import profile as changes
from app.accounts.models import Theme
from app.accounts.own_forms import PictureForm, PreferencesForm, ProfileForm, ThemeForm
from app.accounts.routes import bp
from app.accounts.streaks import present_streak
from app.adapters import files, media
from app.kernel.clock import now
from app.kernel.errors import Invalid, NotFound
from app.kernel.words import gettext as _
from app.web.downloads import picture
from app.web.guard import signed_in
from app.web.replies import go, invalid, page, reply
from app.web.uploads import take_large_files

take_large_files(
    bp, {"accounts.create_avatar": lambda: changes.MOST}, lambda: _("The picture is larger than 8 MB. Take another.")
)


@bp.get("/account")
@signed_in
def show_account() -> Response:
    return go(_here())


@bp.get("/account/profile")
@signed_in
def show_profile() -> Response:
    return page("accounts/profile/show.html", form=_profile(), picture=PictureForm(None), streak=_streak())


@bp.post("/account/profile")
@signed_in
def update_profile() -> Response:
    form = ProfileForm()
    if not form.validate():
        return invalid(form, "accounts/profile/show.html", picture=PictureForm(None), streak=_streak())
    changes.edit_profile(current_user.id, name=form.name.data, job_title=form.job_title.data or "")
    return go(_here(), _("Your profile is saved."))


@bp.post("/account/avatar")
@signed_in
def create_avatar() -> Response:
    sent = PictureForm()
    try:
        if not sent.validate():
            raise Invalid(str(sent.picture.errors[0]), "picture") if sent.picture.errors else Invalid(_("Try again."))
        changes.set_avatar(current_user.id, sent.picture.data.stream)
    except Invalid as error:
        sent.picture.errors = [str(error)]
        return invalid(_profile(), "accounts/profile/show.html", picture=sent, streak=_streak())
    return go(_here(), _("Your picture is shown everywhere."))


@bp.post("/account/avatar/deletion")
@signed_in
def destroy_avatar() -> Response:
    changes.remove_avatar(current_user.id)
    return go(_here(), _("Your initials are shown again."))


@bp.get("/account/avatar")
@signed_in
def show_avatar() -> Response:
    """One's own picture, where one is in no organization."""
    try:
        if current_user.avatar is None:
            raise NotFound
        answer = picture(files.open_file(current_user.avatar), media.PREVIEW)
    except FileNotFoundError:
        raise NotFound from None
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@bp.get("/account/preferences")
@signed_in
def show_preferences() -> Response:
    return page("accounts/profile/preferences.html", form=_preferences())


@bp.post("/account/preferences")
@signed_in
def update_preferences() -> Response:
    form = PreferencesForm(zone=current_user.timezone)
    if not form.validate():
        return invalid(form, "accounts/profile/preferences.html")
    changes.edit_preferences(
        current_user.id,
        timezone=form.timezone.data,
        language=form.language.data,
        week_starts_on=form.week_starts_on.data,
        theme=Theme(form.theme.data),
        keys=form.keys.data,
    )
    return go(url_for("accounts.show_preferences"), _("Your preferences are saved."))


@bp.post("/account/theme")
@signed_in
def update_theme() -> Response:
    """From the menu, where the browser has switched already."""
    form = ThemeForm()
    if not form.validate():
        raise Invalid(_("There is no such theme."))
    commands.choose_theme(current_user.id, Theme(form.theme.data))
    if request.headers.get("HX-Request"):
        return reply("accounts/profile/theme.html")
    return go(url_for("accounts.show_preferences"))


def _here() -> str:
    return url_for("accounts.show_profile")


def _profile() -> ProfileForm:
    return ProfileForm(None, name=current_user.name, job_title=current_user.job_title)


def _preferences() -> PreferencesForm:
    return PreferencesForm(
        None,
        zone=current_user.timezone,
        timezone=current_user.timezone,
        language=current_user.language or "",
        week_starts_on=current_user.week_starts_on,
        theme=current_user.theme.value,
        keys=current_user.keys,
    )


def _streak() -> int:
    return present_streak(current_user.user, now())
