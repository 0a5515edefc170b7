"""Bodies of planned work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
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
