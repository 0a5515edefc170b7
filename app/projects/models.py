"""Projects and what work in them is sorted by."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member


class Project(Tenanted, Model):
    """A body of planned work with its own states, labels and members. Spec: kardon.Project."""

    __tablename__ = "projects"
    __table_args__ = (
        UniqueConstraint("organization_id", "identifier"),
        CheckConstraint("identifier ~ '^[A-Z][A-Z0-9]{0,9}$'", name="identifier_form"),
        *belongs_to("members", "lead_id"),
        *belongs_to("members", "default_assignee_id", ondelete="SET NULL"),
    )
    __history__ = ("name", "identifier", "description", "emoji", "lead_id", "default_assignee_id", "deleted_at")

    name: Mapped[str] = mapped_column(String(80))
    #: The first part of its issues' keys: WEB in WEB-12.
    identifier: Mapped[str] = mapped_column(String(10))
    description: Mapped[str] = mapped_column(String(2000), default="")
    emoji: Mapped[str | None] = mapped_column(String(16))
    lead_id: Mapped[int | None]
    default_assignee_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]

    lead: Mapped[Member | None] = relationship(foreign_keys="Project.lead_id", lazy="raise")


class ProjectMember(Tenanted, Model):
    """A member works in a project. Without this row a project does not exist for them, admins apart."""

    __tablename__ = "project_members"
    __table_args__ = (
        UniqueConstraint("organization_id", "project_id", "member_id"),
        *belongs_to("projects", "project_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
    )

    project_id: Mapped[int]
    member_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)

    member: Mapped[Member] = relationship(foreign_keys="ProjectMember.member_id", lazy="raise")


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
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Label(Tenanted, Model):
    """A word that issues of a project can bear. Spec: kardon.Label."""

    __tablename__ = "labels"
    __table_args__ = (
        UniqueConstraint("organization_id", "project_id", "name"),
        *belongs_to("projects", "project_id", ondelete="CASCADE", index=False),
        CheckConstraint("hue BETWEEN 1 AND 8", name="hue"),
    )
    __history__ = ("name", "hue", "description")

    project_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    #: One of the eight hues of the look.
    hue: Mapped[int] = mapped_column(default=6)
    description: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
