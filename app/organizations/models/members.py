"""The people in a tenant."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.access import COLLEAGUES, Role, granted_to
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted
from app.organizations.models.faces import initials


class Kind(StrEnum):
    PERSON = "person"
    CUSTOMER = "customer"
    BOT = "bot"


class Member(Tenanted, Model):
    """An actor in one organization. Every author, assignee and actor is a member, whether or not it ever signs in."""

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id"),
        Index("ix_members_user_id", "user_id"),
        Index("ix_members_name", "organization_id", "name"),
        Index("ix_members_email", "organization_id", "email"),
    )
    __history__ = ("name", "role", "left_at")

    kind: Mapped[Kind] = mapped_column(default=Kind.PERSON)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(120))
    #: Where mail reaches them; for people it follows their sign-in.
    email: Mapped[str | None] = mapped_column(String(254))
    role: Mapped[Role]
    hue: Mapped[int] = mapped_column(default=6)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    last_seen_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    def may(self, permission: str) -> bool:
        """Whether the role holds a permission. Rules that look at an object are asked through `access.may`."""
        return str(permission) in granted_to(self.role)

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def is_colleague(self) -> bool:
        return self.role in COLLEAGUES and self.kind is not Kind.CUSTOMER
