"""Sources: tables that people bring in, and the files they came from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member


class Kind(StrEnum):
    CSV = "csv"


class Status(StrEnum):
    PENDING = "pending"  # nothing was loaded yet
    READY = "ready"
    FAILED = "failed"  # its first file could not be loaded


class Source(Tenanted, Model):
    """A table that questions are asked of. Spec: datapulse.data_sources."""

    __tablename__ = "sources"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        *belongs_to("members", "created_by_id"),
        Index("ix_sources_list", "organization_id", "name", postgresql_where=text("deleted_at IS NULL")),
    )
    __history__ = ("name", "description", "deleted_at")

    #: Counted within the organization; its address.
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(500), default="")
    kind: Mapped[Kind] = mapped_column(default=Kind.CSV)
    status: Mapped[Status] = mapped_column(default=Status.PENDING)
    #: `[{"key": "c0", "name": "Region", "type": "text", "format": null, "kept": true}]`, as `cells.Cells` writes it.
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    row_count: Mapped[int] = mapped_column(default=0)
    refused_count: Mapped[int] = mapped_column(default=0)
    #: The database file with the rows, by its random name; None until something was loaded.
    data_file: Mapped[str | None] = mapped_column(String(32))
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Counts loads: answers of an older one are not shown.
    version: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    last_refreshed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    created_by: Mapped[Member] = relationship(foreign_keys="Source.created_by_id", lazy="raise")

    @property
    def kept_columns(self) -> list[dict[str, Any]]:
        """Those that can be asked of, in their order."""
        return [column for column in self.columns if column["kept"]]


class Stage(StrEnum):
    TYPING = "typing"  # uploaded; the person says what the columns hold
    LOADING = "loading"
    DONE = "done"
    FAILED = "failed"  # `error` says why
    CANCELLED = "cancelled"


class SourceFile(Tenanted, Model):
    """One file brought into a source: each replaces the rows of the one before."""

    __tablename__ = "source_files"
    __table_args__ = (
        UniqueConstraint("organization_id", "source_id", "number"),
        *belongs_to("sources", "source_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "created_by_id"),
    )

    source_id: Mapped[int]
    #: Counted within the source.
    number: Mapped[int]
    created_by_id: Mapped[int]
    stage: Mapped[Stage] = mapped_column(default=Stage.TYPING)
    filename: Mapped[str] = mapped_column(String(255))
    #: The stored file's random name; None once it was thrown away.
    file: Mapped[str | None] = mapped_column(String(32))
    #: Its rows as plain text while they are being checked, and how many bytes of that are certain.
    clean_file: Mapped[str | None] = mapped_column(String(32))
    clean_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    encoding: Mapped[str] = mapped_column(String(40))
    delimiter: Mapped[str] = mapped_column(String(1))
    #: As `sources.columns`; guessed first, then as people say.
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    #: The first rows, their cells shortened.
    sample: Mapped[list[list[str]]] = mapped_column(JSONB, default=list)
    #: The IANA zone of moments that name none.
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    #: Records checked so far: the cursor; and how far into the file that is.
    rows_done: Mapped[int] = mapped_column(default=0)
    bytes_done: Mapped[int] = mapped_column(BigInteger, default=0)
    rows_refused: Mapped[int] = mapped_column(default=0)
    #: Starts of the job since rows were last checked.
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    finished_at: Mapped[datetime | None]

    source: Mapped[Source] = relationship(foreign_keys="SourceFile.source_id", lazy="raise")
    created_by: Mapped[Member] = relationship(foreign_keys="SourceFile.created_by_id", lazy="raise")


class SourceProblem(Tenanted, Model):
    """A row of a file that was left out, and why."""

    __tablename__ = "source_problems"
    __table_args__ = (
        *belongs_to("source_files", "source_file_id", ondelete="CASCADE", index=False),
        Index("ix_source_problems_report", "organization_id", "source_file_id", "line"),
    )

    source_file_id: Mapped[int]
    #: The line of the file, counted from 1, as a text editor shows it.
    line: Mapped[int]
    #: The column's name; empty when it is about the whole row.
    column: Mapped[str] = mapped_column(String(100), default="")
    value: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str]
