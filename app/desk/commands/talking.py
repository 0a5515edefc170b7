"""What is said in tickets: opening them, answering, keeping notes, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from app.desk import events
from app.desk.commands.queues import default_queue
from app.desk.commands.tags import tags_named
from app.desk.commands.writing import tell
from app.desk.letters import post_reply
from app.desk.models import (
    SUBJECT_MOST,
    Channel,
    Direction,
    Priority,
    Queue,
    Status,
    Ticket,
    TicketMessage,
    TicketParticipant,
    TicketTag,
)
from app.discussions.commands import Remark, add_comments
from app.discussions.models import Attachment, Comment
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid, Refused
from app.kernel.numbers import next_numbers
from app.kernel.words import gettext as _
from app.organizations.models import Member

#: What stands where a message had no words.
NO_TEXT = "*No text.*"


class TicketClosed(Refused):
    """A conversation is over: what its customer writes begins a new ticket."""


@dataclass(frozen=True)
class MessageFacts:
    """What a mail says of itself, besides its text."""

    from_address: str = ""
    from_name: str = ""
    to_addresses: Sequence[str] = ()
    message_id: str | None = None
    in_reply_to: str | None = None
    references: Sequence[str] = ()
    #: As it came; cleaned whenever it is shown.
    html_source: str | None = None
    incoming_mail_id: int | None = None


@dataclass(frozen=True)
class NewTicket:
    """A ticket that does not exist yet. Without a queue it goes into the default one."""

    subject: str
    body: str
    customer: Member
    queue: Queue | None = None
    channel: Channel = Channel.WEB
    priority: Priority = Priority.NORMAL
    source: str = ""
    category: str = ""
    subcategory: str = ""
    assignee: Member | None = None
    tags: Sequence[str] = ()
    #: Others who take part, beside the customer.
    participants: Sequence[Member] = ()
    related: Ticket | None = None
    facts: MessageFacts = field(default_factory=MessageFacts)


def create_tickets(drafts: Sequence[NewTicket], *, by: Actor) -> list[Ticket]:
    """Open tickets, each with its first message, in a fixed number of statements however many they are.

    The first message is a comment by `by`: the customer, or the agent who writes it down for them. They come back with
    queue, customer and agent loaded. Raises Invalid for a subject that is missing or too long, or too long a text.
    """
    if not drafts:
        return []
    for draft in drafts:
        check_subject(draft.subject)
        if draft.queue is not None and draft.queue.archived_at:
            raise Invalid(_("This queue takes no tickets any more. Choose another."), "queue")
    at = now()
    fallback = default_queue() if any(draft.queue is None for draft in drafts) else None
    numbers = next_numbers("ticket", len(drafts))
    tickets = [
        _ticket(draft, number, draft.queue or fallback, by, at) for draft, number in zip(drafts, numbers, strict=True)
    ]
    db.session.add_all(tickets)
    db.session.flush()
    _join(list(zip(tickets, drafts, strict=True)), at)
    tagged = _tag(tickets, drafts)
    touched = [
        (ticket, _beginning(draft, tagged.get(ticket.id, []))) for ticket, draft in zip(tickets, drafts, strict=True)
    ]
    ledger.record(events.CREATED, touched, by=by)
    remarks = [
        Remark(ticket, draft.body if draft.body.strip() else NO_TEXT, internal=False)
        for ticket, draft in zip(tickets, drafts, strict=True)
    ]
    comments = add_comments(remarks, by=by)
    db.session.add_all(
        _message(ticket, comment, Direction.IN, draft.facts, at)
        for ticket, comment, draft in zip(tickets, comments, drafts, strict=True)
    )
    db.session.flush()
    tell(tickets)
    return tickets


def reply_to_ticket(
    ticket: Ticket, body: str, *, by: Member, attachments: Sequence[Attachment] = (), then: Status | None = None
) -> Comment:
    """Answer openly: a comment that the customer may read, and a mail to each who takes part.

    A new ticket is open from then on; `then` puts it into another status in the same breath. Raises Invalid for an
    empty or too long text.
    """
    hold(ticket)
    at = now()
    [comment] = add_comments([_remark(ticket, body, attachments, internal=False)], by=by)
    message = _message(ticket, comment, Direction.OUT, MessageFacts(from_name=by.name), at)
    post_reply(ticket, comment, message, attachments, by=by)
    db.session.add(message)
    ticket.first_response_at = ticket.first_response_at or at
    ticket.last_message_at = at
    _settle(ticket, then or (Status.OPEN if ticket.status is Status.NEW else ticket.status), by=by)
    tell([ticket])
    return comment


def note_on_ticket(
    ticket: Ticket, body: str, *, by: Actor, attachments: Sequence[Attachment] = (), then: Status | None = None
) -> Comment:
    """Say something that stays among colleagues. Raises Invalid for an empty or too long text."""
    hold(ticket)
    [comment] = add_comments([_remark(ticket, body, attachments, internal=True)], by=by)
    _settle(ticket, then or ticket.status, by=by)
    tell([ticket])
    return comment


def receive_reply(
    ticket: Ticket,
    body: str,
    *,
    by: Member,
    facts: MessageFacts | None = None,
    attachments: Sequence[Attachment] = (),
) -> Comment:
    """What somebody who takes part has written, by mail or in the portal. It opens a ticket again that was resolved or
    waited for them. `attachments` are files that they sent ahead.

    Raises TicketClosed when the ticket is over: the caller opens a new one with `related=ticket`.
    """
    hold(ticket)
    if ticket.status is Status.CLOSED:
        raise TicketClosed(f"Ticket {ticket.key} is closed.")
    at = now()
    said = body if body.strip() or attachments else NO_TEXT
    [comment] = add_comments([_remark(ticket, said, attachments, internal=False)], by=by)
    db.session.add(_message(ticket, comment, Direction.IN, facts or MessageFacts(), at))
    ticket.last_message_at = ticket.last_customer_message_at = at
    if ticket.status in (Status.RESOLVED, Status.PENDING):
        with ledger.change(ticket, event=events.REOPENED, by=by):
            ticket.enter_status(Status.OPEN, at)
    db.session.flush()
    tell([ticket])
    return comment


def hold(ticket: Ticket) -> None:
    """Read it anew and keep it until the transaction ends: it may have changed since the page's query."""
    columns = ["status", "subject", "version", "first_response_at", "last_message_at", "last_customer_message_at"]
    columns += ["resolved_at", "closed_at", "deleted_at", "queue_id", "assigned_agent_id"]
    db.session.refresh(ticket, columns, with_for_update={"key_share": True})
    if ticket.deleted_at is not None:
        raise Refused(_("Ticket %(key)s has been deleted meanwhile. What you wrote is still here.", key=ticket.key))


def check_subject(subject: str) -> None:
    """Raises Invalid for a subject that is empty or too long."""
    if not subject.strip():
        raise Invalid(_("A ticket needs a subject."), "subject")
    if len(subject) > SUBJECT_MOST:
        raise Invalid(_("At most %(subject_most)s characters, please.", subject_most=SUBJECT_MOST), "subject")


def _ticket(draft: NewTicket, number: int, queue: Queue | None, by: Actor, at: datetime) -> Ticket:
    assert queue is not None
    return Ticket(
        number=number,
        queue_id=queue.id,
        queue=queue,
        subject=draft.subject,
        priority=draft.priority,
        channel=draft.channel,
        source=draft.source,
        category=draft.category,
        subcategory=draft.subcategory,
        customer_id=draft.customer.id,
        customer=draft.customer,
        assigned_agent_id=draft.assignee and draft.assignee.id,
        agent=draft.assignee,
        created_by_id=by.id,
        related_ticket_id=draft.related and draft.related.id,
        created_at=at,
        updated_at=at,
        last_message_at=at,
        last_customer_message_at=at,
    )


def _beginning(draft: NewTicket, tags: list[int]) -> dict[str, Any]:
    """What those who are told of new tickets must know: who answers it, and what it is tagged with."""
    found = {"assignees": [[], [draft.assignee.id] if draft.assignee else []], "tags": [[], tags]}
    return {name: pair for name, pair in found.items() if pair[1]}


def _join(pairs: Sequence[tuple[Ticket, NewTicket]], at: datetime) -> None:
    """Their customers, and whom they brought along, take part. One statement."""
    rows = [
        {
            "organization_id": current_organization_id(),
            "ticket_id": ticket.id,
            "member_id": member_id,
            "added_at": at,
        }
        for ticket, draft in pairs
        for member_id in sorted({draft.customer.id, *(other.id for other in draft.participants)})
    ]
    db.session.execute(insert(TicketParticipant).values(rows))


def _tag(tickets: Sequence[Ticket], drafts: Sequence[NewTicket]) -> dict[int, list[int]]:
    wanted = sorted({name for draft in drafts for name in draft.tags})
    if not wanted:
        return {}
    known = tags_named(wanted)
    found = {
        ticket.id: sorted({known[name.strip().casefold()].id for name in draft.tags})
        for ticket, draft in zip(tickets, drafts, strict=True)
    }
    db.session.add_all(TicketTag(ticket_id=ticket, tag_id=tag) for ticket, tags in found.items() for tag in tags)
    db.session.flush()
    return found


def _message(
    ticket: Ticket, comment: Comment, direction: Direction, facts: MessageFacts, at: datetime
) -> TicketMessage:
    return TicketMessage(
        ticket_id=ticket.id,
        comment_id=comment.id,
        direction=direction,
        from_name=facts.from_name[:200],
        from_address=facts.from_address[:254],
        to_addresses=list(facts.to_addresses)[:50],
        message_id=facts.message_id,
        in_reply_to=facts.in_reply_to,
        references=list(facts.references)[-50:],
        incoming_mail_id=facts.incoming_mail_id,
        html_source=facts.html_source,
        created_at=at,
    )


def _remark(ticket: Ticket, body: str, attachments: Sequence[Attachment], *, internal: bool) -> Remark:
    return Remark(ticket, body, internal=internal, attachments=attachments)


def _settle(ticket: Ticket, status: Status, *, by: Actor) -> None:
    """Put it into a status, and say so when that is another one. The order of two writers is that of `hold`."""
    with ledger.change(ticket, event=events.STATUS_CHANGED, by=by):
        if status is not ticket.status:
            ticket.enter_status(status, now())
