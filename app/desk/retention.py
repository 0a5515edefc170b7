"""Tickets that are over have an end: they go with all that was said, or lose the names of their customers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select

from app.desk.models import UNSOLVED, Status, Ticket, TicketMessage
from app.desk.nouns import ticket as noun
from app.discussions.models import Comment
from app.documents.models import Document
from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.words import lazy
from app.organizations.commands import anonymise_members
from app.organizations.models import Kind, Member
from app.organizations.retention.forgetting import purge
from app.organizations.retention.kinds import Kept, keeps

_OVER = (Status.RESOLVED, Status.CLOSED)


def _closed(before: datetime) -> Select[int]:
    over = Ticket.status.in_(_OVER), Ticket.deleted_at.is_(None), Ticket.last_message_at < before
    ended = Ticket.resolved_at.is_(None) | (Ticket.resolved_at < before)
    return select(Ticket.id).where(*over, ended).order_by(Ticket.last_message_at, Ticket.id)


def _closed_and_named(before: datetime) -> Select[int]:
    """Those whose customer still has a name, which goes only when nothing of theirs is younger or open."""
    return _closed(before).where(Ticket.customer_id.in_(_nameable(before)))


def _nameable(before: datetime) -> Select[int]:
    other = Ticket.__table__.alias()
    alive = exists().where(
        other.c.organization_id == Member.organization_id,
        other.c.customer_id == Member.id,
        (other.c.last_message_at >= before) | other.c.status.in_(UNSOLVED),
    )
    return select(Member.id).where(Member.kind == Kind.CUSTOMER, Member.anonymised_at.is_(None), ~alive)


def _binned(before: datetime) -> Select[int]:
    return select(Ticket.id).where(Ticket.deleted_at < before).order_by(Ticket.deleted_at, Ticket.id)


def _delete(ids: Sequence[int]) -> None:
    purge(noun, ids)


def _anonymise(ids: Sequence[int], by: Actor) -> None:
    customers = select(Ticket.customer_id).where(Ticket.id.in_(ids))
    people = db.session.scalars(select(Member).where(Member.id.in_(customers), Member.kind == Kind.CUSTOMER)).all()
    anonymise_members(people, by=by)


def _written(ids: Sequence[int]) -> list[dict[str, Any]]:
    """Each ticket with its customer and all that was said. Three statements."""
    rows = db.session.execute(
        select(Ticket, Member.name, Member.email)
        .join(Member, (Member.organization_id == Ticket.organization_id) & (Member.id == Ticket.customer_id))
        .where(Ticket.id.in_(ids))
        .order_by(Ticket.id)
    ).all()
    said = db.session.execute(
        select(Comment.subject_id, Comment.created_at, Member.name, Document.body, TicketMessage.from_address)
        .join(Document, (Document.organization_id == Comment.organization_id) & (Document.id == Comment.document_id))
        .outerjoin(Member, (Member.organization_id == Comment.organization_id) & (Member.id == Comment.author_id))
        .outerjoin(
            TicketMessage,
            (TicketMessage.organization_id == Comment.organization_id) & (TicketMessage.comment_id == Comment.id),
        )
        .where(Comment.noun == noun.name, Comment.subject_id.in_(ids))
        .order_by(Comment.id)
    ).all()
    return [
        {
            "number": ticket.number,
            "subject": ticket.subject,
            "status": ticket.status.value,
            "priority": ticket.priority.value,
            "created_at": ticket.created_at,
            "resolved_at": ticket.resolved_at,
            "customer": {"name": name, "email": email},
            "messages": [
                {"at": one.created_at, "by": one.name, "from": one.from_address, "text": one.body}
                for one in said
                if one.subject_id == ticket.id
            ],
        }
        for ticket, name, email in rows
    ]


def set_up() -> None:
    keeps(
        "closed_tickets",
        Kept(
            title=lazy("Solved and closed tickets"),
            since=lazy("since the last message"),
            due=_closed,
            delete=_delete,
            written=_written,
            anonymise=_anonymise,
            to_anonymise=_closed_and_named,
        ),
    )
    keeps(
        "deleted_tickets",
        Kept(
            title=lazy("Deleted tickets"),
            since=lazy("since they were deleted"),
            due=_binned,
            delete=_delete,
            written=_written,
        ),
    )
