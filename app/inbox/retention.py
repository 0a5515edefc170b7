"""What was read long ago leaves the inbox, where an organization says so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select

from app.inbox.models import Notification
from app.kernel.database import Base
from app.kernel.words import lazy
from app.organizations.retention.forgetting import take_rows
from app.organizations.retention.kinds import Kept, keeps


def _due(before: datetime) -> Select[int]:
    return (
        select(Notification.id)
        .where(Notification.read_at < before, Notification.snoozed_until.is_(None))
        .order_by(Notification.id)
    )


def set_up() -> None:
    keeps(
        "read_notifications",
        Kept(
            title=lazy("Notifications that were read"),
            since=lazy("since they were read"),
            due=_due,
            delete=lambda ids: take_rows(Base.metadata.tables["notifications"], ids),
        ),
    )
