"""A person's mobile number, proved by a code that is texted there. Without a gateway none of this is there."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask_login import current_user

from app.accounts.security import note_event, remember_event
from app.inbox import phones
from app.inbox.forms import CodeForm, PhoneForm
from app.inbox.nudges import can_text
from app.inbox.routes import bp
from app.kernel.errors import Invalid, NotFound
from app.kernel.words import gettext as _
from app.web.guard import signed_in
from app.web.replies import go, page

_PAGE = "inbox/phone.html"


@bp.get("/account/phone")
@signed_in
def show_phone() -> Response:
    return page(_PAGE, **_around())


@bp.post("/account/phone")
@signed_in
def create_code() -> Response:
    """Text a code to the number given."""
    around, form = _around(), PhoneForm()
    around["form"] = form
    if not form.validate():
        return page(_PAGE, status=422, **around)
    try:
        phones.send_code(current_user.id, form.number.data or "")
    except Invalid as error:
        form.blame(error)
        return page(_PAGE, status=422, **around)
    return go(url_for("inbox.show_phone"), _("A code is on its way."))


@bp.post("/account/phone/code")
@signed_in
def create_proof() -> Response:
    """Take the code that came."""
    around, form = _around(), CodeForm()
    around["code"] = form
    fine = form.validate()
    if fine:
        try:
            number = phones.prove_number(current_user.id, form.code.data or "")
        except Invalid as error:
            remember_event("phone.refused", user_id=current_user.id)
            form.blame(error)
        else:
            note_event("phone.proved", user_id=current_user.id)
            return go(url_for("inbox.show_phone"), _("Texts go to %(number)s from now on.", number=number))
    return page(_PAGE, status=422, **around)


@bp.post("/account/phone/removal")
@signed_in
def destroy_phone() -> Response:
    _around()
    phones.remove_number(current_user.id)
    note_event("phone.removed", user_id=current_user.id)
    return go(url_for("inbox.show_phone"), _("No texts any more."))


def _around() -> dict[str, Any]:
    if not can_text():
        raise NotFound
    return {
        "form": PhoneForm(formdata=None, number=current_user.mobile_number or ""),
        "code": CodeForm(formdata=None),
        "waiting": phones.waiting_number(current_user.id),
        "number": current_user.mobile_number if current_user.mobile_verified_at else None,
    }
