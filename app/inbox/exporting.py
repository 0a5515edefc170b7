"""The inbox in a copy of one's own data: what one was told, how one wants to be told, and where."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import String, cast, select

from app.accounts import exporting
from app.accounts.exporting import Part, Steps
from app.accounts.models import User
from app.inbox.models import Device, Notification, NotificationPreference, NotificationSettings
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.exporting import contribute, rows
from app.organizations.models import Member


def _parts(member: Member) -> Iterable[Part]:
    told = select(
        Notification.noun,
        Notification.subject_id,
        Notification.kind,
        Notification.created_at,
        Notification.read_at,
        Notification.snoozed_until,
        Notification.archived_at,
    ).where(Notification.member_id == member.id)
    chosen = select(NotificationPreference.kind, NotificationPreference.channel, NotificationPreference.wanted)
    times = select(
        NotificationSettings.mail,
        cast(NotificationSettings.digest_time, String).label("digest_time"),
        NotificationSettings.digest_weekday,
        cast(NotificationSettings.quiet_from, String).label("quiet_from"),
        cast(NotificationSettings.quiet_until, String).label("quiet_until"),
        NotificationSettings.quiet_days,
    )
    return [
        Part("inbox/notifications.json", rows(told.order_by(Notification.id))),
        Part("inbox/channels.json", rows(chosen.where(NotificationPreference.member_id == member.id))),
        Part("inbox/times.json", rows(times.where(NotificationSettings.member_id == member.id))),
    ]


def _devices(user_id: int) -> Steps:
    """No addresses or keys of devices: whoever holds those can send to them."""
    with organization(None, user_id=user_id):
        named = select(Device.name, Device.platform, Device.created_at, Device.last_seen_at)
        phone = select(User.mobile_number, User.mobile_verified_at).where(User.id == user_id)
        devices = db.session.execute(named.where(Device.user_id == user_id)).mappings().all()
        numbers = db.session.execute(phone).mappings().all()
    yield [Part("devices.json", devices), Part("telephone.json", numbers)]


contribute("inbox", _parts)
exporting.contribute("devices", _devices)
