"""The organization's address for answers to notifications."""

from __future__ import annotations

from flask import Response, url_for

from app.inbox.forms import ReplyAddressForm
from app.inbox.replies import KIND, reply_address
from app.inbox.routes import bp
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.mailboxes.commands import serve_address
from app.mailboxes.policies import P
from app.web.current import current_member
from app.web.guard import requires
from app.web.replies import go, invalid, page
from app.web.urls import TENANT

_PAGE = "inbox/reply_address.html"


@bp.get(f"{TENANT}/settings/replies")
@requires(P.CONNECT)
def show_reply_address() -> Response:
    return page(_PAGE, form=ReplyAddressForm(formdata=None, address=reply_address() or ""))


@bp.post(f"{TENANT}/settings/replies")
@requires(P.CONNECT)
def update_reply_address() -> Response:
    """Let answers come to this address; without one, none are taken."""
    form = ReplyAddressForm()
    if not form.validate():
        return invalid(form, _PAGE)
    try:
        serve_address(KIND, current_member.organization_id, form.address.data, by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), _PAGE)
    said = _("Notifications can be answered by mail.") if form.address.data else _("Answers by mail are not taken.")
    return go(url_for("inbox.show_reply_address"), said)
