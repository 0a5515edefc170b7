"""The second step of signing in: what a phone shows, and what is kept for the day the phone is gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.crypto import encrypted
from app.kernel.database import Model


class Authenticator(Model):
    """A person's second factor: the secret that their authenticator app counts from. One a person, once confirmed."""

    __tablename__ = "authenticators"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    #: Encrypted (`kernel.crypto`); shown once, when it is set up.
    secret: Mapped[str]
    #: The step of time (30 seconds each) whose code was taken last. Codes of that step and of earlier ones are worth
    #: nothing any more.
    last_step: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=now)


class RecoveryCode(Model):
    """Opens the second step once, without the phone. Kept as a hash."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


encrypted(Authenticator.secret, "authenticators")
