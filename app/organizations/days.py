"""Days, as they begin where an organization is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.organizations.models import Organization


def beginning_of(day: date) -> datetime:
    """The moment at which a day begins in this organization."""
    return datetime.combine(day, time(), _zone()).astimezone(UTC)


def today() -> date:
    """The day it is in this organization."""
    return now().astimezone(_zone()).date()


def _zone() -> ZoneInfo:
    return ZoneInfo(db.session.get_one(Organization, current_organization_id()).timezone)
