"""What this room itself gives an end to: the security events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.accounts.models import SecurityEvent
from app.kernel.database import Base, current_organization_id, db
from app.kernel.events import register_event
from app.kernel.words import lazy
from app.organizations.retention.commands import EVENTS
from app.organizations.retention.forgetting import take_rows
from app.organizations.retention.kinds import Kept, keeps


def _due(before: datetime) -> Select[int]:
    here = SecurityEvent.organization_id == current_organization_id()
    return select(SecurityEvent.id).where(here, SecurityEvent.at < before).order_by(SecurityEvent.at, SecurityEvent.id)


def _written(ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(SecurityEvent).where(SecurityEvent.id.in_(ids)).order_by(SecurityEvent.id))
    names = ("id", "at", "kind", "user_id", "ip", "agent", "details")
    return [{name: getattr(row, name) for name in names} for row in rows]


def set_up() -> None:
    for event in EVENTS:
        register_event(event)
    keeps(
        "security_events",
        Kept(
            title=lazy("Security events"),
            since=lazy("since they happened"),
            due=_due,
            delete=lambda ids: take_rows(Base.metadata.tables["security_events"], ids),
            written=_written,
        ),
    )
