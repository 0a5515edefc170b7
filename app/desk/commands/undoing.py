"""Taking a change of tickets back: the inverse, from what the ledger says, unless something newer stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.desk import events
from app.desk.commands.tags import borne, set_tags
from app.desk.commands.writing import tell, write
from app.desk.models import Priority, Queue, Status, Tag, Ticket
from app.desk.queries.people import assignable
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Refused
from app.kernel.ledger import Activity, Change
from app.organizations.models import Member

_READ = {"status": Status, "priority": Priority}
_MOMENTS = ("resolved_at", "closed_at", "deleted_at")
_COLUMNS = ("subject", "status", "priority", "queue_id", "category", "subcategory", *_MOMENTS)
_CALLED = {"queue_id": "queue", "assignees": "agent", "deleted_at": "deletion"}
#: What follows from another field, so is no reason to refuse.
_FOLLOWING = ("resolved_at", "closed_at")

Fields = Mapping[str, Any]


class NotUndone(Refused):
    """An activity cannot be taken back; nothing was changed."""


def undo_activity(activity: Activity, tickets: Sequence[Ticket], *, by: Actor) -> ledger.Activity:
    """Set back what an activity changed on these tickets, all or none. Opening one is undone by deleting it.

    What was mailed stays mailed. Raises NotUndone when somebody has changed one of the same fields since, when what it
    came from is gone, or when there is nothing that could be set back. A fixed number of statements.
    """
    _hold(tickets)
    changes = _changes(activity, tickets)
    held = borne(tickets)
    for ticket, fields in changes:
        _check(ticket, fields, held[ticket.id])
    queues, people, tags = _there(changes)
    before = {ticket.id: _present(ticket, held[ticket.id]) for ticket, _ in changes}
    after_tags = dict(held)
    with db.session.no_autoflush:
        for ticket, fields in changes:
            _set_back(ticket, fields, queues, people)
            if "tags" in fields:
                after_tags[ticket.id] = frozenset(fields["tags"][0]) & tags
    write([ticket for ticket, _ in changes], *_COLUMNS, "assigned_agent_id", "version")
    set_tags(held, after_tags)
    differing = [
        (ticket, diff)
        for ticket, _ in changes
        if (diff := ledger.compare(before[ticket.id], _present(ticket, after_tags[ticket.id])))
    ]
    if not differing:
        raise NotUndone("There is nothing left to take back.")
    tell(tickets)
    return ledger.record(events.UNDONE, differing, by=by, payload={"activity": activity.id})


def _hold(tickets: Sequence[Ticket]) -> None:
    """Read them anew and keep them until the transaction ends: they may have changed since the page's query."""
    db.session.scalars(
        select(Ticket)
        .where(Ticket.id.in_([ticket.id for ticket in tickets]))
        .order_by(Ticket.id)
        .options(joinedload(Ticket.queue), joinedload(Ticket.agent))
        .with_for_update(key_share=True, of=Ticket)
        .execution_options(populate_existing=True)
    ).all()


def _changes(activity: Activity, tickets: Sequence[Ticket]) -> list[tuple[Ticket, Fields]]:
    if activity.verb == events.CREATED.name:
        return [(ticket, {"deleted_at": [now().isoformat(), None]}) for ticket in tickets]
    found = select(Change.subject_id, Change.fields).where(Change.activity_id == activity.id, Change.noun == "ticket")
    fields = {row.subject_id: row.fields for row in db.session.execute(found)}
    return [(ticket, fields[ticket.id]) for ticket in tickets if ticket.id in fields]


def _present(ticket: Ticket, tags: frozenset[int]) -> dict[str, Any]:
    agent = [ticket.assigned_agent_id] if ticket.assigned_agent_id else []
    return ledger.snapshot(ticket) | {"assignees": agent, "tags": sorted(tags)}


def _check(ticket: Ticket, fields: Fields, tags: frozenset[int]) -> None:
    if ticket.deleted_at is not None and "deleted_at" not in fields:
        raise NotUndone(f"{ticket.key} was deleted since, so this was not undone.")
    present = _present(ticket, tags)
    for name, (_, new) in fields.items():
        if name in present and name not in _FOLLOWING and present[name] != new:
            called = _CALLED.get(name, name)
            raise NotUndone(f"Somebody has changed the {called} of {ticket.key} since, so this was not undone.")


def _there(
    changes: Sequence[tuple[Ticket, Fields]],
) -> tuple[Mapping[int, Queue], Mapping[int, Member], frozenset[int]]:
    """Of the queues, agents and tags that tickets had before: those that may be given back. Three statements."""

    def wanted(name: str) -> set[int]:
        former = [fields[name][0] for _, fields in changes if name in fields]
        return {one for each in former for one in (each if isinstance(each, list) else [each])}

    queues = {queue.id: queue for queue in db.session.scalars(select(Queue).where(Queue.id.in_(wanted("queue_id"))))}
    people = {person.id: person for person in assignable()} if wanted("assignees") else {}
    tags = frozenset(db.session.scalars(select(Tag.id).where(Tag.id.in_(wanted("tags")))))
    return queues, people, tags


def _set_back(ticket: Ticket, fields: Fields, queues: Mapping[int, Queue], people: Mapping[int, Member]) -> None:
    """Whoever may not answer tickets any more is not given one again."""
    if "status" in fields:
        ticket.enter_status(Status(fields["status"][0]), now())
    for name, (old, _) in fields.items():
        if name == "queue_id":
            ticket.queue_id, ticket.queue = old, queues[old]
        elif name == "assignees":
            agent = people.get(old[0]) if old else None
            ticket.assigned_agent_id, ticket.agent = agent.id if agent else None, agent
        elif name in _MOMENTS:
            setattr(ticket, name, datetime.fromisoformat(old) if old else None)
        elif name in _COLUMNS and name != "status":
            setattr(ticket, name, _READ.get(name, str)(old))
    if "subject" in fields:
        ticket.version += 1
