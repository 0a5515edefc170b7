"""What projects are made of and stand in: templates and groups."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to


class ProjectGroup(Tenanted, Model):
    """A heading under which projects stand together in lists. It opens none. Spec: databrewery's projectgroup."""

    __tablename__ = "project_groups"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        *belongs_to("members", "created_by_id", ondelete="SET NULL"),
    )

    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(400), default="")
    rank: Mapped[str] = mapped_column(String(200, collation="C"), default="")
    created_by_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class ProjectTemplate(Tenanted, Model):
    """How a project was shaped, kept to make others like it. Spec: ai-workflow.templates."""

    __tablename__ = "project_templates"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        *belongs_to("members", "created_by_id", ondelete="SET NULL"),
    )

    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(400), default="")
    #: `projects.shapes.Shape` is its schema.
    shape: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Projects made from it.
    uses: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
