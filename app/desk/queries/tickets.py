"""Finding single tickets, with all that their pages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.desk.models import UNSOLVED, Ticket, TicketMessage, TicketParticipant
from app.desk.policies import P, takes_part, visible_to
from app.discussions.models import Comment
from app.discussions.policies import open_to
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.ledger import Activity, Change
from app.kernel.words import gettext as _
from app.mailboxes.models import OutgoingMail
from app.organizations.models import Member

#: Tickets that one request may change.
TOGETHER = 1000


@dataclass(frozen=True)
class Delivery:
    """What is known of a comment as a message, and what became of its mail."""

    message: TicketMessage
    #: "waiting", "sent", "failed", or "" for what came in or was never mailed.
    state: str
    error: str | None


def ticket_by_number(member: Member, number: int) -> Ticket:
    """#1042, with queue, people and tags. Raises NotFound for what `member` may not see. Two statements."""
    return _one(visible_to(member), number)


def deleted_ticket(member: Member, number: int) -> Ticket:
    """A ticket in the bin. Raises NotFound."""
    return _one(_in_bin(member), number)


def deleted_tickets(member: Member) -> Sequence[Ticket]:
    """The bin, latest first, at most 200. One statement."""
    return db.session.scalars(
        select(Ticket).where(_in_bin(member)).order_by(Ticket.deleted_at.desc(), Ticket.id.desc()).limit(200)
    ).all()


def chosen_tickets(member: Member, ids: Sequence[int]) -> list[Ticket]:
    """Tickets by id, in the order asked for, with their queues and agents: one statement.

    Raises NotFound when one is not there for `member`: nothing is done to some of them only.
    """
    wanted = list(dict.fromkeys(ids))
    found = {
        ticket.id: ticket
        for ticket in db.session.scalars(
            select(Ticket)
            .options(joinedload(Ticket.queue), joinedload(Ticket.agent))
            .where(visible_to(member), Ticket.id.in_(wanted))
        )
    }
    if missing := len(wanted) - len(found):
        raise NotFound(
            _("This ticket is not there any more, so nothing was changed.")
            if len(wanted) == 1
            else _(
                "%(missing)s of these tickets are not there any more, so nothing was changed. Load the page again.",
                missing=missing,
            )
        )
    return [found[ticket_id] for ticket_id in wanted]


def activity_to_undo(member: Member, activity_id: int) -> tuple[Activity, Sequence[Ticket]]:
    """An activity on tickets, and those tickets, deleted ones too. Two statements.

    Raises NotFound when one of them is not open to `member`.
    """
    own = Activity.id == activity_id, Activity.noun == "ticket", Activity.verb.startswith("ticket.")
    activity = db.session.scalars(select(Activity).where(*own)).first()
    if activity is None:
        raise NotFound
    mine = select(Change.subject_id).where(Change.activity_id == activity.id, Change.noun == "ticket")
    seen = Ticket.id.in_(mine) if member.may(P.VIEW) else Ticket.id.in_(mine) & takes_part(member)
    tickets = db.session.scalars(select(Ticket).where(seen).order_by(Ticket.id)).all()
    if not tickets or len(tickets) != activity.count:
        raise NotFound
    return activity, tickets


def messages_of(ticket: Ticket, comments: Sequence[int]) -> Mapping[int, Delivery]:
    """What is known of these comments as messages, by their ids. One statement."""
    if not comments:
        return {}
    rows = db.session.execute(
        select(TicketMessage, OutgoingMail.sent_at, OutgoingMail.failed_at, OutgoingMail.error)
        .outerjoin(OutgoingMail, OutgoingMail.id == TicketMessage.outgoing_mail_id)
        .where(TicketMessage.ticket_id == ticket.id, TicketMessage.comment_id.in_(comments))
    )
    return {row[0].comment_id: _delivery(*row) for row in rows}


def _delivery(
    message: TicketMessage, sent_at: datetime | None, failed_at: datetime | None, error: str | None
) -> Delivery:
    if message.failed_at or failed_at:
        return Delivery(message, "failed", message.failure or error)
    if message.outgoing_mail_id is None:
        return Delivery(message, "", None)
    return Delivery(message, "sent" if sent_at else "waiting", error)


def first_message(ticket: Ticket) -> Comment:
    """What a ticket begins with. One statement."""
    first = select(TicketMessage.comment_id).where(TicketMessage.ticket_id == ticket.id)
    return db.session.scalars(select(Comment).where(Comment.id.in_(first)).order_by(Comment.id).limit(1)).one()


def message_of(member: Member, number: int, comment_id: int) -> TicketMessage:
    """One message of a ticket, if its comment stands and is open to `member`. Raises NotFound. One statement."""
    message = db.session.scalar(
        select(TicketMessage)
        .join(
            Ticket, and_(Ticket.organization_id == TicketMessage.organization_id, Ticket.id == TicketMessage.ticket_id)
        )
        .join(
            Comment,
            and_(Comment.organization_id == TicketMessage.organization_id, Comment.id == TicketMessage.comment_id),
        )
        .where(
            visible_to(member),
            open_to(member),
            Ticket.number == number,
            TicketMessage.comment_id == comment_id,
            Comment.deleted_at.is_(None),
        )
    )
    if message is None:
        raise NotFound
    return message


def participants_of(ticket: Ticket) -> Sequence[Member]:
    """Who takes part, the customer first. One statement."""
    part = and_(TicketParticipant.organization_id == Member.organization_id, TicketParticipant.member_id == Member.id)
    return db.session.scalars(
        select(Member)
        .join(TicketParticipant, part)
        .where(TicketParticipant.ticket_id == ticket.id)
        .order_by(Member.id != ticket.customer_id, Member.name, Member.id)
    ).all()


def others_of(member: Member, ticket: Ticket, most: int = 5) -> tuple[Sequence[Ticket], int, int]:
    """The customer's other tickets, latest first, how many there are, and how many of them are unsolved."""
    theirs = (visible_to(member), Ticket.customer_id == ticket.customer_id, Ticket.id != ticket.id)
    row = db.session.execute(
        select(func.count().label("all"), func.count().filter(Ticket.status.in_(UNSOLVED)).label("unsolved"))
        .select_from(Ticket)
        .where(*theirs)
    ).one()
    latest = select(Ticket).where(*theirs).order_by(Ticket.last_message_at.desc(), Ticket.id.desc()).limit(most)
    return db.session.scalars(latest).all(), row.all, row.unsolved


def related_to(member: Member, ticket: Ticket) -> Sequence[Ticket]:
    """The ticket that this one goes on from, and those that go on from it. One statement."""
    linked = Ticket.related_ticket_id == ticket.id
    if ticket.related_ticket_id:
        linked = linked | (Ticket.id == ticket.related_ticket_id)
    return db.session.scalars(select(Ticket).where(visible_to(member), linked).order_by(Ticket.id).limit(20)).all()


def _in_bin(member: Member) -> ColumnElement[bool]:
    seen = Ticket.deleted_at.is_not(None)
    return seen if member.may(P.VIEW) else seen & takes_part(member)


def _one(visible: ColumnElement[bool], number: int) -> Ticket:
    ticket = db.session.scalars(
        select(Ticket)
        .where(Ticket.number == number, visible)
        .options(
            joinedload(Ticket.queue),
            joinedload(Ticket.customer),
            joinedload(Ticket.agent),
            selectinload(Ticket.tags),
        )
    ).first()
    if ticket is None:
        raise NotFound
    return ticket
