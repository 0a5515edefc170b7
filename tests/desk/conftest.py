"""A desk with the queue Support, and tickets of Carol's in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.desk.commands.queues import QueueDraft, create_queue
from app.desk.commands.talking import MessageFacts, NewTicket, create_tickets
from app.desk.models import Queue, Ticket
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.postoffice import office, smtp
from tests.world import World

__all__ = ["office", "smtp"]
Open = Callable[..., Ticket]


@pytest.fixture
def support(world: World) -> int:
    """The id of the default queue, which has an address."""
    with organization(world.organization_id):
        draft = QueueDraft("Support", "support", "support@acme.test", signature="Acme, customer care")
        return create_queue(draft, by=world.cast["alice"].member).id


@pytest.fixture
def opened(world: World, support: int) -> Open:
    """`opened("Printer on fire", body="It smokes")`: a ticket by Carol, by mail, committed and detached."""

    def make(subject: str = "Printer on fire", body: str = "It smokes.", **rest: Any) -> Ticket:
        with organization(world.organization_id):
            carol = world.cast["carol"].member
            facts = MessageFacts(
                from_address=carol.email or "",
                message_id=rest.pop("message_id", None),
                html_source=rest.pop("html", None),
            )
            queue = db.session.scalars(select(Queue).where(Queue.id == support)).one()
            draft = NewTicket(subject, body, carol, queue=queue, facts=facts, **rest)
            [ticket] = create_tickets([draft], by=carol)
            db.session.commit()
            db.session.expunge_all()
        return ticket

    return make


@pytest.fixture
def ticket(opened: Open) -> Ticket:
    return opened(message_id="<first@carol.test>")


def fresh(ticket: Ticket) -> Ticket:
    """The row as it is now; the test must be inside."""
    db.session.expire_all()
    return db.session.scalars(select(Ticket).where(Ticket.id == ticket.id)).one()
