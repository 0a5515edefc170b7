"""What a member wants to hear of, by which channel, and when."""

from __future__ import annotations

from datetime import time
from enum import StrEnum

from sqlalchemy import CheckConstraint, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Model, Tenanted, belongs_to


class Channel(StrEnum):
    """Where a notification reaches people."""

    INBOX = "inbox"
    MAIL = "mail"
    PUSH = "push"
    SMS = "sms"


class MailRhythm(StrEnum):
    """How often notifications are gathered into a mail."""

    SOON = "soon"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class NotificationPreference(Tenanted, Model):
    """A choice that differs from what is usual for a kind of notification and a channel (`inbox.kinds`)."""

    __tablename__ = "notification_preferences"
    __table_args__ = (
        UniqueConstraint("organization_id", "member_id", "kind", "channel"),
        *belongs_to("members", "member_id", ondelete="CASCADE", index=False),
    )

    member_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    channel: Mapped[Channel]
    wanted: Mapped[bool]


class NotificationSettings(Tenanted, Model):
    """When a member is told, in their own zone; without a row, at once. Quiet hours hold mail, push and texts back."""

    __tablename__ = "notification_settings"
    __table_args__ = (
        UniqueConstraint("organization_id", "member_id"),
        *belongs_to("members", "member_id", ondelete="CASCADE", index=False),
        CheckConstraint("digest_weekday BETWEEN 0 AND 6", name="digest_weekday"),
        CheckConstraint("quiet_days BETWEEN 0 AND 127", name="quiet_days"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
    )

    member_id: Mapped[int]
    mail: Mapped[MailRhythm] = mapped_column(default=MailRhythm.SOON)
    #: When the daily or weekly mail goes out. 0 is Monday.
    digest_time: Mapped[time] = mapped_column(Time, default=time(8))
    digest_weekday: Mapped[int] = mapped_column(default=0)
    #: On the days on which they begin; past midnight when they end earlier than they begin.
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    #: One bit a weekday, the lowest is Monday.
    quiet_days: Mapped[int] = mapped_column(default=127)
