"""What issues of a project are sorted by: states, labels."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to


class StateGroup(StrEnum):
    """What a state means, whatever a project calls it."""

    BACKLOG = "backlog"
    UNSTARTED = "unstarted"
    STARTED = "started"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class State(Tenanted, Model):
    """A column of the board. Spec: kardon.State."""

    __tablename__ = "states"
    __table_args__ = (
        UniqueConstraint("organization_id", "project_id", "name"),
        *belongs_to("projects", "project_id", ondelete="CASCADE", index=False),
        Index("ix_states_order", "organization_id", "project_id", "rank"),
        Index("uq_states_default", "organization_id", "project_id", unique=True, postgresql_where=text("is_default")),
    )
    __history__ = ("name", "group", "rank", "is_default")

    project_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    group: Mapped[StateGroup]
    rank: Mapped[str] = mapped_column(String(200, collation="C"))
    #: Where new issues go; one a project.
    is_default: Mapped[bool] = mapped_column(default=False)
    #: Not everybody may enter it from everywhere, or not without something: ask `state_moves` and `state_needs`.
    is_guarded: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Label(Tenanted, Model):
    """A word that issues of a project, or of every project, can bear. Labels stand in a tree. Spec: kardon.Label."""

    __tablename__ = "labels"
    __table_args__ = (
        UniqueConstraint("organization_id", "project_id", "name"),
        *belongs_to("projects", "project_id", ondelete="CASCADE", index=False),
        *belongs_to("labels", "parent_id", ondelete="SET NULL"),
        Index("uq_labels_shared", "organization_id", "name", unique=True, postgresql_where=text("project_id IS NULL")),
        CheckConstraint("hue BETWEEN 1 AND 8", name="hue"),
    )
    __history__ = ("name", "hue", "description", "parent_id", "rank")

    #: None: every project of the organization has it.
    project_id: Mapped[int | None]
    #: The one that it stands under, of the same project.
    parent_id: Mapped[int | None]
    #: Among those under the same parent; by name where ranks are alike.
    rank: Mapped[str] = mapped_column(String(200, collation="C"), default="")
    name: Mapped[str] = mapped_column(String(60))
    #: One of the eight hues of the look.
    hue: Mapped[int] = mapped_column(default=6)
    description: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
