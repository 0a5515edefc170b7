"""What a list of tickets shows: a view, text, and fields, as its address says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true

from app.desk.models import UNSOLVED, Priority, Queue, Status, Tag, Ticket, TicketTag
from app.kernel.database import db
from app.kernel.words import lazy
from app.organizations.models import Member
from app.web.filtering import ME, NOBODY, Filter, whole_numbers

#: Views by their name in the address; the first is shown when none is asked for.
VIEWS = {
    "open": lazy("All open"),
    "mine": lazy("Mine"),
    "unassigned": lazy("Unassigned"),
    "solved": lazy("Solved"),
    "all": lazy("All"),
}


@dataclass(frozen=True)
class TicketFilter(Filter):
    """What was chosen of the tickets."""

    FIELDS = {
        "queue": lazy("Queue"),
        "status": lazy("Status"),
        "assignee": lazy("Agent"),
        "priority": lazy("Priority"),
        "tag": lazy("Tag"),
        "customer": lazy("Customer"),
    }

    def clauses(self, member: Member) -> list[ColumnElement[bool]]:
        """The conditions on Ticket, all values bound."""
        found: list[ColumnElement[bool]] = []
        if self.text:
            found.append(_text(self.text))
        if queues := self.values("queue"):
            found.append(Ticket.queue_id.in_(select(Queue.id).where(Queue.slug.in_(queues))))
        if statuses := self.values("status"):
            found.append(Ticket.status.in_([Status(status) for status in statuses]))
        if people := self.values("assignee"):
            found.append(_people(people, member))
        if priorities := self.values("priority"):
            found.append(Ticket.priority.in_([Priority(priority) for priority in priorities]))
        if tags := self.values("tag"):
            bearing = select(TicketTag.ticket_id).where(TicketTag.tag_id.in_(int(tag) for tag in tags))
            found.append(Ticket.id.in_(bearing))
        if customers := self.values("customer"):
            found.append(Ticket.customer_id.in_([int(customer) for customer in customers]))
        return found


def in_view(view: str, member: Member) -> ColumnElement[bool]:
    """The tickets of a view."""
    unsolved = Ticket.status.in_(UNSOLVED)
    ways: Mapping[str, ColumnElement[bool]] = {
        "open": unsolved,
        "mine": unsolved & (Ticket.assigned_agent_id == member.id),
        "unassigned": unsolved & Ticket.assigned_agent_id.is_(None),
        "solved": Ticket.status.in_((Status.RESOLVED, Status.CLOSED)),
        "all": true(),
    }
    return ways[view]


def read_view(args: Any) -> str:
    """The view that an address asks for. One that narrows by status shows it wherever it stands."""
    asked = args.get("view", "")
    return asked if asked in VIEWS else "all" if args.get("status") else "open"


def read_filter(args: Any) -> TicketFilter:
    """The filter that an address asks for. One statement for each of queue, people, tags and customers in it."""
    return TicketFilter.read(args, _KNOWN)


def _text(text: str) -> ColumnElement[bool]:
    """In the subject, or the number: `#1042` and `1042` both find it."""
    in_subject = Ticket.subject.icontains(text, autoescape=True)
    number = text.removeprefix("#")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        return or_(in_subject, Ticket.number == int(number))
    return in_subject


def _people(people: tuple[str, ...], member: Member) -> ColumnElement[bool]:
    ids = [member.id if person == ME else int(person) for person in people if person != NOBODY]
    theirs = Ticket.assigned_agent_id.in_(ids) if ids else false()
    return or_(theirs, Ticket.assigned_agent_id.is_(None)) if NOBODY in people else theirs


def _queues(values: list[str]) -> Mapping[str, str]:
    rows = db.session.execute(select(Queue.slug, Queue.name).where(Queue.slug.in_(values)))
    return {row.slug: row.name for row in rows}


def _members(values: list[str]) -> dict[str, str]:
    ids = whole_numbers(values)
    if not ids:
        return {}
    return {
        str(row.id): row.name for row in db.session.execute(select(Member.id, Member.name).where(Member.id.in_(ids)))
    }


def _assignees(values: list[str]) -> Mapping[str, str]:
    special = {name: said for name, said in ((ME, "Me"), (NOBODY, "Nobody")) if name in values}
    return special | _members(values)


def _tags(values: list[str]) -> Mapping[str, str]:
    ids = whole_numbers(values)
    rows = db.session.execute(select(Tag.id, Tag.name).where(Tag.id.in_(ids))) if ids else ()
    return {str(row.id): row.name for row in rows}


_KNOWN = {
    "queue": _queues,
    "status": lambda values: {value: Status(value).label for value in values if value in set(Status)},
    "assignee": _assignees,
    "priority": lambda values: {value: Priority(value).label for value in values if value in set(Priority)},
    "tag": _tags,
    "customer": _members,
}
