"""Mail that did not leave, and mail that found no place."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_login import current_user

from app.accounts.security import note_event
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.kernel.words import gettext as _
from app.mailboxes.models import IncomingMail
from app.mailboxes.queries import raw_text
from app.operating import commands, queries
from app.operating.guard import operator
from app.operating.routes import bp
from app.web.replies import go, page
from app.web.urls import whole


@bp.get("/mails")
@operator
def list_mails() -> Response:
    only = request.args.get("only", "all")
    only = only if only in queries.MAIL_FILTERS else "all"
    found = queries.undelivered(only, below=request.args.get("below", type=whole))
    template = "operating/mails/_rows.html" if "below" in request.args else "operating/mails/index.html"
    return page(template, mails=found[: queries.PAGE], only=only, more=len(found) > queries.PAGE)


@bp.post("/mails/<int:mail_id>/again")
@operator
def create_sending(mail_id: int) -> Response:
    commands.send_again(queries.undelivered_by_id(mail_id), by=current_user.id)
    return go(url_for("operating.list_mails"), _("It is being sent again."))


@bp.post("/mails/<int:mail_id>/cancellation")
@operator
def create_cancellation(mail_id: int) -> Response:
    commands.give_up_mail(queries.undelivered_by_id(mail_id), by=current_user.id)
    return go(url_for("operating.list_mails"), _("It is sent no more."))


@bp.get("/incoming")
@operator
def list_incoming() -> Response:
    found = queries.unfiled(below=request.args.get("below", type=whole))
    template = "operating/incoming/_rows.html" if "below" in request.args else "operating/incoming/index.html"
    return page(template, mails=found[: queries.PAGE], more=len(found) > queries.PAGE)


@bp.get("/incoming/<int:mail_id>")
@operator
def show_incoming(mail_id: int) -> Response:
    """The raw mail as text. Reading it is remembered: somebody wrote it to somebody else."""
    found = queries.unfiled_by_id(mail_id)
    with organization(found.organization_id):
        mail = db.session.get(IncomingMail, mail_id)
        raw, more = raw_text(mail) if mail is not None else ("", False)
        note_event("operator.mail_read", user_id=current_user.id, organization=found.organization_id, mail=mail_id)
    return page("operating/incoming/show.html", mail=found, raw=raw, more=more)


@bp.post("/incoming/<int:mail_id>/filing")
@operator
def create_filing(mail_id: int) -> Response:
    commands.file_once_more(queries.unfiled_by_id(mail_id), by=current_user.id)
    return go(url_for("operating.list_incoming"), _("The mail is being filed again."))


@bp.post("/incoming/<int:mail_id>/deletion")
@operator
def destroy_incoming(mail_id: int) -> Response:
    commands.forget_mail(queries.unfiled_by_id(mail_id), by=current_user.id)
    return go(url_for("operating.list_incoming"), _("It is gone."))
