"""When operators looked into an organization."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to

#: How long a visit lasts, unless it is ended before.
LASTS = timedelta(minutes=60)


class OperatorVisit(Tenanted, Model):
    """An operator inside an organization, for a while and a reason. They read as `member`, who holds no seat there."""

    __tablename__ = "operator_visits"
    __table_args__ = (
        *belongs_to("members", "member_id", ondelete="CASCADE"),
        Index("ix_operator_visits_user_id", "user_id"),
        Index("ix_operator_visits_open", "organization_id", "user_id", postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("ends_at > began_at", name="lasts"),
    )
    __history__ = ("reason", "ends_at", "ended_at")

    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    member_id: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    began_at: Mapped[datetime] = mapped_column(default=now)
    ends_at: Mapped[datetime]
    #: Ended by hand; else it ends by itself.
    ended_at: Mapped[datetime | None]
