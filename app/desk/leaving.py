"""Open tickets of who goes: to a successor who may answer, else back to their queues."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from app.desk.commands.fields import assign_tickets
from app.desk.models import Status, Ticket
from app.desk.policies import P
from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.words import lazy
from app.organizations import leaving
from app.organizations.models import Member

_TOGETHER = 500
_OVER = (Status.RESOLVED, Status.CLOSED)


def set_up() -> None:
    leaving.holds(
        "tickets",
        lazy("Open tickets"),
        count=open_tickets_of,
        hand_over=_hand_over,
        otherwise=lazy("they wait in their queues"),
    )


def open_tickets_of(member: Member) -> int:
    """How many tickets somebody has to answer now."""
    return db.session.scalar(select(func.count()).select_from(Ticket).where(_theirs(member))) or 0


def _theirs(member: Member) -> ColumnElement[bool]:
    return (Ticket.assigned_agent_id == member.id) & Ticket.status.not_in(_OVER) & Ticket.deleted_at.is_(None)


def _hand_over(member: Member, to: Member | None, by: Actor) -> None:
    agent = to if to is not None and to.may(P.REPLY) else None
    theirs = select(Ticket).where(_theirs(member)).order_by(Ticket.id).limit(_TOGETHER)
    while tickets := db.session.scalars(theirs).all():
        assign_tickets(tickets, agent, by=by)
        db.session.flush()
