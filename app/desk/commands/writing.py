"""Writing many tickets as cheaply as one, and telling live pages of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.desk.models import Ticket
from app.kernel import bulk, ledger, live
from app.kernel.access import Actor
from app.kernel.events import Event

_FOLLOWERS = {"queue_id": "queue", "assigned_agent_id": "agent"}


def change_each(
    tickets: Sequence[Ticket], *columns: str, by: Actor, event: Event, put: Callable[[Ticket], None]
) -> ledger.Activity | None:
    """Let `put` set columns on each ticket, write those that then differ, and record it: three statements."""
    return bulk.change_each(tickets, *columns, by=by, event=event, put=put, tell=tell, followers=_FOLLOWERS)


def write(tickets: Sequence[Ticket], *columns: str) -> None:
    """Send what was set on `columns` of these tickets, in one statement."""
    bulk.write(tickets, *columns, followers=_FOLLOWERS)


def tell(tickets: Sequence[Ticket]) -> None:
    """Pages that show these tickets, or list them, look again."""
    live.touch("tickets", *(f"ticket-{ticket.id}" for ticket in tickets))
    live.touch(*{f"customer-{ticket.customer_id}" for ticket in tickets})
