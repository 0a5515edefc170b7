"""What agents write in a ticket: answers that are mailed, and notes that stay among colleagues."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, url_for

from app.desk.commands.talking import note_on_ticket, reply_to_ticket
from app.desk.forms import ReplyForm
from app.desk.models import Ticket
from app.desk.policies import P
from app.desk.queries.tickets import ticket_by_number
from app.desk.routes import bp
from app.desk.routes.showing import moved
from app.discussions.routes.comments import files_named
from app.documents.commands import discard_draft
from app.kernel.errors import Refused
from app.web.current import current_member
from app.web.guard import refuse, requires
from app.web.htmx import trigger, wants_part
from app.web.replies import go, invalid, reply


@bp.post("/tickets/<int:number>/replies")
@requires(P.REPLY, load=ticket_by_number)
def create_reply(ticket: Ticket) -> Response:
    return _say(ticket, "reply", reply_to_ticket, "Sent")


@bp.post("/tickets/<int:number>/notes")
@requires(P.NOTE, load=ticket_by_number)
def create_note(ticket: Ticket) -> Response:
    return _say(ticket, "note", note_on_ticket, "Noted")


def draft_key(ticket: Ticket, kind: str) -> str:
    """The name of what is half typed: one for the answer and one for the note."""
    return f"ticket:{ticket.number}:{kind}"


def _say(ticket: Ticket, kind: str, command: Callable[..., Any], said: str) -> Response:
    """Say it. What cannot be said comes back with its reason, the text untouched."""
    form = ReplyForm()
    if not form.validate():
        return invalid(form, "desk/tickets/composer.html", ticket=ticket, writing=kind)
    if form.status and not current_member.may(P.RESOLVE):
        refuse("permission", permission=str(P.RESOLVE))
    try:
        files = files_named(form, ticket)
        command(ticket, form.body.data or "", by=current_member, attachments=files, then=form.status)
    except Refused as error:
        form.body.errors = [*form.body.errors, str(error)]
        return invalid(form, "desk/tickets/composer.html", ticket=ticket, writing=kind)
    key = draft_key(ticket, kind)
    discard_draft(current_member, key)
    if not wants_part():
        return go(url_for("desk.show_ticket", number=ticket.number), said)
    response = reply("desk/tickets/said.html", ticket=ticket, said=said, then=form.status)
    return trigger(moved(response, [ticket]), clear_draft={"key": key})
