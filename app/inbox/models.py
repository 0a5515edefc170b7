"""Who hears of what: watchers, notifications, preferences."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to


class Reason(StrEnum):
    """Why somebody hears of a noun."""

    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    WATCHING = "watching"


class Watcher(Tenanted, Model):
    """A member follows a noun, or has chosen not to (`muted`), which assignment and mention respect as well."""

    __tablename__ = "watchers"
    __table_args__ = (
        UniqueConstraint("organization_id", "noun", "subject_id", "member_id"),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
    )

    noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    member_id: Mapped[int]
    muted: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Notification(Tenanted, Model):
    """One thing one member should hear of. Spec: kardon.Notification."""

    __tablename__ = "notifications"
    __table_args__ = (
        *belongs_to("members", "member_id", ondelete="CASCADE", index=False),
        *belongs_to("activities", "activity_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "activity_id", "member_id"),
        Index("ix_notifications_inbox", "organization_id", "member_id", text("id DESC")),
        Index("ix_notifications_unread", "organization_id", "member_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_notifications_unmailed", "organization_id", "member_id", postgresql_where=text("mailed_at IS NULL")),
        CheckConstraint("count > 0", name="count"),
    )

    member_id: Mapped[int]
    activity_id: Mapped[int]
    noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    reason: Mapped[Reason]
    #: How many nouns the activity touched that this member sees and hears of for this reason; `subject_id` is one.
    count: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    #: When a batched mail told of it, or when it was decided that none would.
    mailed_at: Mapped[datetime | None]


class NotificationPreference(Tenanted, Model):
    """What a member wants to hear of by mail; without a row, everything."""

    __tablename__ = "notification_preferences"
    __table_args__ = (
        UniqueConstraint("organization_id", "member_id", "reason"),
        *belongs_to("members", "member_id", ondelete="CASCADE", index=False),
    )

    member_id: Mapped[int]
    reason: Mapped[Reason]
    by_mail: Mapped[bool] = mapped_column(default=True)
