"""Imports: a file, a mapping, and what became of every row."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member
from app.projects.models import Project


class Status(StrEnum):
    MAPPING = "mapping"  # uploaded; the person says which column is what
    CHECKING = "checking"  # dry run
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # `error` says why
    CANCELLED = "cancelled"  # by a person, in the middle


class Import(Tenanted, Model):
    """One file brought into a project. Spec: kardon.Importer."""

    __tablename__ = "imports"
    __table_args__ = (
        UniqueConstraint("organization_id", "project_id", "number"),
        *belongs_to("projects", "project_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "created_by_id"),
    )
    __history__ = ("status",)

    project_id: Mapped[int]
    #: Counted within the project; part of its address.
    number: Mapped[int]
    #: Whoever imports: the issues are theirs, and their permission counts.
    created_by_id: Mapped[int]
    status: Mapped[Status] = mapped_column(default=Status.MAPPING)
    filename: Mapped[str] = mapped_column(String(255))
    #: The stored file's random name; None once it was thrown away.
    file: Mapped[str | None] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    #: SHA-256 of the file, to notice that the same one comes a second time.
    digest: Mapped[str] = mapped_column(String(64))
    encoding: Mapped[str] = mapped_column(String(40))
    delimiter: Mapped[str] = mapped_column(String(1))
    header: Mapped[list[str]] = mapped_column(default=list)
    #: First rows and the values of narrow columns, as `survey.Survey.as_json` writes them.
    survey: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: What the columns mean, as `mapping.Mapping.as_json` writes it; empty until somebody has said.
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rows_total: Mapped[int] = mapped_column(default=0)
    #: Rows checked or imported so far: the cursor, written in the transaction of the rows themselves.
    rows_done: Mapped[int] = mapped_column(default=0)
    #: Those among them that are not imported.
    rows_failed: Mapped[int] = mapped_column(default=0)
    #: Starts of the job since a batch last succeeded.
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    finished_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship(foreign_keys="Import.project_id", lazy="raise")
    created_by: Mapped[Member] = relationship(foreign_keys="Import.created_by_id", lazy="raise")

    @property
    def is_working(self) -> bool:
        return self.status in (Status.CHECKING, Status.RUNNING)

    @property
    def rows_created(self) -> int:
        return self.rows_done - self.rows_failed

    @property
    def can_go_on(self) -> bool:
        """Stopped in the middle of importing, and the file is still there."""
        stopped = self.status in (Status.FAILED, Status.CANCELLED)
        return stopped and self.file is not None and self.rows_done < self.rows_total


class ImportRow(Tenanted, Model):
    """What is wrong with one row of a file, or which issue it became."""

    __tablename__ = "import_rows"
    __table_args__ = (
        *belongs_to("imports", "import_id", ondelete="CASCADE", index=False),
        *belongs_to("issues", "issue_id", ondelete="SET NULL"),
        Index("ix_import_rows_report", "organization_id", "import_id", "line"),
        Index(
            "ix_import_rows_problems",
            "organization_id",
            "import_id",
            "line",
            postgresql_where=text("problem IS NOT NULL"),
        ),
    )

    import_id: Mapped[int]
    #: The line of the file, counted from 1, as a text editor shows it.
    line: Mapped[int]
    issue_id: Mapped[int | None]
    #: Sentences; None for a row that is fine.
    problem: Mapped[str | None]
    #: The row is not imported; else the problem is a remark on one that is.
    refused: Mapped[bool] = mapped_column(default=False)
