"""Copies of one's own data, made once in a while for whoever asks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model


class Stage(StrEnum):
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


class DataExport(Model):
    """All that is about one person, as a file for them alone."""

    __tablename__ = "data_exports"
    __table_args__ = (
        Index("ix_data_exports_user_id", "user_id", "id"),
        Index("uq_data_exports_working", "user_id", unique=True, postgresql_where=text("stage = 'working'")),
        Index("ix_data_exports_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(default=Stage.WORKING)
    #: When somebody has to look at it: to make it (again, if a worker died), or to take the file away.
    due_at: Mapped[datetime | None] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    parts_done: Mapped[int] = mapped_column(default=0)
    parts_total: Mapped[int] = mapped_column(default=0)
    file: Mapped[str | None] = mapped_column(String(32))
    size_bytes: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    ready_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
