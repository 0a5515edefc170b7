"""Changing fields of the tickets that are ticked, or of the current one: a menu for each, and what its choices post."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response

from app.desk.commands import fields
from app.desk.commands.tags import borne, tag_tickets, tags_named
from app.desk.models import Priority, Status, Ticket
from app.desk.policies import P
from app.desk.queries.people import assignable
from app.desk.queries.queues import all_tags, queue_by_id, queues
from app.desk.routes import bp
from app.desk.routes.showing import changed, chosen, named
from app.kernel.errors import Invalid, NotFound
from app.kernel.words import gettext as _
from app.web.asked import ids_of, one
from app.web.current import current_member
from app.web.filtering import ME, NOBODY
from app.web.forms import one_line
from app.web.guard import requires
from app.web.replies import reply


@bp.get("/tickets/menus/<field>")
@requires(P.EDIT)
def show_menu(field: str) -> Response:
    """The choices for one field of the tickets in `ids`, with what they have now ticked."""
    if field not in _MENUS:
        raise NotFound
    return reply(f"desk/menus/{field}.html", **_MENUS[field](chosen()))


@bp.post("/tickets/status")
@requires(P.RESOLVE)
def update_status() -> Response:
    tickets, wanted = chosen(), one("status")
    if wanted not in set(Status):
        raise Invalid(_("Choose a status."), "status")
    status = Status(wanted)
    activity = fields.move_to_status(tickets, status, by=current_member)
    return changed(tickets, activity, f"{named(tickets)}: {status.label}")


@bp.post("/tickets/priority")
@requires(P.EDIT)
def update_priority() -> Response:
    tickets, wanted = chosen(), one("priority")
    if wanted not in set(Priority):
        raise Invalid(_("Choose a priority."), "priority")
    priority = Priority(wanted)
    activity = fields.set_priority(tickets, priority, by=current_member)
    return changed(tickets, activity, f"{named(tickets)}: {priority.label}")


@bp.post("/tickets/assignee")
@requires(P.ASSIGN)
def update_assignee() -> Response:
    """Give the tickets to an agent; or to nobody, also when all of them were that agent's already."""
    tickets, wanted = chosen(), one("assignee")
    if wanted == NOBODY:
        activity = fields.assign_tickets(tickets, None, by=current_member)
        return changed(tickets, activity, f"{named(tickets)} given to nobody")
    member_id = current_member.id if wanted == ME else ids_of([wanted], "assignee")[0]
    agent = next((person for person in assignable() if person.id == member_id), None)
    if agent is None:
        raise Invalid(_("Only people who answer tickets can be given one."), "assignee")
    off = all(ticket.assigned_agent_id == agent.id for ticket in tickets)
    activity = fields.assign_tickets(tickets, None if off else agent, by=current_member)
    said = f"{agent.name} no longer answers {named(tickets)}" if off else f"{named(tickets)} given to {agent.name}"
    return changed(tickets, activity, said)


@bp.post("/tickets/queue")
@requires(P.EDIT)
def update_ticket_queue() -> Response:
    tickets, [queue_id] = chosen(), ids_of([one("queue")], "queue")
    queue = queue_by_id(current_member, queue_id)
    activity = fields.move_to_queue(tickets, queue, by=current_member)
    return changed(tickets, activity, f"{named(tickets)} moved to {queue.name}")


@bp.post("/tickets/tags")
@requires(P.EDIT)
def update_tags() -> Response:
    """Put a tag on the tickets, by its id or a new one by its `name`; or take it off, when all of them bear it."""
    tickets, name = chosen(), one_line(one("name", required=False))
    if name:
        tag = next(iter(tags_named([name]).values()))
    else:
        [tag_id] = ids_of([one("tag")], "tag")
        found = next((tag for tag in all_tags() if tag.id == tag_id), None)
        if found is None:
            raise NotFound(_("That tag is not there any more."))
        tag = found
    off = not name and all(tag.id in held for held in borne(tickets).values())
    way: dict[str, Any] = {"remove" if off else "add": [tag.id]}
    activity = tag_tickets(tickets, **way, by=current_member)
    return changed(tickets, activity, f"{tag.name} {'taken off' if off else 'put on'} {named(tickets)}")


@bp.post("/tickets/deletion")
@requires(P.DELETE)
def create_deletions() -> Response:
    tickets = chosen()
    activity = fields.delete_tickets(tickets, by=current_member)
    return changed(tickets, activity, f"{named(tickets)} deleted")


def _statuses(tickets: Sequence[Ticket]) -> dict[str, Any]:
    return {"statuses": list(Status), "now": {ticket.status for ticket in tickets}}


def _priorities(tickets: Sequence[Ticket]) -> dict[str, Any]:
    return {"priorities": list(reversed(Priority)), "now": {ticket.priority for ticket in tickets}}


def _assignees(tickets: Sequence[Ticket]) -> dict[str, Any]:
    """Oneself comes first."""
    people = sorted(assignable(), key=lambda person: person.id != current_member.id)
    return {"people": people, "now": {ticket.assigned_agent_id for ticket in tickets}, "me": current_member.id}


def _queues(tickets: Sequence[Ticket]) -> dict[str, Any]:
    return {"queues": queues(), "now": {ticket.queue_id for ticket in tickets}}


def _tags(tickets: Sequence[Ticket]) -> dict[str, Any]:
    return {"tags": all_tags(), "now": frozenset.intersection(*borne(tickets).values())}


_MENUS: dict[str, Callable[[Sequence[Ticket]], dict[str, Any]]] = {
    "status": _statuses,
    "priority": _priorities,
    "assignee": _assignees,
    "queue": _queues,
    "tags": _tags,
}
