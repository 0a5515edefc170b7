"""Browsers that take Web Push. They are a person's, as sessions are, and belong to no tenant."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.crypto import encrypted, encryption
from app.kernel.database import Model


class Platform(StrEnum):
    DESKTOP = "desktop"
    PHONE = "phone"
    TABLET = "tablet"


class Device(Model):
    """One browser that shows notifications while its session lasts. Spec: kardon.Device, kardon.DeviceSession."""

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("endpoint_hash"), CheckConstraint("failed_count >= 0", name="failed_count"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    #: In which it was registered; nothing is sent once that has ended.
    session_id: Mapped[int] = mapped_column(ForeignKey("user_sessions.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    platform: Mapped[Platform]
    #: SHA-256 of the address at the push service: one row a browser.
    endpoint_hash: Mapped[str] = mapped_column(String(64))
    #: Encrypted; read and written through `subscription`.
    secret: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: When a push service last took something for it, or it was registered again.
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    #: Pushes in a row that were not taken.
    failed_count: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(300))

    @property
    def subscription(self) -> dict[str, Any]:
        """`endpoint`, `p256dh` and `auth`. Raises InvalidToken when the instance's secret was changed."""
        return dict(json.loads(encryption().decrypt(self.secret.encode())))

    @subscription.setter
    def subscription(self, plain: dict[str, Any]) -> None:
        self.secret = encryption().encrypt(json.dumps(plain).encode()).decode()


class PushKey(Model):
    """The one key pair by which push services know this instance (VAPID). The only row is number one."""

    __tablename__ = "push_keys"
    __table_args__ = (CheckConstraint("id = 1", name="only"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: Uncompressed point, base64url, as browsers want it.
    public: Mapped[str] = mapped_column(String(120))
    #: PEM, encrypted.
    secret: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)


encrypted(Device.secret, "addresses of browsers that get pushes")
encrypted(PushKey.secret, "the key of push messages")


encrypted(Device.secret, "where devices are reached")
encrypted(PushKey.secret, "the key by which push services know this instance")
