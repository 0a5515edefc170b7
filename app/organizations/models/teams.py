"""Groups of people. Departments are teams."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to


class TeamRole(StrEnum):
    #: Says who is in the team.
    MANAGER = "manager"
    MEMBER = "member"


class Team(Tenanted, Model):
    """A group of people: the help desk's Department, Databrewery's user group."""

    __tablename__ = "teams"
    __table_args__ = (
        *belongs_to("teams", "parent_id", ondelete="SET NULL"),
        Index(
            "uq_teams_name",
            "organization_id",
            text("lower(name)"),
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        CheckConstraint("hue BETWEEN 1 AND 8", name="hue"),
        CheckConstraint("parent_id <> id", name="parent"),
    )
    __history__ = ("name", "description", "emoji", "hue", "parent_id", "deleted_at")

    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(2000), default="")
    emoji: Mapped[str | None] = mapped_column(String(16))
    hue: Mapped[int] = mapped_column(default=6)
    #: The team that this one is a part of.
    parent_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleted_at: Mapped[datetime | None]


class TeamMember(Tenanted, Model):
    """Somebody is in a team."""

    __tablename__ = "team_members"
    __table_args__ = (
        UniqueConstraint("organization_id", "team_id", "member_id"),
        *belongs_to("teams", "team_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
    )

    team_id: Mapped[int]
    member_id: Mapped[int]
    role: Mapped[TeamRole] = mapped_column(default=TeamRole.MEMBER, server_default=TeamRole.MEMBER.value)
    created_at: Mapped[datetime] = mapped_column(default=now)
