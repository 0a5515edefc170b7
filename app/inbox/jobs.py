"""What happens by itself: activities become notifications, and notifications become one mail now and then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog
from flask import current_app
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import User
from app.inbox import lines, preferences
from app.inbox.audience import Hearing, audience_of
from app.inbox.commands import follow
from app.inbox.letters import post_digest
from app.inbox.models import Notification
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.events import Bulk, event_named
from app.kernel.ledger import Activity
from app.kernel.live import touch
from app.kernel.outbox import consumer
from app.kernel.timers import alarm, wake_each
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
    _notify(activity, audience.hearings)


def _notify(activity: Activity, hearings: Sequence[Hearing]) -> None:
    if not hearings:
        return
    rows = [
        {
            "organization_id": activity.organization_id,
            "member_id": heard.member_id,
            "activity_id": activity.id,
            "noun": activity.noun,
            "subject_id": heard.subject_id,
            "reason": heard.reason,
            "count": heard.count,
            "created_at": activity.at,
        }
        for heard in hearings
    ]
    db.session.execute(insert(Notification).values(rows).on_conflict_do_nothing())
    members = [heard.member_id for heard in hearings]
    touch(*(f"inbox-{member_id}" for member_id in members))
    patience = timedelta(seconds=current_app.extensions["trestleboard"].mail_batch_seconds)
    wake_each(mail_notifications, members, at=now() + patience, earlier_only=True)


@alarm
def mail_notifications(member_id: int) -> None:
    """Tell a member in one mail of what they have not read yet. Each notification is considered once."""
    settled = (
        update(Notification)
        .where(
            Notification.organization_id == current_organization_id(),
            Notification.member_id == member_id,
            Notification.mailed_at.is_(None),
        )
        .values(mailed_at=now())
        .returning(Notification.id, Notification.read_at, Notification.reason)
        .execution_options(synchronize_session=False)
    )
    owed = db.session.execute(settled).all()
    member = db.session.get(Member, (current_organization_id(), member_id))
    if member is None or not _reads_mail(member):
        return
    wanted = preferences.preferences_of(member)
    unread = [row.id for row in owed if row.read_at is None and wanted[row.reason]]
    told = [line for line in lines.lines_by_id(member, unread) if line.row is not None]
    if told:
        post_digest(member, told)


def _reads_mail(member: Member) -> bool:
    if member.left_at or not member.email or not member.is_colleague or member.user_id is None:
        return False
    user = db.session.get(User, member.user_id)
    return user is not None and user.email_verified_at is not None and user.deactivated_at is None
