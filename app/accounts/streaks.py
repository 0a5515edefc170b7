"""Days in a row on which somebody was here, counted in their own zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, or_, update

from app.accounts.models import User
from app.kernel.database import db

_DAY = timedelta(days=1)


def count_day(user: User, at: datetime) -> None:
    """Note that somebody is here. By statement, and only the first time on a day; who travels west loses nothing."""
    today = _local(at, user.timezone)
    last = user.last_active_on
    if last is not None and last >= today:
        return
    began = user.streak_began_on if last == today - _DAY and user.streak_began_on else today
    first = update(User).where(User.id == user.id, or_(User.last_active_on.is_(None), User.last_active_on < today))
    noted = first.values(
        last_active_on=today,
        streak_began_on=began,
        longest_streak=func.greatest(User.longest_streak, (today - began).days + 1),
        updated_at=User.updated_at,
    )
    db.session.execute(noted, execution_options={"synchronize_session": False})


def present_streak(user: User, at: datetime) -> int:
    """How many days in a row somebody has been here; 0 once a whole day was left out."""
    last, began = user.last_active_on, user.streak_began_on
    if last is None or began is None or last < _local(at, user.timezone) - _DAY:
        return 0
    return (last - began).days + 1


def _local(at: datetime, zone: str) -> date:
    try:
        return at.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return at.date()
