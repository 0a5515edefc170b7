"""Saying how long things are kept, and the nightly round that holds to it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select

from app.adapters import files
from app.kernel.access import CLOCK, Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.kernel.events import Bulk, Event
from app.kernel.ledger import change, record
from app.kernel.schedules import instant
from app.kernel.timers import alarm, wake
from app.kernel.words import gettext as _
from app.organizations.models import Fate, Organization, RetentionArchive, RetentionPolicy
from app.organizations.retention.kinds import KINDS

log = structlog.get_logger(__name__)

CHANGED = Event("retention.changed", "{actor} changed how long {kind} are kept", Bulk.SILENT)
CARRIED_OUT = Event("retention.carried_out", "{kind} whose time was over: {count} {fate}", Bulk.SILENT)
EVENTS = (CHANGED, CARRIED_OUT)

#: The hour of the round, where the organization is.
HOUR = time(3, 0)
#: Things that one transaction takes; the next follows at once.
SLICE = 200
_KEY = "retention"


def set_policy(
    organization: Organization,
    kind: str,
    *,
    days: int,
    fate: Fate,
    archive_first: bool,
    enabled: bool,
    by: Actor,
) -> RetentionPolicy:
    """Say how long one kind is kept. Raises Invalid for a kind nobody knows, and for what cannot be done with it."""
    kept = KINDS.get(kind)
    if kept is None:
        raise Invalid(_("There is no such kind of thing."), "kind")
    if fate is Fate.ANONYMISE and kept.anonymise is None:
        raise Invalid(_("Nothing in these names people outside. Choose to delete them."), "fate")
    policy = policy_of(kind) or RetentionPolicy(kind=kind, retention_days=days)
    db.session.add(policy)
    wanted = {"retention_days": days, "fate": fate, "archive_first": archive_first, "enabled": enabled}
    before = {name: _plain(getattr(policy, name)) for name in wanted}
    for name, value in wanted.items():
        setattr(policy, name, value)
    db.session.flush()
    changed = {name: [before[name], _plain(value)] for name, value in wanted.items() if before[name] != _plain(value)}
    if changed:
        record(CHANGED, [(organization, {})], by=by, payload={"kind": str(kept.title), "changed": changed})
    if enabled:
        wake(carry_out_retention, at=next_round(organization, now()), key=_KEY)
    return policy


def policy_of(kind: str) -> RetentionPolicy | None:
    return db.session.scalar(select(RetentionPolicy).where(RetentionPolicy.kind == kind))


def next_round(organization: Organization, after: datetime) -> datetime:
    """The next night's round, in UTC."""
    zone = ZoneInfo(organization.timezone)
    day = after.astimezone(zone).date()
    at = instant(day, HOUR, zone)
    return at if at > after else instant(day + timedelta(days=1), HOUR, zone)


@alarm
def carry_out_retention(subject_id: int | None = None) -> None:
    """One slice of what is over, of every kind; again at once while there is more, else next night."""
    organization = db.session.get_one(Organization, current_organization_id())
    policies = db.session.scalars(select(RetentionPolicy).where(RetentionPolicy.enabled).order_by(RetentionPolicy.id))
    more = [_carry_out(organization, policy) for policy in policies if policy.kind in KINDS]
    if not more:
        return
    wake(carry_out_retention, at=now() if any(more) else next_round(organization, now()), key=_KEY)


def _carry_out(organization: Organization, policy: RetentionPolicy) -> bool:
    """One slice of one kind. Whether there may be more."""
    kept = KINDS[policy.kind]
    nameless = kept.to_anonymise if policy.fate is Fate.ANONYMISE else None
    over = (nameless or kept.due)(now() - timedelta(days=policy.retention_days))
    ids = list(db.session.scalars(over.limit(SLICE)))
    policy.last_run_at = now()
    if not ids:
        return False
    if policy.fate is Fate.ANONYMISE and kept.anonymise is not None:
        kept.anonymise(ids, CLOCK)
    else:
        if policy.archive_first and kept.written is not None:
            _put_aside(policy.kind, kept.written(ids))
        kept.delete(ids)
    policy.done += len(ids)
    record(
        CARRIED_OUT,
        [(organization, {})],
        by=CLOCK,
        payload={
            "kind": str(kept.title),
            "count": len(ids),
            "fate": _("made nameless") if policy.fate is Fate.ANONYMISE else _("deleted"),
        },
    )
    log.info("retention.carried_out", kind=policy.kind, count=len(ids), fate=policy.fate.value)
    return len(ids) == SLICE


def _put_aside(kind: str, rows: Sequence[dict[str, Any]]) -> RetentionArchive:
    """Written in this transaction: a file without the deletion, or the deletion without it, cannot be."""
    lines = "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
    stored = files.store_bytes(gzip.compress(lines.encode(), mtime=0), with_transaction=True)
    archive = RetentionArchive(kind=kind, file=stored.name, rows=len(rows), size_bytes=stored.size)
    db.session.add(archive)
    db.session.flush()
    return archive


def delete_archive(organization: Organization, archive: RetentionArchive, *, by: Actor) -> None:
    """Throw a file of what was deleted away, for good."""
    with change(organization, event=CHANGED, by=by, always=True, kind=_("archives of %(kind)s", kind=archive.kind)):
        files.delete_on_commit(archive.file)
        db.session.delete(archive)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Fate) else value
