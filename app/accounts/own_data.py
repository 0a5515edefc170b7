"""What a copy of one's own data holds of the account itself: everything but secrets that sign in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from app.accounts import exporting
from app.accounts.commands.details import details_of
from app.accounts.exporting import Part
from app.accounts.models import DataExport, ProviderIdentity, SecurityEvent, Subscription, User, UserSession
from app.kernel.database import db

#: What of `users` is no secret.
_PROFILE = (
    "email",
    "name",
    "job_title",
    "email_verified_at",
    "timezone",
    "language",
    "week_starts_on",
    "theme",
    "keys",
    "last_active_on",
    "streak_began_on",
    "longest_streak",
    "last_login_at",
    "created_at",
    "updated_at",
)
_PROVIDER = (ProviderIdentity.provider, ProviderIdentity.email, ProviderIdentity.created_at)
_SESSION = (UserSession.ip, UserSession.agent, UserSession.created_at, UserSession.last_seen_at, UserSession.revoked_at)
_EVENT = (SecurityEvent.at, SecurityEvent.kind, SecurityEvent.ip, SecurityEvent.agent, SecurityEvent.details)


def contribute_own() -> None:
    exporting.contribute("account", _collect)


def _collect(user_id: int) -> Iterator[Iterable[Part]]:
    user = db.session.get(User, user_id)
    if user is None:
        return
    parts = [
        Part("account.json", [{name: getattr(user, name) for name in _PROFILE}]),
        Part("private-details.json", [asdict(details_of(user_id))]),
        Part("newsletters.json", _rows(Subscription, user_id, Subscription.topic, Subscription.since)),
        Part("sessions.json", _rows(UserSession, user_id, *_SESSION)),
        Part("security-events.json", _rows(SecurityEvent, user_id, *_EVENT)),
        Part("providers.json", _rows(ProviderIdentity, user_id, *_PROVIDER)),
        Part("copies.json", _rows(DataExport, user_id, DataExport.asked_at, DataExport.fetched_at)),
    ]
    if user.avatar:
        parts.append(Part("picture.webp", file=user.avatar))
    yield parts


def _rows(model: Any, user_id: int, *columns: Any) -> list[Any]:
    return list(db.session.execute(select(*columns).where(model.user_id == user_id)).mappings())
