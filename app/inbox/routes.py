"""The inbox, following a noun, and the way out of its mail."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from app.inbox import commands, lines, preferences, queries
from app.inbox.letters import DOOR
from app.inbox.models import Notification
from app.inbox.policies import P
from app.kernel.database import db
from app.kernel.doors import Door
from app.kernel.errors import Invalid, NotFound
from app.kernel.events import noun_of
from app.kernel.sight import row_named
from app.organizations.models import Member, Organization
from app.web.current import current_member
from app.web.guard import opens, requires
from app.web.htmx import is_htmx, trigger
from app.web.live import shows
from app.web.replies import go, page, reply
from app.web.safety import csrf
from app.web.urls import TENANT, whole

bp = Blueprint("inbox", __name__)


@bp.get(f"{TENANT}/inbox")
@requires(P.USE)
def show_inbox() -> Response:
    only = request.args.get("only", "all")
    only = only if only in queries.FILTERS else "all"
    if "below" not in request.args:
        shows(f"inbox-{current_member.id}")
    below, until = (request.args.get(name, type=whole) for name in ("below", "until"))
    found, more = queries.inbox(current_member, only, below=below, until=until)
    context: dict[str, Any] = {"lines": found, "more": more, "only": only}
    if below is not None:
        return reply("inbox/_rows.html", **context)
    template = "inbox/_region.html" if until is not None and is_htmx() else "inbox/index.html"
    return page(template, **context)


@bp.get(f"{TENANT}/inbox/<int:notification_id>")
@requires(P.USE, load=queries.notification_of)
def show_notification(notification: Notification) -> Response:
    """Read it and whatever else waits about the same, and on to it. Asked again here whether that may still be seen."""
    commands.mark_read([notification], by=current_member)
    (line,) = lines.lines_by_id(current_member, [notification.id])
    if line.url is None:
        return go(url_for("inbox.show_inbox"), "What this was about is gone, or not open to you any more.")
    commands.mark_read_about(line.row, by=current_member)
    return go(line.url)


@bp.post(f"{TENANT}/inbox/<int:notification_id>/reading")
@requires(P.USE, load=queries.notification_of)
def update_reading(notification: Notification) -> Response:
    """`read` says yes or no."""
    commands.mark_read([notification], read=_choice("read", "yes", "no") == "yes", by=current_member)
    if not is_htmx():
        return go(url_for("inbox.show_inbox"))
    (line,) = lines.lines_by_id(current_member, [notification.id])
    return _moved(reply("inbox/reading/update.html", line=line))


@bp.post(f"{TENANT}/inbox/reading")
@requires(P.USE)
def create_reading() -> Response:
    """Everything is read."""
    marked = commands.mark_all_read(by=current_member)
    if not is_htmx():
        return go(url_for("inbox.show_inbox"))
    return _moved(reply("inbox/reading/create.html", marked=marked))


@bp.post(f"{TENANT}/watching/<noun>/<int:subject_id>")
@requires(P.USE, load=row_named)
def update_watching(subject: Any) -> Response:
    """`watching` says yes, no or muted."""
    choice = _choice("watching", "yes", "no", "muted")
    {"yes": commands.watch, "no": commands.unwatch, "muted": commands.mute}[choice]([subject], [current_member])
    if not is_htmx():
        return go(noun_of(subject).url(subject))
    return reply("inbox/watching/update.html", subject=subject)


@bp.get("/unsubscribe/<token>")
@opens(DOOR)
def show_unsubscription(door: Door, token: str) -> Response:
    """Asks first: mail scanners open every link."""
    return page("inbox/unsubscription.html", token=token, **_behind(door))


@bp.post("/unsubscribe/<token>")
@csrf.exempt  # mail programs post here (RFC 8058); the token is the proof
@opens(DOOR)
def create_unsubscription(door: Door, token: str) -> Response:
    behind = _behind(door)
    preferences.stop_mail(behind["member"])
    return page("inbox/unsubscription.html", token=token, done=True, **behind)


def _behind(door: Door) -> dict[str, Any]:
    member = db.session.get(Member, (door.organization_id, door.subject_id))
    if member is None or member.left_at:
        raise NotFound
    return {"member": member, "from_organization": db.session.get_one(Organization, door.organization_id)}


def _choice(name: str, *choices: str) -> str:
    """One of these words, sent once. Raises Invalid."""
    given = request.form.getlist(name)
    if len(given) != 1 or given[0] not in choices:
        raise Invalid(f"Send “{name}” once, as one of: {', '.join(choices)}.", name)
    return given[0]


def _moved(response: Response) -> Response:
    """Also this page's own list and badge show it: they refresh as if somebody else had read."""
    return trigger(response, moved={"topics": [f"inbox-{current_member.id}"]})
