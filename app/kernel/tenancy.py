"""Tenancy: the second wall. Every transaction says which organization and user it serves; policies hold it to that.

`with organization(id):` is the only door for jobs, commands lines and tests; `web` enters through `enter`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kernel.database import db


def _setting(info: dict[Any, Any]) -> str:
    organization, user = info.get("organization_id"), info.get("user_id")
    return (
        f"SET LOCAL app.organization_id = '{int(organization) if organization else ''}';"
        f" SET LOCAL app.user_id = '{int(user) if user else ''}'"
    )


@event.listens_for(Session, "after_begin")
def _announce(session: Session, transaction: Any, connection: Any) -> None:
    """After commit and rollback the setting is gone, so every transaction says it anew, also the empty one."""
    if transaction.nested or session.info.get("plain"):
        return
    connection.exec_driver_sql(_setting(session.info))


def enter(organization_id: int | None, *, user_id: int | None = None) -> None:
    """Make the current session serve this organization (None: none) and this signed-in user.

    Nothing may be pending: a row made for one tenant must never be flushed in another. Objects of the organization
    that was left are expunged, because `session.get` answers from the identity map without asking the database.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows are pending; commit or roll back before entering another organization")
    if session.info.get("organization_id") != organization_id:
        session.expunge_all()
    session.info.update(organization_id=organization_id, user_id=user_id)
    if session.in_transaction():
        session.connection().exec_driver_sql(_setting(session.info))


@contextmanager
def organization(organization_id: int | None, *, user_id: int | None = None) -> Iterator[None]:
    """Serve one organization (None: no tenant) for a while, then the former one again.

    Commits at the end, rolls back on an error.
    """
    info = db.session().info
    former = info.get("organization_id"), info.get("user_id")
    enter(organization_id, user_id=user_id)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        enter(former[0], user_id=former[1])
