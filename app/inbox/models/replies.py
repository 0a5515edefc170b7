"""Answers that came by mail: each once, however often it is delivered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to


class MailReply(Tenanted, Model):
    """A mail in answer to a notification, and the comment it became."""

    __tablename__ = "mail_replies"
    __table_args__ = (
        UniqueConstraint("organization_id", "message_hash"),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
        *belongs_to("comments", "comment_id", ondelete="CASCADE"),
    )

    #: SHA-256 of its Message-ID.
    message_hash: Mapped[str] = mapped_column(String(64))
    member_id: Mapped[int]
    comment_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
