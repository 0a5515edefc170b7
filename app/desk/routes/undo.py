"""Taking changes back."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, url_for

from app.desk.commands.undoing import undo_activity
from app.desk.models import Ticket
from app.desk.policies import P
from app.desk.queries.tickets import activity_to_undo
from app.desk.routes import bp
from app.desk.routes.showing import moved, named
from app.kernel.ledger import Activity
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import refuse, requires
from app.web.htmx import is_htmx
from app.web.replies import go, reply

#: What only who may delete can take back.
_BIN = (".created", ".deleted", ".restored")


@bp.post("/tickets/activities/<int:activity_id>/undo")
@requires(P.EDIT, load=activity_to_undo)
def create_undo(found: tuple[Activity, Sequence[Ticket]]) -> Response:
    """Take an activity on tickets back; pages that show them look again."""
    activity, tickets = found
    if activity.verb.endswith(_BIN) and not current_member.may(P.DELETE):
        refuse("permission", permission=str(P.DELETE))
    undo_activity(activity, tickets, by=current_member)
    if not is_htmx():
        return go(url_for("desk.list_tickets"), _("Taken back"))
    return moved(reply("desk/tickets/undone.html", what=named(tickets)), tickets)
