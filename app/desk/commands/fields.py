"""Changing one field of tickets: what keys and menus do. Many cost as many statements as one."""

from __future__ import annotations

from collections.abc import Sequence

from app.desk import events
from app.desk.commands.talking import check_subject, hold
from app.desk.commands.writing import change_each, tell, write
from app.desk.models import Priority, Queue, Status, Ticket
from app.documents.commands import StaleEdit
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.organizations.models import Member


def move_to_status(tickets: Sequence[Ticket], status: Status, *, by: Actor) -> ledger.Activity | None:
    """Resolve, close, open again, let wait."""
    at = now()
    return change_each(
        tickets,
        "status",
        "resolved_at",
        "closed_at",
        event=events.STATUS_CHANGED,
        by=by,
        put=lambda ticket: ticket.enter_status(status, at),
    )


def set_priority(tickets: Sequence[Ticket], priority: Priority, *, by: Actor) -> ledger.Activity | None:
    def put(ticket: Ticket) -> None:
        ticket.priority = priority

    return change_each(tickets, "priority", event=events.PRIORITISED, by=by, put=put)


def move_to_queue(tickets: Sequence[Ticket], queue: Queue, *, by: Actor) -> ledger.Activity | None:
    """Raises Invalid for an archived queue."""
    if queue.archived_at:
        raise Invalid(_("This queue takes no tickets any more. Choose another."), "queue")

    def put(ticket: Ticket) -> None:
        ticket.queue_id, ticket.queue = queue.id, queue

    return change_each(tickets, "queue_id", event=events.MOVED, by=by, put=put)


def set_category(
    tickets: Sequence[Ticket], category: str, subcategory: str = "", *, by: Actor
) -> ledger.Activity | None:
    def put(ticket: Ticket) -> None:
        ticket.category, ticket.subcategory = category[:60], subcategory[:60]

    return change_each(tickets, "category", "subcategory", event=events.SORTED, by=by, put=put)


def assign_tickets(tickets: Sequence[Ticket], agent: Member | None, *, by: Actor) -> ledger.Activity | None:
    """Give tickets to an agent, or to nobody. The caller has seen that the agent may answer tickets."""
    wanted = agent.id if agent else None
    changed = [ticket for ticket in tickets if ticket.assigned_agent_id != wanted]
    if not changed:
        return None
    differing = [(ticket, {"assignees": [_held(ticket), [wanted] if wanted else []]}) for ticket in changed]
    for ticket in changed:
        ticket.assigned_agent_id, ticket.agent = wanted, agent
    write(changed, "assigned_agent_id")
    tell(changed)
    return ledger.record(events.ASSIGNED, differing, by=by)


def rename_ticket(ticket: Ticket, subject: str, *, by: Actor, seen: int | None = None) -> ledger.Activity | None:
    """Give a ticket another subject. `seen` is the version that the form was opened with.

    Raises StaleEdit when somebody else has renamed it since, Invalid for no subject.
    """
    check_subject(subject)
    hold(ticket)
    if subject == ticket.subject:
        return None
    if seen is not None and seen != ticket.version:
        raise StaleEdit

    def put(ticket: Ticket) -> None:
        ticket.subject, ticket.version = subject, ticket.version + 1

    return change_each([ticket], "subject", "version", event=events.RENAMED, by=by, put=put)


def delete_tickets(tickets: Sequence[Ticket], *, by: Actor) -> ledger.Activity | None:
    """Put tickets into the bin. They keep their numbers, which are never given again."""
    at = now()

    def put(ticket: Ticket) -> None:
        ticket.deleted_at = ticket.deleted_at or at

    return change_each(tickets, "deleted_at", event=events.DELETED, by=by, put=put)


def restore_tickets(tickets: Sequence[Ticket], *, by: Actor) -> ledger.Activity | None:
    """Take tickets out of the bin."""

    def put(ticket: Ticket) -> None:
        ticket.deleted_at = None

    return change_each(tickets, "deleted_at", event=events.RESTORED, by=by, put=put)


def _held(ticket: Ticket) -> list[int]:
    return [ticket.assigned_agent_id] if ticket.assigned_agent_id else []
