"""A person's browsers that show notifications, and the worker that shows them there."""

from __future__ import annotations

from flask import Response, current_app, url_for
from flask_login import current_user

from app.accounts.browsers import browser_name
from app.accounts.security import note_event
from app.adapters import push
from app.inbox import devices
from app.inbox.forms import DeviceForm
from app.inbox.models import Platform
from app.inbox.routes import bp
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.guard import anyone, signed_in
from app.web.replies import go, invalid, page

_PAGE = "inbox/devices.html"


@bp.get("/service-worker.js")
@anyone
def show_service_worker() -> Response:
    """The script that a browser keeps to show pushes. It stands at the root, because its place is its scope."""
    response = current_app.send_static_file("js/inbox/service-worker.js")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/account/devices")
@signed_in
def list_devices() -> Response:
    return page(_PAGE, form=DeviceForm(formdata=None), devices=_all(), key=devices.own_key().public)


@bp.post("/account/devices")
@signed_in
def create_device() -> Response:
    """Register this browser."""
    form = DeviceForm()
    if not form.validate():
        return invalid(form, _PAGE, devices=_all(), key=devices.own_key().public)
    name = browser_name(current_user.session.agent)
    try:
        device = devices.register_device(
            push.Subscription(form.endpoint.data or "", form.p256dh.data or "", form.auth.data or ""),
            name=name,
            platform=Platform(form.platform.data),
            user_id=current_user.id,
            session_id=current_user.session.id,
        )
    except Invalid as error:
        return invalid(form.blame(error), _PAGE, devices=_all(), key=devices.own_key().public)
    note_event("device.added", user_id=current_user.id, device=device.id, name=name)
    return go(url_for("inbox.list_devices"), _("%(name)s is told from now on.", name=name))


@bp.post("/account/devices/<int:device_id>/test")
@signed_in
def create_test(device_id: int) -> Response:
    """Send it a push now, and say how that went."""
    device = devices.device_of(current_user.id, device_id)
    trouble = devices.push_to(device, _("This is how you are told."), url_for("organizations.index"), tag="test")
    if trouble or device.last_error:
        return go(url_for("inbox.list_devices"), _("It was not taken: %(why)s", why=trouble or device.last_error))
    return go(url_for("inbox.list_devices"), _("Sent. It should show in a moment."))


@bp.post("/account/devices/<int:device_id>/removal")
@signed_in
def destroy_device(device_id: int) -> Response:
    device = devices.device_of(current_user.id, device_id)
    note_event("device.removed", user_id=current_user.id, device=device.id, name=device.name)
    devices.remove_device(device)
    return go(url_for("inbox.list_devices"), _("That browser is told nothing any more."))


def _all() -> object:
    return devices.devices_of(current_user.id)
