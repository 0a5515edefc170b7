"""People and how they sign in. These tables belong to no tenant: one person may work in many organizations."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.clock import now
from app.kernel.database import Model
from app.kernel.words import lazy


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class User(Model):
    """A person's sign-in. What colleagues see of a person stands on `members`. Spec: the five systems' User."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("week_starts_on BETWEEN 0 AND 6", name="week_starts_on"),
        Index("ix_users_erase_at", "erase_at", postgresql_where=text("erase_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    #: Argon2id; None for people who only come in by link or provider.
    password_hash: Mapped[str | None]
    name: Mapped[str] = mapped_column(String(120))
    email_verified_at: Mapped[datetime | None]
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    theme: Mapped[Theme] = mapped_column(default=Theme.SYSTEM)
    #: Single-key shortcuts; can be switched off (WCAG 2.1.4).
    keys: Mapped[bool] = mapped_column(default=True)
    #: A code of `kernel.words`; None reads what the browser asks for.
    language: Mapped[str | None] = mapped_column(String(16))
    #: 0 is Monday.
    week_starts_on: Mapped[int] = mapped_column(default=0)
    job_title: Mapped[str | None] = mapped_column(String(80))
    #: The stored file of the picture that was drawn anew from what was sent.
    avatar: Mapped[str | None] = mapped_column(String(32))
    #: E.164, set once a code that was texted there came back.
    mobile_number: Mapped[str | None] = mapped_column(String(16))
    mobile_verified_at: Mapped[datetime | None]
    #: Days in a row on which somebody was here, in their own zone: the last one, the first of them, the most ever.
    last_active_on: Mapped[date | None]
    streak_began_on: Mapped[date | None]
    longest_streak: Mapped[int] = mapped_column(default=0)
    is_operator: Mapped[bool] = mapped_column(default=False)
    last_login_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    #: When the account is erased, unless it is restored before.
    erase_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Method(StrEnum):
    """How a browser came in; the second step, where there was one, comes on top."""

    PASSWORD = "password"  # noqa: S105 - the name of a way
    LINK = "link"
    PROVIDER = "provider"
    SSO = "sso"

    @property
    def said(self) -> str:
        """How people read it."""
        return str(_SAID[self])


_SAID = {
    Method.PASSWORD: lazy("by password"),
    Method.LINK: lazy("by a link in a mail"),
    Method.PROVIDER: lazy("by a provider"),
    Method.SSO: lazy("by the organization’s sign-in"),
}


class UserSession(Model):
    """One browser that is signed in. The cookie holds the token; we keep its hash."""

    __tablename__ = "user_sessions"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    ip: Mapped[str | None]
    agent: Mapped[str | None] = mapped_column(String(400))
    method: Mapped[Method] = mapped_column(default=Method.PASSWORD)
    #: When this browser showed a second factor; None when none was asked for.
    second_factor_at: Mapped[datetime | None]
    #: When whoever sits there last proved who they are. Sensitive pages want that to be recent (`recently_proved`).
    reauthenticated_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    #: Of a browser that came in by an organization's own provider: it opens that organization and nothing else.
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    #: The organization's connection that it came in by.
    connection_id: Mapped[int | None]
    user: Mapped[User] = relationship(lazy="raise")


class TokenKind(StrEnum):
    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a kind
    RESTORE = "restore"
    #: Signs in whoever reads the address.
    SIGN_IN = "sign_in"
    #: Held by a browser that has done the first step of signing in and not the second. In no mail.
    SECOND_STEP = "second_step"
    #: Proves once more who sits at a browser that is signed in.
    PROOF = "proof"


class AccountToken(Model):
    """A link in a mail that proves someone reads an address; or half of a sign-in. Used once."""

    __tablename__ = "account_tokens"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[TokenKind]
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SecurityEvent(Model):
    """A refusal, a failed sign-in, a changed password. Written in a transaction of its own, so a rollback keeps it."""

    __tablename__ = "security_events"
    __table_args__ = (
        Index("ix_security_events_at", "at"),
        Index("ix_security_events_organization", "organization_id", text("at DESC"), text("id DESC")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    kind: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    ip: Mapped[str | None]
    agent: Mapped[str | None] = mapped_column(String(400))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
