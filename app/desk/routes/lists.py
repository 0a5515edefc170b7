"""Lists of tickets: the page, its rows as they load, what it can be narrowed by, and the bin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, request

from app.desk.models import Priority, Status
from app.desk.policies import P
from app.desk.queries.filters import TicketFilter, read_filter, read_view
from app.desk.queries.lists import Key, Rows
from app.desk.queries.people import assignable
from app.desk.queries.queues import all_tags, queues
from app.desk.queries.tickets import deleted_tickets
from app.desk.routes import bp
from app.desk.routes.showing import Listed, following, listed
from app.kernel.errors import NotFound
from app.web.current import current_member
from app.web.filtering import ME, NOBODY
from app.web.guard import requires
from app.web.live import shows
from app.web.replies import page, reply


@bp.get("/tickets")
@requires(P.VIEW)
def list_tickets() -> Response:
    shows("tickets")
    return page("desk/tickets/index.html", listed=listed(current_member, request.args))


@bp.get("/tickets/rows")
@requires(P.VIEW)
def show_rows() -> Response:
    """The region again, as much of it as was loaded; with `after` the next rows. With `show` the page takes the filter
    into its address.
    """
    if "after" in request.args:
        after = Key.read(request.args["after"])
        if after is None:
            raise NotFound
        return reply("desk/tickets/more.html", listed=following(current_member, request.args, after))
    shown = listed(current_member, request.args)
    response = reply("desk/tickets/rows.html", listed=shown)
    if "show" in request.args:
        response.headers["HX-Push-Url"] = shown.address(shown.filter)
    return response


@bp.get("/tickets/filters")
@requires(P.VIEW)
def show_filters() -> Response:
    """What one can filter by, for the menu: all fields, or only the one in `field`."""
    only = request.args.get("field", "")
    names = [only] if only in _CHOICES else list(_CHOICES)
    bare = Listed(current_member, read_view(request.args), read_filter(request.args), Rows((), {}, False), 0)
    groups = [(name, TicketFilter.FIELDS[name], _CHOICES[name]()) for name in names]
    return reply("desk/tickets/filters.html", listed=bare, groups=groups, only=only if only in _CHOICES else "")


@bp.get("/tickets/deleted")
@requires(P.DELETE)
def list_deleted() -> Response:
    """The bin."""
    return page("desk/tickets/deleted.html", tickets=deleted_tickets(current_member))


def _people() -> list[tuple[str, Any]]:
    return [(ME, None), (NOBODY, None), *((str(person.id), person) for person in assignable())]


#: What each field of the filter offers: (value of the address, what it stands for). Customers are chosen from tickets.
_CHOICES: dict[str, Callable[[], Sequence[tuple[str, Any]]]] = {
    "queue": lambda: [(queue.slug, queue) for queue in queues()],
    "status": lambda: [(status.value, status) for status in Status],
    "assignee": _people,
    "priority": lambda: [(priority.value, priority) for priority in reversed(Priority)],
    "tag": lambda: [(str(tag.id), tag) for tag in all_tags()],
}
