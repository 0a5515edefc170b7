"""Links that let people join."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to


class Invitation(Tenanted, Model):
    """A link that lets people join. Its token is a door; here stands what joining by it means."""

    __tablename__ = "invitations"
    __table_args__ = (
        *belongs_to("members", "invited_by_id"),
        CheckConstraint("uses <= max_uses", name="uses"),
    )
    __history__ = ("role", "email", "max_uses", "expires_at", "revoked_at")

    #: Only this address may use it; None: whoever holds the link.
    email: Mapped[str | None] = mapped_column(String(254))
    role: Mapped[Role]
    invited_by_id: Mapped[int]
    uses: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    max_uses: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
