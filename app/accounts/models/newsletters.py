"""Letters from whoever runs Trestleboard, to those who asked for them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model


class Topic(StrEnum):
    NEWS = "news"
    TIPS = "tips"


class Subscription(Model):
    """Somebody wants the newsletters of a topic."""

    __tablename__ = "newsletter_subscriptions"

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(default=now)


class Newsletter(Model):
    """One newsletter on its way. `last_user_id` moves with each batch, in one transaction: nobody gets it twice."""

    __tablename__ = "newsletters"
    __table_args__ = (Index("ix_newsletters_owed", "id", postgresql_where=text("finished_at IS NULL")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    topic: Mapped[Topic]
    subject: Mapped[str] = mapped_column(String(200))
    #: Markdown.
    body: Mapped[str]
    last_user_id: Mapped[int] = mapped_column(default=0)
    sent_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
