"""Doors: how a request finds its organization before any member is known. The one untenanted look-up table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.crypto import new_token, token_hash
from app.kernel.database import Model, db


class Door(Model):
    """One way in: a public name, or the hash of a token, that leads to an organization and a subject in it."""

    __tablename__ = "doors"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    subject_id: Mapped[int | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


def open_door(
    kind: str,
    *,
    organization_id: int,
    name: str | None = None,
    token: str | None = None,
    subject_id: int | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Make a door under a public `name`, or under a token (a new one unless given). Returns the name or the token."""
    shown = name or token or new_token()
    key = shown if name else token_hash(shown)
    db.session.add(
        Door(kind=kind, key=key, organization_id=organization_id, subject_id=subject_id, expires_at=expires_at)
    )
    return shown


def find_door(kind: str, *, name: str | None = None, token: str | None = None) -> Door | None:
    """The door that is still open under a name or token, or None. One statement, no tenant needed."""
    key: Any = name if name is not None else token_hash(token or "")
    return db.session.scalar(
        select(Door).where(
            Door.kind == kind,
            Door.key == key,
            Door.revoked_at.is_(None),
            or_(Door.expires_at.is_(None), Door.expires_at > now()),
        )
    )


def close_door(door: Door) -> bool:
    """Shut one door; whether it was still open. Of two who go through at once, one does."""
    closing = update(Door).where(Door.id == door.id, Door.revoked_at.is_(None)).values(revoked_at=now())
    shut = db.session.execute(closing.returning(Door.id), execution_options={"synchronize_session": False})
    return shut.first() is not None


def close_doors(kind: str, *, organization_id: int, subject_id: int) -> None:
    """Revoke every door of this kind to a subject, at once."""
    db.session.execute(
        update(Door)
        .where(Door.kind == kind, Door.organization_id == organization_id, Door.subject_id == subject_id)
        .values(revoked_at=now())
    )
