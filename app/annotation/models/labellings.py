"""Labelling projects and the versions of their label configuration."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.documents.models import Document
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member
from app.projects.models import Project


class Sampling(StrEnum):
    """In which order tasks are handed out."""

    SEQUENTIAL = "sequential"
    UNIFORM = "uniform"  # at random


class SkipQueue(StrEnum):
    """What becomes of a task that somebody skips."""

    FOR_ME = "for_me"  # it comes back to whoever skipped it, at the end
    FOR_OTHERS = "for_others"  # somebody else gets it
    IGNORE = "ignore"  # the skip counts as an answer


class Labelling(Tenanted, Model):
    """A labelling project: it stands beside a board and shares its name, key and people. Spec: databrewery.project."""

    __tablename__ = "labellings"
    __table_args__ = (
        UniqueConstraint("organization_id", "project_id"),
        *belongs_to("projects", "project_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "created_by_id"),
        *belongs_to("documents", "document_id", ondelete="SET NULL"),
        CheckConstraint("overlap BETWEEN 1 AND 20", name="overlap"),
        CheckConstraint("lock_minutes BETWEEN 1 AND 1440", name="lock_minutes"),
    )
    __history__ = (
        "config_version",
        "instruction_version",
        "show_instruction",
        "overlap",
        "sampling",
        "skip_queue",
        "show_skip",
        "lock_minutes",
        "allow_empty",
        "deleted_at",
    )

    project_id: Mapped[int]
    created_by_id: Mapped[int]
    #: Label Studio's XML as it is now; every version stands in `labelling_configs`.
    config: Mapped[str] = mapped_column(default="")
    config_version: Mapped[int] = mapped_column(default=1)
    #: What annotators read before they begin.
    document_id: Mapped[int | None]
    #: The number of the instruction's version, for the history.
    instruction_version: Mapped[int] = mapped_column(default=0)
    #: Show the instructions by themselves when somebody starts to label.
    show_instruction: Mapped[bool] = mapped_column(default=False)
    #: How many people label each task, unless the task says otherwise.
    overlap: Mapped[int] = mapped_column(default=1)
    sampling: Mapped[Sampling] = mapped_column(default=Sampling.SEQUENTIAL)
    skip_queue: Mapped[SkipQueue] = mapped_column(default=SkipQueue.FOR_OTHERS)
    show_skip: Mapped[bool] = mapped_column(default=True)
    #: Minutes a task is held for whoever was handed it, since they last did something to it.
    lock_minutes: Mapped[int] = mapped_column(default=30)
    #: Whether an annotation may say nothing at all.
    allow_empty: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship(foreign_keys="Labelling.project_id", lazy="raise")
    instruction: Mapped[Document | None] = relationship(foreign_keys="Labelling.document_id", lazy="raise")
    created_by: Mapped[Member] = relationship(foreign_keys="Labelling.created_by_id", lazy="raise")


class LabellingConfig(Tenanted, Model):
    """One saved state of a label configuration."""

    __tablename__ = "labelling_configs"
    __table_args__ = (
        UniqueConstraint("organization_id", "labelling_id", "number"),
        *belongs_to("labellings", "labelling_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "author_id"),
    )

    labelling_id: Mapped[int]
    number: Mapped[int]
    xml: Mapped[str]
    author_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    author: Mapped[Member | None] = relationship(foreign_keys="LabellingConfig.author_id", lazy="raise")
