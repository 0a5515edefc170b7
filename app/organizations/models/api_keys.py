"""Keys by which programs act for a member."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to


class ApiKey(Tenanted, Model):
    """Lets a program do what its member may do, and of that only what its scopes name.

    The key itself is a door (`kernel.doors`), kept as a hash. Spec: kardon.APIToken, datapulse.api_keys.
    """

    __tablename__ = "api_keys"
    __table_args__ = (*belongs_to("members", "member_id"),)
    __history__ = ("name", "scopes", "expires_at", "revoked_at")

    member_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    #: Its first letters, to tell it from others.
    prefix: Mapped[str] = mapped_column(String(16))
    #: Permissions; or `read` alone: whatever the member may see.
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime | None]
    last_ip: Mapped[str | None] = mapped_column(String(45))

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now())
