"""Tickets in a copy of one's own data: those somebody asked for, answers, or made, as far as they see them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from app.accounts.exporting import Part
from app.desk.models import Ticket
from app.desk.policies import visible_to
from app.organizations.exporting import contribute, rows
from app.organizations.models import Member


def _parts(member: Member) -> Iterable[Part]:
    own = or_(Ticket.customer_id == member.id, Ticket.assigned_agent_id == member.id, Ticket.created_by_id == member.id)
    tickets = select(
        Ticket.number,
        Ticket.subject,
        Ticket.status,
        Ticket.priority,
        Ticket.channel,
        (Ticket.customer_id == member.id).label("asked"),
        (Ticket.assigned_agent_id == member.id).label("assigned"),
        Ticket.created_at,
    )
    return [Part("tickets.json", rows(tickets.where(visible_to(member), own).order_by(Ticket.id)))]


contribute("tickets", _parts)
