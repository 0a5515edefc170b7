"""The audit's pages, and it as a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, request
from flask_login import current_user

from app.accounts.security import note_event
from app.activity.auditing import (
    PAGE,
    Sieve,
    activity_by_id,
    audit,
    changes_of,
    security_events,
    whole_audit,
    whole_security,
)
from app.activity.policies import P
from app.activity.sentences import look_up
from app.adapters.tables.writing import MARK, line
from app.kernel.clock import now
from app.kernel.events import Noun, all_nouns, noun_named
from app.kernel.ledger import Activity
from app.web.current import current_member
from app.web.downloads import download
from app.web.filters import zone
from app.web.guard import requires
from app.web.replies import page
from app.web.urls import TENANT

bp = Blueprint("activity", __name__, url_prefix=f"{TENANT}/settings")

#: Bytes of a file that are held in memory; what is more waits on disk until it is sent.
_HELD = 4 * 1024 * 1024


@bp.get("/audit")
@requires(P.AUDIT)
def show_audit() -> Response:
    """All that was done here, newest first."""
    sieve = Sieve.read(request.args)
    found = audit(current_member, sieve, zone(), below=_below(), limit=PAGE + 1)
    kinds = sorted(all_nouns(), key=lambda noun: _called(noun).lower())
    return page(
        "activity/audit/index.html", sieve=sieve, kinds=[(noun.name, _called(noun)) for noun in kinds], **_page(found)
    )


@bp.get("/audit/<int(max=9223372036854775807):activity_id>")
@requires(P.AUDIT, load=activity_by_id)
def show_activity(activity: Activity) -> Response:
    """One thing that was done, with every value it changed."""
    changes, total = changes_of(activity, current_member)
    words = look_up((noun, fields) for _row, noun, fields in changes)
    told = [(noun_named(noun), row, list(_values(noun_named(noun), fields, words))) for row, noun, fields in changes]
    return page("activity/audit/show.html", activity=activity, changes=told, total=total)


@bp.get("/audit.csv")
@requires(P.AUDIT)
def export_audit() -> Response:
    """The same as a file, with the same filter: 100,000 entries at most."""
    sieve = Sieve.read(request.args)
    head = ("at", "who", "verb", "what", "subject", "count", "ip", "agent", "request")
    rows = (
        (one.at.isoformat(), one.who, one.verb, one.text, one.subject, one.count, one.ip, one.agent, one.request_id)
        for one in whole_audit(current_member, sieve, zone())
    )
    return _file("audit", head, rows, sieve)


@bp.get("/security-events")
@requires(P.AUDIT)
def list_security_events() -> Response:
    """Refusals, failed tries and changes of who may come in."""
    sieve = Sieve.read(request.args)
    return page(
        "activity/audit/security.html",
        sieve=sieve,
        **_page(security_events(sieve, zone(), below=_below(), limit=PAGE + 1)),
    )


@bp.get("/security-events.csv")
@requires(P.AUDIT)
def export_security_events() -> Response:
    sieve = Sieve.read(request.args)
    rows = (
        (
            one.at.isoformat(),
            one.member.name if one.member else "",
            one.kind,
            one.ip,
            one.agent,
            str(one.details.get("path", "")),
        )
        for one in whole_security(sieve, zone())
    )
    return _file("security-events", ("at", "who", "kind", "ip", "agent", "path"), rows, sieve)


def _page(found: list[Any]) -> dict[str, Any]:
    """A page of entries, and where the next begins."""
    last = found[PAGE - 1] if len(found) > PAGE else None
    return {"entries": found[:PAGE], "below": f"{last.at.isoformat()}_{last.id}" if last else None}


def _below() -> tuple[datetime, int] | None:
    """Where the page begins, as the page before said it; the newest for what is no such place."""
    moment, _, number = request.args.get("below", "").partition("_")
    try:
        at, below = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return (at, below) if at.tzinfo and 0 <= below < 2**63 else None


def _called(noun: Noun) -> str:
    return noun.plural or f"{noun.name.replace('_', ' ').capitalize()}s"


def _values(noun: Noun, fields: Any, words: Any) -> Iterator[tuple[str, str, str]]:
    """(field, before, after) in words; long texts only say that they changed."""
    for name, (old, new) in fields.items():
        if (field := noun.fields.get(name)) is not None:
            known = words.get((noun.name, name))
            before, after = ("", "…") if field.silent else (_said(known, old), _said(known, new))
            yield field.label, before, after


def _said(known: Any, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return ", ".join(str(known.get(one, one) if known is not None else one) for one in value)
    return str(known.get(value, value) if known is not None else value)


def _file(name: str, head: Iterable[str], rows: Iterable[Iterable[Any]], sieve: Sieve) -> Response:
    note_event("audit.exported", user_id=current_user.id, file=name, filter=sieve.asked)
    out = tempfile.SpooledTemporaryFile(max_size=_HELD)  # noqa: SIM115 - sent, and closed with the reply
    out.write((MARK + line(head)).encode())
    for row in rows:
        out.write(line(row).encode())
    out.seek(0)
    return download(cast("BinaryIO", out), f"{name}-{now():%Y-%m-%d}.csv", "text/csv")
