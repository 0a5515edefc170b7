"""What happened to accounts, for whoever looks after them: the ledger of rows that belong to no organization."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask_login import current_user
from sqlalchemy import insert

from app.accounts.models import SecurityEvent
from app.kernel.clock import now
from app.kernel.database import db
from app.web.urls import shown_path


def remember_event(kind: str, *, user_id: int | None = None, **details: Any) -> None:
    """Write a security event in a short transaction of its own: a refusal's request is rolled back, this is not."""
    with db.engine.begin() as connection:
        connection.execute(insert(SecurityEvent).values(_event(kind, user_id, details)))


def note_event(kind: str, *, user_id: int, **details: Any) -> None:
    """Write a security event with what it tells of: both are committed, or neither."""
    db.session.execute(insert(SecurityEvent).values(_event(kind, user_id, details)))


def _event(kind: str, user_id: int | None, details: dict[str, Any]) -> dict[str, Any]:
    organization = g.get("organization")
    return {
        "kind": kind,
        "at": now(),
        "ip": request.remote_addr,
        "agent": (request.user_agent.string or "")[:400],
        "user_id": user_id or (current_user.id if current_user.is_authenticated else None),
        "organization_id": organization.id if organization else None,
        "details": {"path": shown_path(), **details},
    }
