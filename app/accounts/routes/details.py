"""Private details: opened by whoever has just proved who they are, and by nobody else."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask_login import current_user

from app.accounts.commands import details as changes
from app.accounts.own_forms import DetailsForm
from app.accounts.routes import bp
from app.accounts.security import note_event
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.guard import recently_proved, signed_in
from app.web.replies import go, invalid, page


@bp.get("/account/details")
@signed_in
@recently_proved
def show_details() -> Response:
    details = changes.details_of(current_user.id)
    return page("accounts/details.html", form=DetailsForm.of(details, changes.SECRET), kept=_kept())


@bp.post("/account/details")
@signed_in
@recently_proved
def update_details() -> Response:
    form = DetailsForm()
    if not form.validate():
        return invalid(form, "accounts/details.html", kept=_kept())
    try:
        changes.keep_details(current_user.id, **form.said)
    except Invalid as error:
        return invalid(form.blame(error), "accounts/details.html", kept=_kept())
    note_event("details.changed", user_id=current_user.id)
    return go(url_for("accounts.show_details"), _("Your private details are sealed and kept."))


@bp.post("/account/details/deletion")
@signed_in
@recently_proved
def destroy_details() -> Response:
    changes.forget_details(current_user.id)
    note_event("details.forgotten", user_id=current_user.id)
    return go(url_for("accounts.show_details"), _("Nothing of it is kept any more."))


def _kept() -> dict[str, Any]:
    """The ends of the secrets that are kept."""
    details = changes.details_of(current_user.id)
    return {name: changes.masked(getattr(details, name)) for name in changes.SECRET}
