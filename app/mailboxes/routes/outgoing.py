"""The organization's outgoing mail, for those who look after it."""

from __future__ import annotations

from flask import Response, current_app, request

from app.mailboxes import queries
from app.mailboxes.models import OutgoingMail
from app.mailboxes.policies import P
from app.mailboxes.routes import bp
from app.web.guard import requires
from app.web.replies import page
from app.web.urls import whole


@bp.get("")
@requires(P.VIEW)
def list_mails() -> Response:
    only = request.args.get("only", "all")
    only = only if only in queries.FILTERS else "all"
    mails = queries.outgoing(only, below=request.args.get("below", type=whole))
    return page(
        "mailboxes/_rows.html" if "below" in request.args else "mailboxes/index.html",
        mails=mails[: queries.PAGE],
        only=only,
        more=len(mails) > queries.PAGE,
        folder=not current_app.extensions["trestleboard"].smtp_url,
    )


@bp.get("/<int:mail_id>")
@requires(P.VIEW, load=queries.mail_by_id)
def show_mail(mail: OutgoingMail) -> Response:
    return page("mailboxes/show.html", mail=mail)
