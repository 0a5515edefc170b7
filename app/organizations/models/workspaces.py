"""Groups of projects."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models.standing import Standing


class Access(StrEnum):
    """Whom a workspace is open to."""

    PUBLIC = "public"
    PRIVATE = "private"
    PERSONAL = "personal"


class Workspace(Tenanted, Model):
    """A shelf of projects: Databrewery's workspace."""

    __tablename__ = "workspaces"
    __table_args__ = (
        *belongs_to("members", "owner_id", ondelete="CASCADE"),
        Index(
            "uq_workspaces_name",
            "organization_id",
            text("lower(name)"),
            unique=True,
            postgresql_where=text("deleted_at IS NULL AND access <> 'personal'"),
        ),
        Index(
            "uq_workspaces_personal",
            "organization_id",
            "owner_id",
            unique=True,
            postgresql_where=text("deleted_at IS NULL AND access = 'personal'"),
        ),
        CheckConstraint("hue BETWEEN 1 AND 8", name="hue"),
        CheckConstraint("(access = 'personal') = (owner_id IS NOT NULL)", name="owner"),
    )
    __history__ = ("name", "description", "emoji", "hue", "access", "inherits", "archived_at", "deleted_at")

    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(2000), default="")
    emoji: Mapped[str | None] = mapped_column(String(16))
    hue: Mapped[int] = mapped_column(default=6)
    access: Mapped[Access] = mapped_column(default=Access.PRIVATE)
    #: Whether whoever is in the workspace is in its projects, too.
    inherits: Mapped[bool] = mapped_column(default=True)
    #: Whose it is, when it is personal.
    owner_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    #: Kept out of the way; what it opens stays open.
    archived_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    @property
    def is_personal(self) -> bool:
        return self.access is Access.PERSONAL


class WorkspaceMember(Tenanted, Model):
    """Somebody is in a workspace."""

    __tablename__ = "workspace_members"
    __table_args__ = (
        UniqueConstraint("organization_id", "workspace_id", "member_id"),
        *belongs_to("workspaces", "workspace_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
    )

    workspace_id: Mapped[int]
    member_id: Mapped[int]
    role: Mapped[Standing] = mapped_column(default=Standing.MEMBER, server_default=Standing.MEMBER.value)
    created_at: Mapped[datetime] = mapped_column(default=now)
