"""Roles of an organization's own, and single permissions given for a time."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to

#: The end of what is given for good.
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
#: Characters of a permission's name.
_LONGEST = 60


class CustomRole(Tenanted, Model):
    """A named set of permissions. `base` is the built-in role that counts wherever a role is looked at by its name."""

    __tablename__ = "roles"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("base NOT IN ('owner', 'customer')", name="base"),
    )
    __history__ = ("name", "description", "base")

    name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(String(300), default="")
    base: Mapped[Role]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class RolePermission(Tenanted, Model):
    """One permission of a role."""

    __tablename__ = "role_permissions"
    __table_args__ = (
        *belongs_to("roles", "role_id", ondelete="CASCADE", index=False),
        UniqueConstraint("organization_id", "role_id", "permission"),
    )

    role_id: Mapped[int]
    permission: Mapped[str] = mapped_column(String(_LONGEST))


class PermissionGrant(Tenanted, Model):
    """One permission that one member holds until a time, beside what their role allows."""

    __tablename__ = "permission_grants"
    __table_args__ = (
        *belongs_to("members", "member_id", index=False),
        *belongs_to("members", "granted_by_id"),
        Index("ix_permission_grants_member", "organization_id", "member_id", "expires_at"),
        CheckConstraint("expires_at > created_at", name="lasts"),
    )
    member_id: Mapped[int]
    permission: Mapped[str] = mapped_column(String(_LONGEST))
    reason: Mapped[str] = mapped_column(String(300))
    granted_by_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    #: Taken back before its time, or noted when that had come. What counts is `expires_at` and this, at each request.
    ended_at: Mapped[datetime | None]
