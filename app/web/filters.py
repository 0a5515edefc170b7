"""What templates may ask of values: times, dates, counts."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask
from flask_login import current_user

from app.kernel.clock import now


def zone() -> ZoneInfo:
    """The reader's own zone."""
    try:
        return ZoneInfo(getattr(current_user, "timezone", None) or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def today() -> date:
    """The date where the reader is."""
    return now().astimezone(zone()).date()


def moment(value: datetime) -> str:
    """Relative within a day, else the date: "5 min ago", "3 Nov", "3 Nov 2024"."""
    seconds = (now() - value).total_seconds()
    if 0 <= seconds < 60:
        return "just now"
    if 0 <= seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    if 0 <= seconds < 86400:
        return f"{int(seconds // 3600)} h ago"
    return day(value.astimezone(zone()).date())


def day(value: date) -> str:
    """ "Today", "Tomorrow", "Yesterday", else "3 Nov", with the year when it is not this one."""
    here = today()
    near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}.get((value - here).days)
    if near:
        return near
    return f"{value.day} {value:%b}" + ("" if value.year == here.year else f" {value.year}")


def exact(value: datetime) -> str:
    """The full moment in the reader's zone, for titles."""
    local = value.astimezone(zone())
    return f"{local.day} {local:%B %Y, %H:%M %Z}"


def number(value: int) -> str:
    """1,204, with a true minus."""
    return f"{value:,}".replace("-", "−")


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(moment=moment, day=day, exact=exact, number=number)
    app.jinja_env.globals.update(today=today, now=now)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
