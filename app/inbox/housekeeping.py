"""What is forgotten by itself: devices whose sessions have ended."""

from __future__ import annotations

from sqlalchemy import delete

from app.inbox.devices import lasts
from app.inbox.models import Device
from app.kernel.database import db
from app.kernel.timers import every_day


@every_day
def forget_devices() -> None:
    """Once a day, outside of any organization: devices belong to none."""
    if db.session.info.get("organization_id") is None:
        db.session.execute(delete(Device).where(~lasts()).execution_options(synchronize_session=False))
