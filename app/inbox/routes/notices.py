"""The inbox: what one was told, put off, put away, read; and following a noun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request, url_for
from flask_login import current_user

from app.inbox import commands, lines, queries
from app.inbox.models import Notification
from app.inbox.policies import P
from app.inbox.routes import bp
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.kernel.events import noun_of
from app.kernel.schedules import instant
from app.kernel.sight import row_named
from app.kernel.words import gettext as _
from app.kernel.words import ngettext
from app.web.asked import ids_of, one
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import is_htmx, trigger
from app.web.live import shows
from app.web.replies import go, page, reply
from app.web.urls import TENANT

#: When what was put off until a day comes back.
MORNING = time(8)
LATER = timedelta(hours=3)


@bp.get(f"{TENANT}/inbox")
@requires(P.USE)
def show_inbox() -> Response:
    narrowing = queries.Narrowing.read(request.args)
    if "below" not in request.args:
        shows(f"inbox-{current_member.id}")
    below, until = (request.args.get(name) for name in ("below", "until"))
    found, more = queries.inbox(current_member, narrowing, below=below, until=until)
    context: dict[str, Any] = {"lines": found, "more": more, "narrowing": narrowing, "key_of": queries.key_of}
    context["shown_noun"], context["shown_project"] = queries.names_of(narrowing, current_member)
    if below is not None:
        return reply("inbox/_rows.html", **context)
    template = "inbox/_region.html" if until is not None and is_htmx() else "inbox/index.html"
    return page(template, **context)


@bp.get(f"{TENANT}/inbox/filters")
@requires(P.USE)
def show_filters() -> Response:
    """The menu of what the inbox can be narrowed to."""
    narrowing = queries.Narrowing.read(request.args)
    return reply("inbox/menus/filters.html", narrowing=narrowing, places=queries.places_of(current_member))


@bp.get(f"{TENANT}/inbox/<int:notification_id>")
@requires(P.USE, load=queries.notification_of)
def show_notification(notification: Notification) -> Response:
    """Read it and whatever else waits about the same, and on to it. Asked again here whether that may still be seen."""
    commands.mark_read([notification], by=current_member)
    (line,) = lines.lines_by_id(current_member, [notification.id])
    if line.url is None:
        return go(url_for("inbox.show_inbox"), _("What this was about is gone, or not open to you any more."))
    commands.mark_read_about(line.row, by=current_member)
    return go(line.url)


@bp.post(f"{TENANT}/inbox/marks")
@requires(P.USE)
def create_marks() -> Response:
    """The notifications in `ids` are read, or not: `read` says yes or no."""
    read = _choice("read", "yes", "no") == "yes"
    changed = commands.mark_read(_chosen(), read=read, by=current_member)
    undo = url_for("inbox.create_marks", ids=changed, read="no" if read else "yes")
    if len(changed) == 1:  # the key itself takes it back
        return _changed(changed, None)
    said = (
        ngettext("Marked %(num)s as read", "Marked %(num)s as read", len(changed))
        if read
        else ngettext("Marked %(num)s as unread", "Marked %(num)s as unread", len(changed))
    )
    return _changed(changed, said, undo)


@bp.post(f"{TENANT}/inbox/reading")
@requires(P.USE)
def create_reading() -> Response:
    """Everything that waits is read."""
    changed = commands.mark_all_read(by=current_member)
    undo = url_for("inbox.create_marks", ids=changed, read="no") if len(changed) <= queries.MOST else None
    said = ngettext("Marked %(num)s as read", "Marked %(num)s as read", len(changed))
    return _changed(changed, said if changed else _("Everything was read already"), undo)


@bp.post(f"{TENANT}/inbox/archival")
@requires(P.USE)
def create_archival() -> Response:
    """The notifications in `ids` are put away."""
    changed = commands.archive(_chosen(), by=current_member)
    said = ngettext("Archived %(num)s notification", "Archived %(num)s notifications", len(changed))
    return _changed(changed, said, url_for("inbox.create_return", ids=changed))


@bp.post(f"{TENANT}/inbox/return")
@requires(P.USE)
def create_return() -> Response:
    """The notifications in `ids` lie in the inbox again, wherever they were put."""
    changed = commands.move_to_inbox(_chosen(), by=current_member)
    said = ngettext("Moved %(num)s notification to the inbox", "Moved %(num)s notifications to the inbox", len(changed))
    return _changed(changed, said)


@bp.get(f"{TENANT}/inbox/snooze")
@requires(P.USE)
def show_snooze() -> Response:
    """The menu of days until which notifications can be put off."""
    return reply("inbox/menus/snooze.html", choices={name: _shown(at) for name, at in _moments().items()})


@bp.post(f"{TENANT}/inbox/snooze")
@requires(P.USE)
def create_snooze() -> Response:
    """The notifications in `ids` come back at a moment that the menu offers, or on the morning of the `date` given."""
    until = _until()
    changed = commands.snooze(_chosen(), until, by=current_member)
    said = ngettext(
        "%(num)s notification comes back %(when)s",
        "%(num)s notifications come back %(when)s",
        len(changed),
        when=_shown(until),
    )
    return _changed(changed, said, url_for("inbox.create_return", ids=changed))


@bp.post(f"{TENANT}/watching/<noun>/<int:subject_id>")
@requires(P.USE, load=row_named)
def update_watching(subject: Any) -> Response:
    """`watching` says yes, no or muted."""
    choice = _choice("watching", "yes", "no", "muted")
    {"yes": commands.watch, "no": commands.unwatch, "muted": commands.mute}[choice]([subject], [current_member])
    if not is_htmx():
        return go(noun_of(subject).url(subject))
    return reply("inbox/watching/update.html", subject=subject)


def _chosen() -> list[Notification]:
    """The member's own that the request names as `ids`."""
    ids = ids_of(request.values.getlist("ids"), of=("notification", "notifications"))
    return queries.notifications_of(current_member, ids)


def _choice(name: str, *choices: str) -> str:
    """One of these words, sent once. Raises Invalid."""
    given = request.values.getlist(name)
    if len(given) != 1 or given[0] not in choices:
        raise Invalid(_("Send “%(name)s” once, as one of: %(choices)s.", name=name, choices=", ".join(choices)), name)
    return given[0]


def _zone() -> ZoneInfo:
    return ZoneInfo(current_user.timezone)


def _shown(at: datetime) -> str:
    return f"{at.astimezone(_zone()):%a %d %b, %H:%M}"


def _moments() -> dict[str, datetime]:
    """What the menu offers, by the name that the form sends."""
    today = now().astimezone(_zone()).date()
    return {
        "later": now() + LATER,
        "tomorrow": _morning(today + timedelta(days=1)),
        "week": _morning(today + timedelta(days=7 - today.weekday())),
        "month": _morning((today.replace(day=1) + timedelta(days=32)).replace(day=1)),
    }


def _morning(day: date) -> datetime:
    return instant(day, MORNING, _zone())


def _until() -> datetime:
    if typed := one("date", required=False).strip():
        try:
            return _morning(date.fromisoformat(typed))
        except (ValueError, OverflowError):
            raise Invalid(_("Write the day as 2027-03-31."), "date") from None
    return _moments()[_choice("until", "later", "tomorrow", "week", "month")]


def _changed(ids: Sequence[int], said: str | None, undo: str | None = None) -> Response:
    """A toast that takes it back; this page's own list and badge refresh as if somebody else had done it."""
    if not is_htmx():
        return go(url_for("inbox.show_inbox"), said)
    response = reply("inbox/changed.html", said=said, undo=undo if ids else None)
    return trigger(response, moved={"topics": [f"inbox-{current_member.id}"]})
