"""Words that projects of the whole organization can bear, and teams that work in all that bear one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Standing


class ProjectTag(Tenanted, Model):
    """A word for projects, the same in the whole organization."""

    __tablename__ = "project_tags"
    __table_args__ = (
        Index("uq_project_tags_name", "organization_id", text("lower(name)"), unique=True),
        CheckConstraint("hue BETWEEN 1 AND 8", name="hue"),
    )
    __history__ = ("name", "hue", "description")

    name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(String(400), default="")
    hue: Mapped[int] = mapped_column(default=6)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class TaggedProject(Tenanted, Model):
    """A project bears a tag."""

    __tablename__ = "tagged_projects"
    __table_args__ = (
        UniqueConstraint("organization_id", "project_id", "tag_id"),
        *belongs_to("projects", "project_id", ondelete="CASCADE", index=False),
        *belongs_to("project_tags", "tag_id", ondelete="CASCADE"),
    )

    project_id: Mapped[int]
    tag_id: Mapped[int]


class TagTeam(Tenanted, Model):
    """Everybody of a team works in each project that bears a tag."""

    __tablename__ = "tag_teams"
    __table_args__ = (
        UniqueConstraint("organization_id", "tag_id", "team_id"),
        *belongs_to("project_tags", "tag_id", ondelete="CASCADE", index=False),
        *belongs_to("teams", "team_id", ondelete="CASCADE"),
    )

    tag_id: Mapped[int]
    team_id: Mapped[int]
    role: Mapped[Standing] = mapped_column(default=Standing.MEMBER, server_default=Standing.MEMBER.value)
    created_at: Mapped[datetime] = mapped_column(default=now)
