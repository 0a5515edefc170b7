"""Tickets as a table that can be asked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.desk.models import Queue, Tag, Ticket, TicketTag
from app.desk.policies import P, visible_to
from app.kernel.datasets import Dataset, DatasetColumn
from app.organizations.models import Member


def _hours(until: Any) -> Any:
    return func.extract("epoch", until - Ticket.created_at) / literal(3600.0)


def _select(member: Member) -> Select[Any]:
    agent, customer = aliased(Member), aliased(Member)
    tags = (
        select(func.string_agg(Tag.name, aggregate_order_by(literal(", "), Tag.name)))
        .join(TicketTag, and_(TicketTag.organization_id == Tag.organization_id, TicketTag.tag_id == Tag.id))
        .where(TicketTag.organization_id == Ticket.organization_id, TicketTag.ticket_id == Ticket.id)
        .correlate(Ticket)
        .scalar_subquery()
    )
    return (
        select(
            func.concat("#", Ticket.number).label("number"),
            Ticket.subject.label("subject"),
            Queue.name.label("queue"),
            Ticket.status.label("status"),
            Ticket.priority.label("priority"),
            Ticket.channel.label("channel"),
            Ticket.category.label("category"),
            agent.name.label("agent"),
            customer.name.label("customer"),
            tags.label("tags"),
            Ticket.created_at.label("created"),
            Ticket.first_response_at.label("first_response"),
            Ticket.resolved_at.label("resolved"),
            _hours(Ticket.first_response_at).label("hours_to_response"),
            _hours(Ticket.resolved_at).label("hours_to_resolve"),
            Ticket.resolved_at.is_not(None).label("is_resolved"),
        )
        .join(Queue, and_(Queue.organization_id == Ticket.organization_id, Queue.id == Ticket.queue_id))
        .join(customer, and_(customer.organization_id == Ticket.organization_id, customer.id == Ticket.customer_id))
        .outerjoin(agent, and_(agent.organization_id == Ticket.organization_id, agent.id == Ticket.assigned_agent_id))
        .where(visible_to(member))
    )


tickets = Dataset(
    name="tickets",
    label="Tickets",
    icon="ticket",
    noun="ticket",
    permission=P.VIEW,
    means="Every ticket you may see, but for deleted ones.",
    select=_select,
    columns=(
        DatasetColumn("number", "Number", "text", "#1042"),
        DatasetColumn("subject", "Subject", "text"),
        DatasetColumn("queue", "Queue", "text"),
        DatasetColumn("status", "Status", "text"),
        DatasetColumn("priority", "Priority", "text"),
        DatasetColumn("channel", "Channel", "text", "How it came in"),
        DatasetColumn("category", "Category", "text"),
        DatasetColumn("agent", "Agent", "text"),
        DatasetColumn("customer", "Customer", "text"),
        DatasetColumn("tags", "Tags", "text", "All of its tags, in one text"),
        DatasetColumn("created", "Created", "timestamp"),
        DatasetColumn("first_response", "First response", "timestamp"),
        DatasetColumn("resolved", "Resolved", "timestamp"),
        DatasetColumn("hours_to_response", "Hours to first response", "number", "Of the clock, from created"),
        DatasetColumn("hours_to_resolve", "Hours to resolve", "number", "Of the clock, from created"),
        DatasetColumn("is_resolved", "Is resolved", "boolean"),
    ),
)
