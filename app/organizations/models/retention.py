"""How long things are kept, and what was put aside before it went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted


class Fate(StrEnum):
    """What becomes of things whose time is over."""

    DELETE = "delete"
    #: The things stay, but say no more who the people outside were.
    ANONYMISE = "anonymise"


class RetentionPolicy(Tenanted, Model):
    """One kind of thing is kept for so long. Spec: helpdesk.DataRetentionPolicy."""

    __tablename__ = "retention_policies"
    __table_args__ = (
        UniqueConstraint("organization_id", "kind"),
        CheckConstraint("retention_days BETWEEN 1 AND 36500", name="days"),
    )
    __history__ = ("retention_days", "fate", "archive_first", "enabled")

    #: A key of `retention.kinds`.
    kind: Mapped[str] = mapped_column(String(40))
    retention_days: Mapped[int]
    fate: Mapped[Fate] = mapped_column(default=Fate.DELETE)
    #: What goes is written into a file first.
    archive_first: Mapped[bool] = mapped_column(default=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    last_run_at: Mapped[datetime | None]
    #: How many things it has taken or anonymised, in all.
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class RetentionArchive(Tenanted, Model):
    """A file of what was deleted: JSON lines, compressed."""

    __tablename__ = "retention_archives"
    __table_args__ = (Index("ix_retention_archives_recent", "organization_id", text("id DESC")),)

    kind: Mapped[str] = mapped_column(String(40))
    file: Mapped[str] = mapped_column(String(80))
    rows: Mapped[int]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=now)
