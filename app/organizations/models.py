"""Tenants and the people in them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.access import COLLEAGUES, Role, granted_to
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to


class Organization(Model):
    """A tenant: Kardon's Workspace, the help desk's and Databrewery's Organization, AI Workflow's plan-holding Team."""

    __tablename__ = "organizations"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$'", name="slug_form"),
    )
    __history__ = ("name", "slug", "timezone")

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    slug: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def hue(self) -> int:
        """The colour of its square, 1 to 8."""
        return self.id % 8 + 1


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


def initials(name: str) -> str:
    """Two letters for a face: first and last word's, in any script."""
    words = [word for word in name.split() if word[0].isalnum()] or [name or "?"]
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else words[0][1:2])).upper()
