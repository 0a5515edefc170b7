"""Mail to those who take part in a ticket: answers, threaded as mail programs expect it, and confirmations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, render_template
from sqlalchemy import and_, select

from app.desk.addresses import address_for
from app.desk.models import Direction, Queue, Ticket, TicketMessage, TicketParticipant
from app.discussions.models import Attachment, Comment
from app.documents.models import Document
from app.documents.rendering import render
from app.kernel.database import current_organization_id, db
from app.mailboxes.commands import MOST_IN_THREAD, MailPart, post_mail
from app.mailboxes.models import OutgoingMail
from app.organizations.models import Member, Organization

#: Characters of the message before that an answer quotes.
QUOTED = 10_000


@dataclass(frozen=True)
class Quote:
    """The message before, as it stands under an answer."""

    name: str
    at: datetime
    text: str
    html: str

    @property
    def lines(self) -> list[str]:
        return self.text[:QUOTED].splitlines()


def post_reply(
    ticket: Ticket, comment: Comment, message: TicketMessage, files: Sequence[Attachment] = (), *, by: Member
) -> list[OutgoingMail]:
    """Mail an answer to each who takes part, and note on its `message` how it went out. The customer's mail is first.

    Nobody sees another's address, and who wrote it gets none. Files that stand openly with it go along. A fixed number
    of statements, and two a mail. Raises TooLarge for files that no mail server would take.
    """
    readers = [member for member in _readers(ticket) if member.id != by.id]
    queue = db.session.get_one(Queue, (ticket.organization_id, ticket.queue_id))
    organization = db.session.get_one(Organization, current_organization_id())
    parent, thread = thread_of(ticket)
    context = {
        "body": comment.document.body,
        "html": render(comment.document.body).html,
        "ticket": ticket,
        "queue": queue,
        "organization": organization,
        "quote": _quote(ticket, comment),
        "portal": portal_address(organization, ticket),
    }
    text = render_template("desk/mail/reply.txt", **context)
    html = render_template("desk/mail/reply.html", **context)
    reply_to = address_for(ticket, queue)
    parts = [MailPart(file.name, file.media_type, file.file) for file in files if not file.internal]
    sent = [
        post_mail(
            member.email or "",
            subject_of(ticket),
            text,
            html,
            sender_name=f"{by.name} ({organization.name})",
            reply_to=reply_to,
            in_reply_to=parent,
            references=thread,
            automatic=False,
            parts=parts,
        )
        for member in readers
    ]
    message.in_reply_to, message.references = parent, list(thread)
    message.from_address = reply_to or ""
    message.to_addresses = [member.email or "" for member in readers]
    if sent:
        message.message_id, message.outgoing_mail_id = sent[0].message_id, sent[0].id
    return sent


def post_acknowledgement(ticket: Ticket) -> OutgoingMail | None:
    """Tell a customer that their ticket is there. None when nothing can be sent.

    Whoever calls has seen that the ticket came from a person, and that this address has not had too many of these.
    """
    customer = db.session.get_one(Member, (ticket.organization_id, ticket.customer_id))
    queue = db.session.get_one(Queue, (ticket.organization_id, ticket.queue_id))
    if not queue.acknowledges or not customer.email:
        return None
    organization = db.session.get_one(Organization, current_organization_id())
    parent, thread = thread_of(ticket)
    text = render_template("desk/mail/acknowledgement.txt", ticket=ticket, queue=queue, organization=organization)
    return post_mail(
        customer.email,
        subject_of(ticket),
        text,
        sender_name=f"{queue.name} ({organization.name})",
        reply_to=address_for(ticket, queue),
        in_reply_to=parent,
        references=thread,
    )


def portal_address(organization: Organization, ticket: Ticket) -> str:
    """Where its customer reads the whole ticket. By hand: letters are also written outside of any request."""
    base: str = current_app.extensions["trestleboard"].base_url
    return f"{base}/{organization.slug}/portal/tickets/{ticket.number}"


def subject_of(ticket: Ticket) -> str:
    """With the number, by which a person, and filing, finds the ticket again."""
    return f"Re: {ticket.subject} [{ticket.key}]"


def thread_of(ticket: Ticket) -> tuple[str | None, Sequence[str]]:
    """The Message-ID that an answer refers to, and the chain that ends with it (RFC 5322, 3.6.4).

    That is the customer's last one; where they never wrote mail, our own last one. One statement.
    """
    rows = db.session.execute(
        select(TicketMessage.message_id, TicketMessage.direction)
        .where(TicketMessage.ticket_id == ticket.id, TicketMessage.message_id.is_not(None))
        .order_by(TicketMessage.id)
    ).all()
    if not rows:
        return None, ()
    theirs = [at for at, row in enumerate(rows) if row.direction is Direction.IN]
    chain = list(dict.fromkeys(row.message_id for row in rows[: (theirs[-1] if theirs else len(rows) - 1) + 1]))
    return chain[-1], chain if len(chain) <= MOST_IN_THREAD else [chain[0], *chain[1 - MOST_IN_THREAD :]]


def _readers(ticket: Ticket) -> Sequence[Member]:
    """Who takes part, is still here and can be written to; the customer first."""
    part = and_(TicketParticipant.organization_id == Member.organization_id, TicketParticipant.member_id == Member.id)
    return db.session.scalars(
        select(Member)
        .join(TicketParticipant, part)
        .where(TicketParticipant.ticket_id == ticket.id, Member.left_at.is_(None), Member.email.is_not(None))
        .order_by(Member.id != ticket.customer_id, Member.id)
    ).all()


def _quote(ticket: Ticket, before: Comment) -> Quote | None:
    """The open message before a comment. One statement."""
    row = db.session.execute(
        select(Comment.created_at, Document.plain, Document.html, Member.name)
        .join(
            TicketMessage,
            and_(TicketMessage.organization_id == Comment.organization_id, TicketMessage.comment_id == Comment.id),
        )
        .join(Comment.document)
        .outerjoin(Member, and_(Member.organization_id == Comment.organization_id, Member.id == Comment.author_id))
        .where(
            TicketMessage.ticket_id == ticket.id,
            Comment.id < before.id,
            Comment.deleted_at.is_(None),
            Comment.internal.is_(False),
        )
        .order_by(Comment.id.desc())
        .limit(1)
    ).first()
    return row and Quote(row.name or "Trestleboard", row.created_at, row.plain, row.html)
