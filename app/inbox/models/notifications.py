"""Who hears of what: watchers and notifications."""

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


_WAITS = "read_at IS NULL AND archived_at IS NULL AND snoozed_until IS NULL"


class Notification(Tenanted, Model):
    """One thing one member should hear of: in the inbox, put off, or put away. Spec: kardon.Notification."""

    __tablename__ = "notifications"
    __table_args__ = (
        *belongs_to("members", "member_id", ondelete="CASCADE", index=False),
        *belongs_to("activities", "activity_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "activity_id", "member_id"),
        Index("ix_notifications_inbox", "organization_id", "member_id", text("arrived_at DESC"), text("id DESC")),
        Index("ix_notifications_unread", "organization_id", "member_id", postgresql_where=text(_WAITS)),
        Index("ix_notifications_unmailed", "organization_id", "member_id", postgresql_where=text("mailed_at IS NULL")),
        CheckConstraint("count > 0", name="count"),
        CheckConstraint("snoozed_until IS NULL OR archived_at IS NULL", name="place"),
    )

    member_id: Mapped[int]
    activity_id: Mapped[int]
    noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    reason: Mapped[Reason]
    #: What its channels are chosen by (`inbox.kinds`): "assigned", "tickets".
    kind: Mapped[str] = mapped_column(String(40), default=lambda context: context.get_current_parameters()["reason"])
    #: How many nouns the activity touched that this member sees and hears of for this reason; `subject_id` is one.
    count: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: Its place in the list: when it came, or came back.
    arrived_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    #: Put off until then; a timer brings it back.
    snoozed_until: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    #: When a batched mail told of it, or when it was decided that none would.
    mailed_at: Mapped[datetime | None]
    #: The same of devices and telephones.
    nudged_at: Mapped[datetime | None]
