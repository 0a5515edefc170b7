"""Demo: two organizations with people, work and half a year of history. Made once, in an empty house."""

from __future__ import annotations

import os

from flask import Flask
from sqlalchemy import select, text

from app.accounts.models import User
from app.demo.cast import MAIL, PASSWORD
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.doors import Door
from app.kernel.tenancy import enter

_OFF = ("0", "no", "false", "off")


def seed_if_empty(app: Flask) -> str | None:
    """Make the demo organizations unless there is any organization, and say how to sign in: `address, password "…"`.

    None when the demo is not there, or TRESTLE_DEMO switches it off. Called by `prepare` and `demo`.
    """
    if os.environ.get("TRESTLE_DEMO", "yes").lower() in _OFF:
        return None
    from app.demo.seeding import LOCK, seed

    with app.app_context():
        enter(None)
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if not _anybody_here():
            seed(now())
        here = _sign_in()
        db.session.remove()
        return here


def _anybody_here() -> bool:
    return db.session.scalar(select(Door.id).where(Door.kind == "organization").limit(1)) is not None


def _sign_in() -> str | None:
    address = f"alice@{MAIL}"
    door = db.session.scalar(select(Door.id).where(Door.kind == "organization", Door.key == "kestrel"))
    user = db.session.scalar(select(User.id).where(User.email == address, User.deactivated_at.is_(None)))
    return f'{address}, password "{PASSWORD}"' if door and user else None
