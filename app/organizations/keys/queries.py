"""API keys as their pages need them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select

from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.keys.nouns import visible_to
from app.organizations.models import ApiKey, Member

#: Days for which a key that is over is still listed.
_REMEMBERED = timedelta(days=30)
_MOST = 200


def keys_of(member: Member, *, everybody: bool) -> Sequence[tuple[ApiKey, str]]:
    """Keys with the names of their members, the newest first; one's own, or all that one may see. One statement."""
    after = now() - _REMEMBERED
    recent = or_(ApiKey.revoked_at.is_(None), ApiKey.revoked_at > after)
    found = (
        select(ApiKey, Member.name)
        .join(Member, (Member.organization_id == ApiKey.organization_id) & (Member.id == ApiKey.member_id))
        .where(visible_to(member), recent, or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > after))
        .order_by(ApiKey.id.desc())
        .limit(_MOST)
    )
    if not everybody:
        found = found.where(ApiKey.member_id == member.id)
    return [(key, name) for key, name in db.session.execute(found)]


def key_by_id(member: Member, key_id: int) -> ApiKey:
    """Raises NotFound."""
    found = db.session.scalar(select(ApiKey).where(visible_to(member), ApiKey.id == key_id))
    if found is None:
        raise NotFound
    return found
