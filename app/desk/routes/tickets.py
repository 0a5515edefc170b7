"""Single tickets: opened by hand, read, renamed, deleted, restored."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.desk.commands.customers import customer_at
from app.desk.commands.fields import delete_tickets, rename_ticket, restore_tickets
from app.desk.commands.queues import default_queue
from app.desk.commands.talking import NewTicket, create_tickets
from app.desk.forms import SubjectForm, TicketForm
from app.desk.models import Channel, Priority, Ticket
from app.desk.policies import P
from app.desk.queries.filters import in_view, read_filter, read_view
from app.desk.queries.lists import beside
from app.desk.queries.people import assignable
from app.desk.queries.queues import queues
from app.desk.queries.tickets import (
    deleted_ticket,
    messages_of,
    others_of,
    participants_of,
    related_to,
    ticket_by_number,
)
from app.desk.routes import bp
from app.desk.routes.showing import moved
from app.discussions.queries import discussion_of
from app.documents.commands import StaleEdit, discard_draft
from app.documents.queries import draft_of
from app.inbox.commands import mark_read_about
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.search.commands.visits import note_visit
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import wants_part
from app.web.live import shows
from app.web.replies import go, invalid, page, reply

NEW_DRAFT = "ticket:new"


@bp.get("/tickets/new")
@requires(P.CREATE)
def new_ticket() -> Response:
    """The form: a page, or what stands in the dialog. The address may name the customer."""
    form = _offered(TicketForm(formdata=None))
    form.email.data, form.name.data = request.args.get("email", "")[:254], request.args.get("name", "")[:120]
    return page(_new_template(), form=form, draft=draft_of(current_member, NEW_DRAFT))


@bp.post("/tickets")
@requires(P.CREATE)
def create_ticket() -> Response:
    """Open a ticket for a customer, who is made a member when their address is new."""
    form = _offered(TicketForm())
    if not form.validate():
        return invalid(form, _new_template())
    try:
        customer = customer_at(form.email.data or "", form.name.data or "", by=current_member)
        [ticket] = create_tickets([_described(form, customer)], by=current_member)
    except Invalid as error:
        return invalid(form.blame(error), _new_template())
    discard_draft(current_member, NEW_DRAFT)
    return go(url_for("desk.show_ticket", number=ticket.number), _("%(key)s opened", key=ticket.key))


@bp.get("/tickets/<int:number>")
@requires(P.VIEW, load=ticket_by_number)
def show_ticket(ticket: Ticket) -> Response:
    """The page; with `peek` the panel beside a list; with `part` the region that follows changes, with `text` what the
    form of the subject replaced.
    """
    shows(f"ticket-{ticket.id}", "tickets")
    if "text" in request.args:
        return reply("desk/tickets/head.html", ticket=ticket)
    if "peek" not in request.args and "part" not in request.args:
        mark_read_about(ticket, by=current_member)
    if not wants_part():
        note_visit(ticket, by=current_member)
    return page(_show_template(), **shown(ticket))


@bp.get("/tickets/<int:number>/subject")
@requires(P.EDIT, load=ticket_by_number)
def edit_subject(ticket: Ticket) -> Response:
    return page(_subject_template(), ticket=ticket, form=SubjectForm.of(ticket))


@bp.post("/tickets/<int:number>/subject")
@requires(P.EDIT, load=ticket_by_number)
def update_subject(ticket: Ticket) -> Response:
    """Save another subject. A stale form comes back with both, and with the present version."""
    form = SubjectForm()
    if not form.validate():
        return invalid(form, _subject_template(), ticket=ticket)
    try:
        rename_ticket(ticket, form.subject.data or "", by=current_member, seen=form.version.data)
    except StaleEdit:
        form.version.data, form.version.raw_data = ticket.version, None
        form.subject.errors = [*form.subject.errors, f"It reads “{ticket.subject}” now. Save again to have yours."]
        return invalid(form, _subject_template(), ticket=ticket)
    except Invalid as error:
        return invalid(form.blame(error), _subject_template(), ticket=ticket)
    if not wants_part():
        return go(url_for("desk.show_ticket", number=ticket.number), _("Saved"))
    return moved(reply("desk/tickets/head.html", ticket=ticket), [ticket])


@bp.post("/tickets/<int:number>/deletion")
@requires(P.DELETE, load=ticket_by_number)
def destroy_ticket(ticket: Ticket) -> Response:
    delete_tickets([ticket], by=current_member)
    return go(url_for("desk.list_tickets"), _("%(key)s deleted. It waits in the bin.", key=ticket.key))


@bp.post("/tickets/<int:number>/restoration")
@requires(P.DELETE, load=deleted_ticket)
def restore_ticket(ticket: Ticket) -> Response:
    restore_tickets([ticket], by=current_member)
    return go(url_for("desk.show_ticket", number=ticket.number), _("%(key)s is back", key=ticket.key))


def shown(ticket: Ticket) -> dict[str, Any]:
    """What the page of a ticket, and its parts, show."""
    discussion = discussion_of(ticket, current_member, request.args)
    comments = [item.comment.id for item in discussion.threads]
    view, chosen = read_view(request.args), read_filter(request.args)
    around: dict[str, Any] = {}
    if "peek" not in request.args and current_member.may(P.VIEW):
        matching = (in_view(view, current_member), *chosen.clauses(current_member))
        around["beside"], around["before"], around["after"] = beside(current_member, ticket, *matching)
    others, count, unsolved = others_of(current_member, ticket)
    return {
        "ticket": ticket,
        "discussion": discussion,
        "messages": messages_of(ticket, comments),
        "participants": participants_of(ticket),
        "others": others,
        "others_count": count,
        "others_unsolved": unsolved,
        "related": related_to(current_member, ticket),
        "list_query": "&".join(filter(None, (f"view={view}" if "view" in request.args else "", chosen.query))),
        "writing": request.args.get("write", "reply"),
        **around,
    }


def _described(form: TicketForm, customer: Any) -> NewTicket:
    queue = next((queue for queue in queues() if queue.id == form.queue.data), None)
    agent = next((person for person in assignable() if person.id == form.assignee.data), None)
    return NewTicket(
        subject=form.subject.data or "",
        body=form.body.data or "",
        customer=customer,
        queue=queue,
        channel=Channel(form.channel.data),
        priority=Priority(form.priority.data),
        assignee=agent,
    )


def _offered(form: TicketForm) -> TicketForm:
    default_queue()
    return form.offer(queues(), assignable())


def _new_template() -> str:
    return "desk/tickets/new_dialog.html" if wants_part() else "desk/tickets/new.html"


def _subject_template() -> str:
    return "desk/tickets/subject_inline.html" if wants_part() else "desk/tickets/subject.html"


def _show_template() -> str:
    if "peek" in request.args:
        return "desk/tickets/peek_region.html" if "part" in request.args else "desk/tickets/peek.html"
    return "desk/tickets/region.html" if "part" in request.args else "desk/tickets/show.html"
