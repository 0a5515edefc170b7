"""Making and revoking API keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, update

from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.crypto import new_token
from app.kernel.database import db
from app.kernel.doors import Door, close_doors, open_door
from app.kernel.errors import Forbidden, Refused
from app.kernel.ledger import change, record_created
from app.kernel.words import gettext as _
from app.organizations import events
from app.organizations.keys.scopes import held
from app.organizations.models import ApiKey, Member

DOOR = "api_key"
PREFIX = "tb_"
#: Open keys that a member may have.
MOST = 50


def create_key(name: str, scopes: Sequence[str], *, days: int | None, by: Member) -> tuple[ApiKey, str]:
    """A key of one's own, and the key itself, which cannot be shown again: only its hash is kept.

    Raises Forbidden for a scope that one does not hold oneself.
    """
    if not scopes or not held(by, scopes):
        raise Forbidden(_("A key cannot do more than you can yourself."))
    theirs = select(func.count()).where(ApiKey.member_id == by.id, ApiKey.revoked_at.is_(None))
    if (db.session.scalar(theirs) or 0) >= MOST:
        raise Refused(_("You have as many keys as one can have. Revoke one first."))
    token = PREFIX + new_token()
    key = ApiKey(
        member_id=by.id,
        name=name,
        prefix=token[: len(PREFIX) + 6],
        scopes=sorted(set(scopes)),
        expires_at=now() + timedelta(days=days) if days else None,
    )
    db.session.add(key)
    record_created(events.KEY_MADE, [key], by=by)
    open_door(DOOR, organization_id=key.organization_id, token=token, subject_id=key.id, expires_at=key.expires_at)
    return key, token


def revoke_keys(keys: Sequence[ApiKey], *, by: Actor) -> None:
    """No program acts by them any more. Those that are revoked already stay so."""
    at = now()
    with change(*keys, event=events.KEY_REVOKED, by=by):
        for key in keys:
            key.revoked_at = key.revoked_at or at
            close_doors(DOOR, organization_id=key.organization_id, subject_id=key.id)


def revoke_keys_of(members: Sequence[Member]) -> None:
    """Who goes leaves no program behind that acts for them, also when they come back one day."""
    at, ids = now(), [member.id for member in members]
    theirs = update(ApiKey).where(ApiKey.member_id.in_(ids), ApiKey.revoked_at.is_(None))
    gone = db.session.execute(theirs.values(revoked_at=at).returning(ApiKey.organization_id, ApiKey.id)).all()
    if gone:
        shut = (Door.organization_id == gone[0].organization_id, Door.subject_id.in_([row.id for row in gone]))
        doors = update(Door).where(Door.kind == DOOR, *shut).values(revoked_at=at)
        db.session.execute(doors, execution_options={"synchronize_session": False})
