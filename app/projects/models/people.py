"""Who works in a project: members by name, teams, and those who will join by an invitation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member, Standing


class ProjectMember(Tenanted, Model):
    """A member works in a project. One of the ways in: teams, tags and workspaces are the others."""

    __tablename__ = "project_members"
    __table_args__ = (
        UniqueConstraint("organization_id", "project_id", "member_id"),
        *belongs_to("projects", "project_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id", ondelete="CASCADE"),
    )

    project_id: Mapped[int]
    member_id: Mapped[int]
    role: Mapped[Standing] = mapped_column(default=Standing.MEMBER, server_default=Standing.MEMBER.value)
    created_at: Mapped[datetime] = mapped_column(default=now)

    member: Mapped[Member] = relationship(foreign_keys="ProjectMember.member_id", lazy="raise")


class ProjectTeam(Tenanted, Model):
    """Everybody of a team works in a project."""

    __tablename__ = "project_teams"
    __table_args__ = (
        UniqueConstraint("organization_id", "project_id", "team_id"),
        *belongs_to("projects", "project_id", ondelete="CASCADE", index=False),
        *belongs_to("teams", "team_id", ondelete="CASCADE"),
    )

    project_id: Mapped[int]
    team_id: Mapped[int]
    role: Mapped[Standing] = mapped_column(default=Standing.MEMBER, server_default=Standing.MEMBER.value)
    created_at: Mapped[datetime] = mapped_column(default=now)


class InvitationProject(Tenanted, Model):
    """Who joins by this invitation works in this project."""

    __tablename__ = "invitation_projects"
    __table_args__ = (
        UniqueConstraint("organization_id", "invitation_id", "project_id"),
        *belongs_to("invitations", "invitation_id", ondelete="CASCADE", index=False),
        *belongs_to("projects", "project_id", ondelete="CASCADE"),
    )

    invitation_id: Mapped[int]
    project_id: Mapped[int]
    role: Mapped[Standing] = mapped_column(default=Standing.MEMBER, server_default=Standing.MEMBER.value)
