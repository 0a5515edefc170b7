"""From a key to the member it stands for. There is no session, no cookie, and nothing that a key could sign in to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import g, request
from sqlalchemy import select, update

from app.accounts.models import User
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.doors import find_door
from app.kernel.errors import NotFound, Unknown
from app.kernel.limits import Limit, spend
from app.kernel.tenancy import enter
from app.kernel.words import gettext as _
from app.organizations.keys.commands import DOOR
from app.organizations.keys.scopes import expanded
from app.organizations.models import ApiKey, Member, Organization
from app.organizations.queries import come_in, organization_id_of

BY_KEY = Limit("api_key", 600, timedelta(minutes=1))
#: What no key is behind, from one place.
IN_VAIN = Limit("api_key.vain", 60, timedelta(minutes=1))
#: Its last use is written at most this often.
_PRECISION = timedelta(minutes=1)


@dataclass(frozen=True)
class _Holder:
    """Whom a key stands for, as `come_in` wants them."""

    id: int


def come_in_by_key(slug: str, token: str) -> tuple[Organization, Member]:
    """Enter the organization of a key as its member, limited to its scopes. Raises Unknown, all cases alike."""
    door = find_door(DOOR, token=token)
    if door is None or door.organization_id != organization_id_of(slug):
        spend((IN_VAIN, request.remote_addr or ""))
        raise _unknown()
    spend((BY_KEY, str(door.id)))
    enter(door.organization_id)
    row = db.session.execute(
        select(ApiKey, Member.user_id)
        .join(Member, (Member.organization_id == ApiKey.organization_id) & (Member.id == ApiKey.member_id))
        .join(User, User.id == Member.user_id)
        .where(ApiKey.id == door.subject_id, User.deactivated_at.is_(None), User.email_verified_at.is_not(None))
    ).first()
    if row is None or not row.ApiKey.is_open:
        raise _unknown()
    try:
        organization, member = come_in(slug, _Holder(row.user_id))
    except NotFound as error:
        raise _unknown() from error
    member.limit_to(expanded(row.ApiKey.scopes))
    g.key = row.ApiKey
    _note(row.ApiKey)
    return organization, member


def _note(key: ApiKey) -> None:
    at = now()
    if key.last_used_at is None or at - key.last_used_at > _PRECISION:
        used = update(ApiKey).where(ApiKey.organization_id == key.organization_id, ApiKey.id == key.id)
        db.session.execute(
            used.values(last_used_at=at, last_ip=(request.remote_addr or "")[:45]),
            execution_options={"synchronize_session": False},
        )


def _unknown() -> Unknown:
    return Unknown(_("This key is not good here: it is none, it is over, or it is another organization's."))
