"""Tasks: the texts to be labelled, who holds which at the moment, and how far each person has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.annotation.models.labellings import Labelling
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member

_OPEN = text("NOT is_labeled AND deleted_at IS NULL")


class Task(Tenanted, Model):
    """One thing to be labelled, by as many people as its overlap says. Spec: databrewery.task."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("organization_id", "labelling_id", "number"),
        *belongs_to("labellings", "labelling_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "created_by_id"),
        CheckConstraint("overlap BETWEEN 1 AND 20", name="overlap"),
        CheckConstraint("total_annotations >= 0 AND cancelled_annotations >= 0", name="counters"),
        # What the stream walks along: only what still wants an annotation.
        Index("ix_tasks_open", "organization_id", "labelling_id", "number", postgresql_where=_OPEN),
        Index("ix_tasks_shuffled", "organization_id", "labelling_id", "shuffle", postgresql_where=_OPEN),
        Index("ix_tasks_import", "organization_id", "import_id"),
        Index("ix_tasks_digest", "organization_id", "digest"),
    )
    __history__ = ("overlap", "is_labeled", "deleted_at")

    labelling_id: Mapped[int]
    #: Within the labelling; never given twice.
    number: Mapped[int]
    #: What is shown: {column of the import: value}.
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: What the import said beside the data, kept for exports.
    meta: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: How many people label it.
    overlap: Mapped[int] = mapped_column(default=1)
    #: A fixed random place, for labellings that hand tasks out at random.
    shuffle: Mapped[int]
    #: Annotations that stand, skips not counted.
    total_annotations: Mapped[int] = mapped_column(default=0)
    cancelled_annotations: Mapped[int] = mapped_column(default=0)
    #: Nobody is wanted for it any more.
    is_labeled: Mapped[bool] = mapped_column(default=False)
    #: Of the labelling and the data, so that an import finds what it would bring twice.
    digest: Mapped[str] = mapped_column(String(32), default="")
    import_id: Mapped[int | None]
    created_by_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]

    labelling: Mapped[Labelling] = relationship(foreign_keys="Task.labelling_id", lazy="raise")

    @property
    def summary(self) -> str:
        """Its first text, cut to a line."""
        words = next((value for value in self.data.values() if isinstance(value, str) and value.strip()), "")
        line = " ".join(words[:200].split())
        return line[:119] + "…" if len(line) > 120 else line


class TaskLock(Tenanted, Model):
    """A member holds a task of the stream until it expires. The row stays after that, so that what is handed in late
    is known to have been handed out. Spec: databrewery.tasks_tasklock.
    """

    __tablename__ = "task_locks"
    __table_args__ = (
        UniqueConstraint("organization_id", "task_id", "member_id"),
        *belongs_to("tasks", "task_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
        Index("ix_task_locks_expiry", "organization_id", "expires_at"),
    )

    task_id: Mapped[int]
    member_id: Mapped[int]
    #: Names this hand-out: an annotation that bears it is handed in once, however often it is sent.
    token: Mapped[str] = mapped_column(String(64))
    #: When the member was first shown the task.
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]


class StreamPlace(Tenanted, Model):
    """How far a member has come in a labelling: the next task is looked for behind it, then from the beginning.

    Spec: databrewery.projects_labelstreamhistory.
    """

    __tablename__ = "stream_places"
    __table_args__ = (
        UniqueConstraint("organization_id", "labelling_id", "member_id"),
        *belongs_to("labellings", "labelling_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
    )

    labelling_id: Mapped[int]
    member_id: Mapped[int]
    #: Number, or shuffle, of the task that was handed out last.
    position: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    member: Mapped[Member] = relationship(foreign_keys="StreamPlace.member_id", lazy="raise")
