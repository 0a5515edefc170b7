"""The HTML of a message, in a sandbox of its own."""

from __future__ import annotations

from flask import Response, request

from app.desk.models import TicketMessage
from app.desk.policies import P
from app.desk.queries.tickets import message_of
from app.desk.routes import bp
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.mailboxes.html import inline_images, mail_page
from app.mailboxes.models import IncomingMail
from app.web.guard import requires


@bp.get("/tickets/<int:number>/messages/<int:comment_id>/html")
@requires(P.VIEW, load=message_of)
def show_html(message: TicketMessage) -> Response:
    """The mail as its sender meant it, cleaned. With `images` also those that lie elsewhere."""
    if message.html_source is None:
        raise NotFound
    mail = db.session.get(IncomingMail, message.incoming_mail_id) if message.incoming_mail_id else None
    return mail_page(message.html_source, images="images" in request.args, inline=inline_images(mail))
