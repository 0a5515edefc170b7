"""How tickets and queues show themselves to those who list them, tell their history or link to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.desk import policies
from app.desk.models import Priority, Queue, Status, Tag, Ticket
from app.desk.queries.people import agents
from app.kernel.database import db
from app.kernel.events import Field, Noun
from app.organizations.models import Member


def _names(model: type[Queue] | type[Tag] | type[Member], ids: set[Any]) -> Mapping[Any, str]:
    return {row.id: row.name for row in db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))}


def _labels(kind: type[Status] | type[Priority], values: set[Any]) -> Mapping[Any, str]:
    return {value: kind(value).label for value in values if value}


def _readers(ticket: Ticket) -> Sequence[Member]:
    return agents()


ticket = Noun(
    name="ticket",
    model=Ticket,
    icon="ticket",
    title=lambda ticket: f"{ticket.key} {ticket.subject}",
    url=lambda ticket: url_for("desk.show_ticket", number=ticket.number),
    visible=policies.visible_to,
    audience=lambda ticket: ["ticket:view"],
    text=lambda ticket: [],
    topics=lambda ticket: ["tickets", f"ticket-{ticket.id}"],
    readers=_readers,
    fields={
        "subject": Field("subject"),
        "status": Field("status", read=lambda values: _labels(Status, values)),
        "priority": Field("priority", read=lambda values: _labels(Priority, values)),
        "queue_id": Field("queue", read=lambda ids: _names(Queue, ids)),
        "assignees": Field("agents", read=lambda ids: _names(Member, ids)),
        "tags": Field("tags", read=lambda ids: _names(Tag, ids)),
        "customer_id": Field("customer", read=lambda ids: _names(Member, ids)),
        "category": Field("category"),
        "subcategory": Field("subcategory"),
    },
)

queue = Noun(
    name="queue",
    model=Queue,
    icon="inbox",
    title=lambda queue: queue.name,
    url=lambda queue: url_for("desk.list_tickets", queue=queue.slug),
    visible=policies.queues_visible_to,
    audience=lambda queue: ["ticket:view"],
    text=lambda queue: [],
    fields={
        "name": Field("name"),
        "slug": Field("address"),
        "address": Field("mail address"),
        "signature": Field("signature", silent=True),
        "acknowledges": Field("confirmation by mail"),
        "is_public": Field("shown to customers"),
        "is_default": Field("default"),
    },
)
