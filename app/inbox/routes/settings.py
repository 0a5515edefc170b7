"""How a member is told: the matrix of kinds and channels, the rhythm of mail, quiet hours."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask_login import current_user

from app.inbox import preferences
from app.inbox.devices import devices_of
from app.inbox.forms import CHANNELS, SettingsForm
from app.inbox.kinds import all_kinds
from app.inbox.models import Channel
from app.inbox.nudges import can_text
from app.inbox.policies import P
from app.inbox.routes import bp
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page
from app.web.urls import TENANT

_PAGE = "inbox/settings.html"


@bp.get(f"{TENANT}/settings/notifications")
@requires(P.USE)
def show_settings() -> Response:
    channels = _channels()
    matrix, timing = preferences.matrix_of(current_member), preferences.timing_of(current_member)
    return page(_PAGE, form=SettingsForm.of(matrix, timing, channels), **_around(channels))


@bp.post(f"{TENANT}/settings/notifications")
@requires(P.USE)
def update_settings() -> Response:
    channels = _channels()
    form = SettingsForm(channels)
    if not form.validate():
        return invalid(form, _PAGE, **_around(channels))
    try:
        timing = form.timing
    except Invalid as error:
        return invalid(form.blame(error), _PAGE, **_around(channels))
    preferences.set_matrix(current_member, form.matrix, by=current_member)
    preferences.set_timing(current_member, timing, by=current_member)
    return go(url_for("inbox.show_settings"), _("You are told as you have chosen."))


def _channels() -> list[Channel]:
    """Those that there are; without a gateway nothing is said of texts."""
    return [channel for channel in Channel if channel is not Channel.SMS or can_text()]


def _around(channels: list[Channel]) -> dict[str, Any]:
    return {
        "kinds": all_kinds(),
        "channels": [(channel, CHANNELS[channel]) for channel in channels],
        "devices": devices_of(current_user.id),
        "zone": current_user.timezone,
    }
