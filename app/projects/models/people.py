"""Who works in a project."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member


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
