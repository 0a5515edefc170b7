"""Links that let people join, and what one joins by them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models.standing import Standing
from app.organizations.models.teams import TeamRole


class Invitation(Tenanted, Model):
    """A link that lets people join. Its token is a door; here stands what joining by it means."""

    __tablename__ = "invitations"
    __table_args__ = (
        *belongs_to("members", "invited_by_id"),
        *belongs_to("roles", "custom_role_id", ondelete="CASCADE"),
        CheckConstraint("uses <= max_uses", name="uses"),
    )
    __history__ = ("role", "email", "max_uses", "expires_at", "revoked_at")

    #: Only this address may use it; None: whoever holds the link.
    email: Mapped[str | None] = mapped_column(String(254))
    role: Mapped[Role]
    #: One of the organization's own roles; `role` is what it stands with.
    custom_role_id: Mapped[int | None]
    invited_by_id: Mapped[int]
    uses: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    max_uses: Mapped[int] = mapped_column(default=1)
    #: A line of the inviter's own, shown in the letter and before one joins.
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    @property
    def is_used_up(self) -> bool:
        return self.uses >= self.max_uses

    @property
    def is_over(self) -> bool:
        """Whether it lets nobody in any more."""
        return self.revoked_at is not None or self.is_used_up or self.expires_at <= now()


class InvitationTeam(Tenanted, Model):
    """Who joins by it is in this team."""

    __tablename__ = "invitation_teams"
    __table_args__ = (
        UniqueConstraint("organization_id", "invitation_id", "team_id"),
        *belongs_to("invitations", "invitation_id", ondelete="CASCADE", index=False),
        *belongs_to("teams", "team_id", ondelete="CASCADE"),
    )

    invitation_id: Mapped[int]
    team_id: Mapped[int]
    role: Mapped[TeamRole] = mapped_column(default=TeamRole.MEMBER)


class InvitationWorkspace(Tenanted, Model):
    """Who joins by it is in this workspace."""

    __tablename__ = "invitation_workspaces"
    __table_args__ = (
        UniqueConstraint("organization_id", "invitation_id", "workspace_id"),
        *belongs_to("invitations", "invitation_id", ondelete="CASCADE", index=False),
        *belongs_to("workspaces", "workspace_id", ondelete="CASCADE"),
    )

    invitation_id: Mapped[int]
    workspace_id: Mapped[int]
    role: Mapped[Standing] = mapped_column(default=Standing.MEMBER)


class InvitationGrant(Tenanted, Model):
    """Who joins by it holds this permission beside their role, for some days."""

    __tablename__ = "invitation_grants"
    __table_args__ = (
        UniqueConstraint("organization_id", "invitation_id", "permission"),
        *belongs_to("invitations", "invitation_id", ondelete="CASCADE", index=False),
        CheckConstraint("days > 0", name="days"),
    )

    invitation_id: Mapped[int]
    permission: Mapped[str] = mapped_column(String(80))
    days: Mapped[int]
