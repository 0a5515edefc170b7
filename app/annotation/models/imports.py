"""Imports: a file of texts, and what became of its rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.annotation.models.labellings import Labelling
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member


class Work(StrEnum):
    """Where an import or an export stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # `error` says why
    CANCELLED = "cancelled"  # by a person, in the middle


class Format(StrEnum):
    """How a file is written."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    #: Only of exports: Label Studio's short form.
    JSON_MIN = "json_min"


class TaskImport(Tenanted, Model):
    """One file brought into a labelling project. Spec: databrewery.projects_projectimport, data_import_fileupload."""

    __tablename__ = "task_imports"
    __table_args__ = (
        UniqueConstraint("organization_id", "labelling_id", "number"),
        *belongs_to("labellings", "labelling_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "created_by_id"),
    )

    labelling_id: Mapped[int]
    #: Counted within the labelling; part of its address.
    number: Mapped[int]
    #: Whoever imports: their permission counts, and annotations of the file are theirs.
    created_by_id: Mapped[int]
    status: Mapped[Work] = mapped_column(default=Work.RUNNING)
    format: Mapped[Format]
    filename: Mapped[str] = mapped_column(String(255))
    #: The stored file's random name; None once it was thrown away.
    file: Mapped[str | None] = mapped_column(String(100))
    size_bytes: Mapped[int]
    encoding: Mapped[str] = mapped_column(String(40))
    #: Of CSV.
    delimiter: Mapped[str] = mapped_column(String(1), default=",")
    header: Mapped[list[str]] = mapped_column(default=list)
    #: Leave out rows whose data a task holds already.
    skip_duplicates: Mapped[bool] = mapped_column(default=True)
    #: Bring in the annotations that the file holds.
    with_annotations: Mapped[bool] = mapped_column(default=True)
    rows_total: Mapped[int] = mapped_column(default=0)
    #: Rows read so far: the cursor, written in the transaction of the tasks themselves.
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_failed: Mapped[int] = mapped_column(default=0)
    rows_duplicate: Mapped[int] = mapped_column(default=0)
    annotations_made: Mapped[int] = mapped_column(default=0)
    #: Starts of the job since a batch last succeeded.
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    finished_at: Mapped[datetime | None]

    labelling: Mapped[Labelling] = relationship(foreign_keys="TaskImport.labelling_id", lazy="raise")
    created_by: Mapped[Member] = relationship(foreign_keys="TaskImport.created_by_id", lazy="raise")

    @property
    def is_working(self) -> bool:
        return self.status is Work.RUNNING

    @property
    def tasks_made(self) -> int:
        return self.rows_done - self.rows_failed - self.rows_duplicate

    @property
    def can_go_on(self) -> bool:
        """Stopped in the middle, and the file is still there."""
        stopped = self.status in (Work.FAILED, Work.CANCELLED)
        return stopped and self.file is not None and self.rows_done < self.rows_total


class TaskImportRow(Tenanted, Model):
    """What there is to say about one row of a file."""

    __tablename__ = "task_import_rows"
    __table_args__ = (
        *belongs_to("task_imports", "import_id", ondelete="CASCADE", index=False),
        Index("ix_task_import_rows_report", "organization_id", "import_id", "line", "id"),
    )

    import_id: Mapped[int]
    #: The line of the file where the row begins, counted from 1.
    line: Mapped[int]
    problem: Mapped[str]
    #: No task came of it; else the problem is a remark on one that did.
    refused: Mapped[bool] = mapped_column(default=False)
