"""The sign-in that an organization brings along: OpenID Connect providers of its own, and mail domains it proved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.crypto import encrypted
from app.kernel.database import Model, Tenanted, belongs_to


class SsoConnection(Tenanted, Model):
    """One provider of an organization. What it says counts inside of this organization only."""

    __tablename__ = "sso_connections"
    __table_args__ = (*belongs_to("members", "created_by_id"),)
    __history__ = ("name", "issuer", "client_id", "enabled", "makes_members")

    name: Mapped[str] = mapped_column(String(80))
    issuer: Mapped[str] = mapped_column(String(300))
    client_id: Mapped[str] = mapped_column(String(300))
    #: Encrypted (`kernel.crypto`); never shown again.
    secret: Mapped[str]
    enabled: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    #: Who signs in by it for the first time, with an address of a proved domain, becomes a member.
    makes_members: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_by_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    #: When somebody last came in by it.
    last_used_at: Mapped[datetime | None]

    @property
    def key(self) -> str:
        """What the rooms below call it."""
        return f"sso-{self.id}"


class SsoDomain(Tenanted, Model):
    """A mail domain of a connection. Only once it is proved by a record in the DNS does it count, and leads here."""

    __tablename__ = "sso_domains"
    __table_args__ = (
        *belongs_to("sso_connections", "connection_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "domain"),
    )
    __history__ = ("domain", "proved_at")

    connection_id: Mapped[int]
    domain: Mapped[str] = mapped_column(String(253))
    #: What the record has to say.
    code: Mapped[str] = mapped_column(String(64))
    proved_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


encrypted(SsoConnection.secret, "secrets of single sign-on")
