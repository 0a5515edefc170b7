"""What happens by itself: activities become notifications, notifications become mail, pushes and texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import User
from app.inbox import lines, preferences
from app.inbox.audience import Hearing, audience_of
from app.inbox.commands import end_snooze, follow
from app.inbox.kinds import kind_of
from app.inbox.letters import post_digest
from app.inbox.models import Channel, MailRhythm, Notification
from app.inbox.nudges import FRESH, SOON, reached_at_once, send_pushes, send_texts
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.events import Bulk, Event, event_named
from app.kernel.ledger import Activity
from app.kernel.live import touch
from app.kernel.outbox import consumer
from app.kernel.timers import alarm, wake, wake_each
from app.organizations.models import Member

log = structlog.get_logger(__name__)


@consumer("inbox")
def tell(activity: Activity) -> None:
    """One notification a person, however many nouns the activity touched; nobody hears of what they did themselves."""
    try:
        event = event_named(activity.verb)
    except LookupError:
        log.warning("inbox.unknown_event", verb=activity.verb)  # its room is gone; there is nothing to say
        return
    if event.bulk is Bulk.SILENT:
        return
    audience = audience_of(activity, event)
    follow(activity.noun, audience.followers)
    _notify(activity, event, audience.hearings)


def _notify(activity: Activity, event: Event, hearings: Sequence[Hearing]) -> None:
    """Five statements for all of them. A kind that somebody wants nowhere makes no row; outside of the inbox, a row put
    away."""
    chosen = preferences.choices_of([heard.member_id for heard in hearings])
    rows = []
    for heard in hearings:
        kind = kind_of(heard.reason, activity.noun, event.topic)
        wanted = {way for way in Channel if preferences.wants(chosen[heard.member_id], kind, way)}
        if wanted:
            away = None if Channel.INBOX in wanted else activity.at
            rows.append(_row(activity, heard, kind, away))
    if not rows:
        return
    db.session.execute(insert(Notification).values(rows).on_conflict_do_nothing())
    members = [row["member_id"] for row in rows]
    touch(*(f"inbox-{member_id}" for member_id in members))
    patience = timedelta(seconds=current_app.extensions["trestleboard"].mail_batch_seconds)
    wake_each(mail_notifications, members, at=now() + patience, earlier_only=True)
    wake_each("nudge", reached_at_once(members), at=now() + SOON, earlier_only=True)


def _row(activity: Activity, heard: Hearing, kind: str, archived_at: datetime | None) -> dict[str, Any]:
    return {
        "organization_id": activity.organization_id,
        "member_id": heard.member_id,
        "activity_id": activity.id,
        "noun": activity.noun,
        "subject_id": heard.subject_id,
        "reason": heard.reason,
        "kind": kind,
        "count": heard.count,
        "created_at": activity.at,
        "arrived_at": activity.at,
        "archived_at": archived_at,
    }


@alarm
def mail_notifications(member_id: int) -> None:
    """Tell a member in one mail of what they have not read yet, in their own time. Each is considered once."""
    member = db.session.get(Member, (current_organization_id(), member_id))
    user = _reader(member)
    timing = preferences.timing_of(member) if member is not None and user is not None else None
    if timing is not None and user is not None and (later := _later(member_id, timing, user.timezone)):
        wake(mail_notifications, member_id, at=later)
        return
    owed = _settle(Notification.mailed_at, member_id)
    if member is None or timing is None or timing.mail is MailRhythm.NEVER:
        return
    told = _worth_telling(member, owed, Channel.MAIL)
    if told:
        post_digest(member, told)


def _later(member_id: int, timing: preferences.Timing, zone: str) -> datetime | None:
    """When to come back, if it is not time yet for what waits to be mailed: a digest's hour, and no quiet one."""
    since = db.session.scalar(
        select(func.min(Notification.arrived_at)).where(
            Notification.organization_id == current_organization_id(),
            Notification.member_id == member_id,
            Notification.mailed_at.is_(None),
        )
    )
    wanted = timing.mailed_at(zone, since) if since else None
    if wanted is None:
        return None
    if wanted > now():
        return wanted
    return timing.quiet_at(zone, now())


@alarm
def nudge(member_id: int) -> None:
    """Tell a member's browsers and telephone of what has just come, unless it is a quiet hour."""
    member = db.session.get(Member, (current_organization_id(), member_id))
    user = _reader(member)
    if member is not None and user is not None:
        quiet = preferences.timing_of(member).quiet_at(user.timezone, now())
        if quiet:
            wake(nudge, member_id, at=quiet)
            return
    owed = _settle(Notification.nudged_at, member_id, Notification.arrived_at > now() - FRESH)
    if member is None or user is None:
        return
    send_pushes(member, _worth_telling(member, owed, Channel.PUSH))
    send_texts(member, user, _worth_telling(member, owed, Channel.SMS))


def _settle(stamp: InstrumentedAttribute[Any], member_id: int, *only: ColumnElement[bool]) -> Sequence[Any]:
    """What was not considered yet for a channel; from now on it was."""
    settled = (
        update(Notification)
        .where(
            Notification.organization_id == current_organization_id(),
            Notification.member_id == member_id,
            stamp.is_(None),
            *only,
        )
        .values({stamp.key: now()})
        .returning(
            Notification.id,
            Notification.read_at,
            Notification.kind,
            Notification.snoozed_until,
            Notification.archived_at,
            Notification.created_at,
        )
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(settled).all()


def _worth_telling(member: Member, owed: Sequence[Any], channel: Channel) -> list[lines.Line]:
    """Of these, what the member wants by this channel, has not dealt with, and may still see."""
    chosen = preferences.choices_of([member.id])[member.id] if owed else {}
    wanted = [row.id for row in owed if _waits(row) and preferences.wants(chosen, row.kind, channel)]
    return [line for line in lines.lines_by_id(member, wanted) if line.row is not None]


def _waits(row: Any) -> bool:
    """Neither read, nor put off, nor put away by hand; what was never to lie in the inbox was put away as it came."""
    by_hand = row.archived_at is not None and row.archived_at != row.created_at
    return row.read_at is None and row.snoozed_until is None and not by_hand


def _reader(member: Member | None) -> User | None:
    """Who reads for a member: someone who works here, has proved their address, and can sign in."""
    if member is None or member.left_at or not member.email or not member.is_colleague or member.user_id is None:
        return None
    user = db.session.get(User, member.user_id)
    return user if user is not None and user.email_verified_at and user.deactivated_at is None else None


@alarm
def return_snoozed(notification_id: int) -> None:
    """What was put off comes back. Nothing happens to what was taken back or put off anew meanwhile."""
    notification = db.session.get(Notification, (current_organization_id(), notification_id), with_for_update=True)
    if notification is None or notification.snoozed_until is None or notification.snoozed_until > now():
        return
    end_snooze(notification)
    patience = timedelta(seconds=current_app.extensions["trestleboard"].mail_batch_seconds)
    wake(mail_notifications, notification.member_id, at=now() + patience, earlier_only=True)
    wake_each(nudge, reached_at_once([notification.member_id]), at=now() + SOON, earlier_only=True)
