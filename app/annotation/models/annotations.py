"""Annotations: what somebody said about a task, finished or half-done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.annotation.models.tasks import Task
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member

#: A result: Label Studio's list of regions and answers. `config.check_result` is its schema.
Result = list[dict[str, Any]]


class Annotation(Tenanted, Model):
    """What one member said about a task, or that they skipped it. Spec: databrewery.task_completion."""

    __tablename__ = "annotations"
    __table_args__ = (
        UniqueConstraint("organization_id", "token"),
        *belongs_to("tasks", "task_id", ondelete="CASCADE"),
        *belongs_to("labellings", "labelling_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id", index=False),
        *belongs_to("members", "updated_by_id"),
        # Nobody labels a task twice; what an import brings is said by others.
        Index(
            "uq_annotations_once",
            "organization_id",
            "task_id",
            "member_id",
            unique=True,
            postgresql_where=text("deleted_at IS NULL AND import_id IS NULL"),
        ),
        # A member's own, in the order in which they made them.
        Index("ix_annotations_mine", "organization_id", "labelling_id", "member_id", "id"),
        Index("ix_annotations_member", "organization_id", "member_id"),
        CheckConstraint("lead_time_seconds >= 0", name="lead_time"),
    )

    labelling_id: Mapped[int]
    task_id: Mapped[int]
    #: Who said it; of what was imported, who imported it.
    member_id: Mapped[int]
    updated_by_id: Mapped[int | None]
    result: Mapped[Result] = mapped_column(JSONB, default=list)
    #: Skipped.
    was_cancelled: Mapped[bool] = mapped_column(default=False)
    #: Why it was skipped.
    reason: Mapped[str] = mapped_column(String(500), default="")
    #: Known to be right.
    ground_truth: Mapped[bool] = mapped_column(default=False)
    #: Came when others had filled the task already; it is kept all the same.
    extra: Mapped[bool] = mapped_column(default=False)
    #: Seconds that the member worked on it.
    lead_time_seconds: Mapped[float] = mapped_column(default=0.0)
    #: The lock's: what is sent twice is kept once.
    token: Mapped[str | None] = mapped_column(String(64))
    #: When its first draft was kept.
    draft_created_at: Mapped[datetime | None]
    #: Version of the labelling's configuration that it was made by.
    config_version: Mapped[int]
    #: Counts edits; a form that knew an older one is stale.
    version: Mapped[int] = mapped_column(default=1)
    import_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]

    task: Mapped[Task] = relationship(foreign_keys="Annotation.task_id", lazy="raise")
    member: Mapped[Member] = relationship(foreign_keys="Annotation.member_id", lazy="raise")


class AnnotationDraft(Tenanted, Model):
    """What a member has half-said about a task. Spec: databrewery.tasks_annotationdraft."""

    __tablename__ = "annotation_drafts"
    __table_args__ = (
        UniqueConstraint("organization_id", "task_id", "member_id"),
        *belongs_to("tasks", "task_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
        *belongs_to("annotations", "annotation_id", ondelete="CASCADE"),
    )

    task_id: Mapped[int]
    member_id: Mapped[int]
    #: The annotation that it changes; None for a new one.
    annotation_id: Mapped[int | None]
    result: Mapped[Result] = mapped_column(JSONB, default=list)
    lead_time_seconds: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
