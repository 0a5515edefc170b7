"""The portal: customers and the tickets that they take part in. Nothing of what stays among colleagues is here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, current_app, request, url_for

from app.desk.commands.fields import move_to_status
from app.desk.commands.talking import NewTicket, create_tickets, receive_reply
from app.desk.forms import ReplyForm, RequestForm
from app.desk.models import Channel, Status, Ticket
from app.desk.policies import P
from app.desk.queries.lists import Key
from app.desk.queries.portal import own_tickets, public_queues
from app.desk.queries.tickets import first_message, ticket_by_number
from app.desk.routes import bp
from app.discussions.commands import attach_files
from app.discussions.queries import discussion_of
from app.discussions.routes import most_bytes
from app.discussions.routes.comments import files_named
from app.documents.commands import discard_draft
from app.documents.queries import draft_of
from app.kernel.errors import Invalid, Refused
from app.kernel.limits import Limit, spend
from app.kernel.words import gettext as _
from app.organizations.queries import home_of
from app.web.current import current_member, current_organization
from app.web.guard import requires
from app.web.htmx import trigger, wants_part
from app.web.live import shows
from app.web.replies import go, invalid, page, reply
from app.web.uploads import take_large_files

#: What one customer may write, so that nobody floods a desk.
WRITES = Limit("portal.writes", 60, per=timedelta(hours=1))
NEW_DRAFT = "portal:new"
DOOR = "desk.new_portal_session"


@bp.get("/portal")
@requires(P.PORTAL, strangers=DOOR)
def show_portal() -> Response:
    """One's tickets: those that are open, or with `view=closed` those that are over."""
    if current_member.is_colleague:
        return _to_own_pages()
    shows(f"customer-{current_member.id}")
    over, after = request.args.get("view") == "closed", Key.read(request.args.get("after", ""))
    rows = own_tickets(current_member, over=over, after=after)
    template = "desk/portal/rows.html" if "part" in request.args else "desk/portal/index.html"
    return page(template, rows=rows, over=over, after=after)


@bp.get("/portal/tickets/new")
@requires(P.ASK, strangers=DOOR)
def new_portal_ticket() -> Response:
    form = RequestForm(formdata=None).offer(public_queues())
    return page("desk/portal/new.html", form=form, draft=draft_of(current_member, NEW_DRAFT))


@bp.post("/portal/tickets")
@requires(P.ASK, strangers=DOOR)
def create_portal_ticket() -> Response:
    """Open a ticket, its files with the first message."""
    queues = public_queues()
    form = RequestForm().offer(queues)
    if not form.validate():
        return invalid(form, "desk/portal/new.html")
    _spend()
    queue = next((queue for queue in queues if queue.id == form.queue.data), None)
    draft = NewTicket(
        form.subject.data or "",
        form.body.data or "",
        current_member,
        queue=queue or (queues[0] if queues else None),
        channel=Channel.PORTAL,
    )
    try:
        [ticket] = create_tickets([draft], by=current_member)
        if form.uploads:
            comment = first_message(ticket)
            attach_files(ticket, form.uploads, by=current_member, comment=comment, internal=False)
    except Invalid as error:
        return invalid(form.blame(error), "desk/portal/new.html")
    discard_draft(current_member, NEW_DRAFT)
    return go(
        url_for("desk.show_portal_ticket", number=ticket.number),
        _("We have it. Its number is %(key)s.", key=ticket.key),
    )


@bp.get("/portal/tickets/<int:number>")
@requires(P.PORTAL, load=ticket_by_number, strangers=DOOR)
def show_portal_ticket(ticket: Ticket) -> Response:
    """The conversation; with `part` the region that follows it."""
    if current_member.is_colleague:
        return go(url_for("desk.show_ticket", number=ticket.number))
    shows(f"ticket-{ticket.id}")
    template = "desk/portal/region.html" if "part" in request.args else "desk/portal/show.html"
    return page(template, **_shown(ticket))


@bp.post("/portal/tickets/<int:number>/replies")
@requires(P.ASK, load=ticket_by_number, strangers=DOOR)
def create_portal_reply(ticket: Ticket) -> Response:
    """Write to the agents. What cannot be said comes back with its reason, the text untouched."""
    form = ReplyForm()
    if not form.validate():
        return invalid(form, "desk/portal/composer.html", ticket=ticket)
    _spend()
    try:
        files = files_named(form, ticket)
        if not files and not (form.body.data or "").strip():
            raise Invalid(_("Write something first."), "body")
        receive_reply(ticket, form.body.data or "", by=current_member, attachments=files)
    except Refused as error:
        form.body.errors = [*form.body.errors, str(error)]
        return invalid(form, "desk/portal/composer.html", ticket=ticket)
    key = portal_draft(ticket)
    discard_draft(current_member, key)
    if not wants_part():
        return go(url_for("desk.show_portal_ticket", number=ticket.number), _("Sent"))
    response = reply("desk/portal/said.html", ticket=ticket)
    return trigger(response, moved={"topics": [f"ticket-{ticket.id}"]}, clear_draft={"key": key})


@bp.post("/portal/tickets/<int:number>/closure")
@requires(P.CLOSE, load=ticket_by_number, strangers=DOOR)
def create_portal_closure(ticket: Ticket) -> Response:
    return _settle(ticket, Status.CLOSED, "Closed. You can open it again.")


@bp.post("/portal/tickets/<int:number>/reopening")
@requires(P.CLOSE, load=ticket_by_number, strangers=DOOR)
def destroy_portal_closure(ticket: Ticket) -> Response:
    return _settle(ticket, Status.OPEN, "Open again")


def portal_draft(ticket: Ticket) -> str:
    """The name of what is half typed."""
    return f"portal:{ticket.number}:reply"


def _settle(ticket: Ticket, status: Status, said: str) -> Response:
    """Nothing happens to what is so already: an open ticket stays as its agents have sorted it."""
    stands = ticket.status is Status.CLOSED if status is Status.CLOSED else ticket.is_unsolved
    if not stands:
        _spend()
        move_to_status([ticket], status, by=current_member)
    return go(url_for("desk.show_portal_ticket", number=ticket.number), said)


def _shown(ticket: Ticket) -> dict[str, Any]:
    """The messages that stand, their files among them. Of what colleagues do, nothing."""
    asked = {"show": "comments", **({"earlier": ""} if "earlier" in request.args else {})}
    discussion = discussion_of(ticket, current_member, asked)
    said = [one for thread in discussion.threads for one in (thread, *thread.replies)]
    return {
        "ticket": ticket,
        "discussion": discussion,
        "said": [one for one in said if one.comment.deleted_at is None],
    }


def _to_own_pages() -> Response:
    """Colleagues read tickets where they work on them."""
    may_list = current_member.may(P.VIEW)
    return go(url_for("desk.list_tickets") if may_list else home_of(current_organization.slug))


def _all_of_a_form() -> int:
    return most_bytes() * int(current_app.extensions["trestleboard"].files_at_once)


def _spend() -> None:
    spend((WRITES, f"{current_member.organization_id}:{current_member.id}"))


take_large_files(
    bp,
    {
        "desk.create_portal_ticket": _all_of_a_form,
        "desk.create_portal_reply": _all_of_a_form,
    },
    lambda: f"A file may have at most {most_bytes() // 2**20} MB.",
)
