"""What the templates of lists get, and the reply to every change of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from flask import Response, request, url_for
from werkzeug.datastructures import MultiDict

from app.desk.models import Ticket
from app.desk.policies import P
from app.desk.queries.filters import VIEWS, TicketFilter, in_view, read_filter, read_view
from app.desk.queries.lists import Key, Rows, count_of, counts, tickets_of
from app.desk.queries.tickets import chosen_tickets
from app.kernel.ledger import Activity
from app.organizations.models import Member
from app.web.asked import ids_of
from app.web.current import current_member
from app.web.htmx import trigger
from app.web.replies import reply

#: Tickets that a reply names one by one; pages that show others of them follow by their heartbeat.
_FEW = 20


@dataclass
class Listed:
    """The tickets of a view and a filter, as a member sees them."""

    member: Member
    view: str
    filter: TicketFilter
    rows: Rows
    total: int
    #: The last row loaded by scrolling; None when only the first page is.
    until: Key | None = None

    region = "tickets"
    counted = ("ticket", "tickets")
    texts = "Subject"
    views = VIEWS

    @cached_property
    def base(self) -> str:
        """The list's own address; those of its parts begin with it."""
        return url_for("desk.list_tickets")

    @property
    def plain(self) -> str:
        return f"{self.base}?view={self.view}"

    @property
    def part(self) -> str:
        """Where the region is had by another filter, which is added."""
        return f"{self.base}/rows?show&view={self.view}"

    @property
    def query(self) -> str:
        return self.query_of(self.filter)

    def query_of(self, chosen: TicketFilter) -> str:
        view = urlencode({"view": self.view})
        return f"{view}&{chosen.query}" if chosen else view

    def address(self, chosen: TicketFilter) -> str:
        """The list by another filter."""
        return f"{self.base}?{self.query_of(chosen)}"

    @property
    def extent(self) -> str:
        """What a refetch asks with."""
        return f"{self.query}&until={self.until}" if self.until else self.query

    @property
    def more(self) -> str | None:
        """Where the next rows are had."""
        return f"{self.base}/rows?{self.query}&after={self.rows.last}" if self.rows.more and self.rows.last else None

    @cached_property
    def counts(self) -> dict[str, int]:
        return dict(counts(self.member))

    @cached_property
    def may_edit(self) -> bool:
        return self.member.may(P.EDIT)

    @cached_property
    def may_create(self) -> bool:
        return self.member.may(P.CREATE)

    @cached_property
    def may_delete(self) -> bool:
        return self.member.may(P.DELETE)


def listed(member: Member, args: MultiDict[str, str]) -> Listed:
    """The list that an address (`args`) asks for: four statements, and one for each name in the filter."""
    view, chosen = read_view(args), read_filter(args)
    matching = (in_view(view, member), *chosen.clauses(member))
    until = Key.read(args.get("until", ""))
    rows = tickets_of(member, *matching, until=until)
    return Listed(member, view, chosen, rows, count_of(member, *matching), until)


def following(member: Member, args: MultiDict[str, str], after: Key) -> Listed:
    """The next rows of the same list. Their count is not asked for."""
    view, chosen = read_view(args), read_filter(args)
    rows = tickets_of(member, in_view(view, member), *chosen.clauses(member), after=after)
    return Listed(member, view, chosen, rows, 0, rows.last or after)


def chosen() -> list[Ticket]:
    """The tickets that the request names as `ids`, in its order. Raises NotFound when one is not there."""
    return chosen_tickets(current_member, ids_of(request.values.getlist("ids"), of=("ticket", "tickets")))


def changed(tickets: Sequence[Ticket], activity: Activity | None, said: str) -> Response:
    """The reply to every change: a toast that takes it back. Lists and pages that show the tickets look again."""
    if activity is None:
        return reply("desk/tickets/unchanged.html")
    undo = url_for("desk.create_undo", activity_id=activity.id)
    return moved(reply("desk/tickets/changed.html", said=said, undo=undo), tickets)


def moved(response: Response, tickets: Sequence[Ticket]) -> Response:
    """Also this page's own regions show them: they refresh as if somebody else had done it."""
    return trigger(response, moved={"topics": ["tickets", *(f"ticket-{ticket.id}" for ticket in tickets[:_FEW])]})


def named(tickets: Sequence[Ticket]) -> str:
    """ "#1042", or "3 tickets"."""
    return tickets[0].key if len(tickets) == 1 else f"{len(tickets)} tickets"
