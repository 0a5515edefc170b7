"""Browsers that are signed in: the cookie holds a token, the row holds its hash, and the row decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy import ColumnElement, DateTime, bindparam, select, update
from sqlalchemy.orm import contains_eager

from app.accounts import streaks
from app.accounts.models import Method, User, UserSession
from app.kernel import live
from app.kernel.clock import now
from app.kernel.crypto import new_token, token_hash
from app.kernel.database import db

#: A browser that comes back within this time stays signed in.
LASTS = timedelta(days=30)
#: However often it comes back, after this time the password is asked for again.
LASTS_AT_MOST = timedelta(days=180)
#: The last activity is written at most this often.
_PRECISION = timedelta(minutes=5)


class SignedIn(UserMixin):
    """Flask-Login's user: a person in one browser."""

    def __init__(self, session: UserSession, token: str) -> None:
        self.session, self.user, self.token = session, session.user, token

    def get_id(self) -> str:
        return self.token

    @property
    def is_proved(self) -> bool:
        """Whether the address is known to be theirs; until then the guard lets them nowhere."""
        return self.user.email_verified_at is not None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.user, name)


def find(token: str) -> SignedIn | None:
    """Who holds this token, if the session still lasts. One statement."""
    at = now()
    row: UserSession | None = db.session.scalar(_HELD, {"token": token_hash(token), "at": at})
    if row is None:
        return None
    if at - row.last_seen_at > _PRECISION:
        until = min(at + LASTS, row.created_at + LASTS_AT_MOST)
        # By statement: a changed row would be pending when the guard enters the organization.
        _write(row.id, last_seen_at=at, expires_at=until, ip=request.remote_addr)
        streaks.count_day(row.user, at)
    return SignedIn(row, token)


#: Every request begins with it, so it is put together once.
_HELD = (
    select(UserSession)
    .join(UserSession.user)
    .options(contains_eager(UserSession.user))
    .where(
        UserSession.token_hash == bindparam("token"),
        UserSession.revoked_at.is_(None),
        UserSession.expires_at > bindparam("at", type_=DateTime(timezone=True)),
        User.deactivated_at.is_(None),
    )
)


def start(user: User, *, method: Method = Method.PASSWORD, second_factor: bool = False, **kept: int | None) -> None:
    """Sign this browser in, under a new token: whatever it held before is worth nothing (fixation).

    Ways in call `entrance.let_in`, which asks for the second step where there is one. `kept` are columns of the
    session that a way in sets.
    """
    end()
    token = new_token()
    user.last_login_at = now()
    streaks.count_day(user, now())
    row = UserSession(
        user=user,
        token_hash=token_hash(token),
        expires_at=now() + LASTS,
        ip=request.remote_addr,
        agent=(request.user_agent.string or "")[:400],
        method=method,
        second_factor_at=now() if second_factor else None,
        **kept,
    )
    db.session.add(row)
    db.session.flush()
    login_user(SignedIn(row, token), remember=False)
    session.permanent = True


def end() -> None:
    """Sign this browser out: the row is revoked, so a copied cookie is worth nothing either."""
    if current_user.is_authenticated:
        _write(current_user.session.id, revoked_at=now())
        live.touch_user(current_user.id)
    logout_user()
    session.clear()
    g.pop("csrf_token", None)


def end_all(user_id: int) -> None:
    """Sign every browser of a person out."""
    _end(user_id)


def end_others(user_id: int, keep: int) -> None:
    """Sign every browser of a person out but one."""
    _end(user_id, UserSession.id != keep)


def end_one(user_id: int, session_id: int) -> None:
    """Sign one browser of a person out; nothing happens to somebody else's."""
    _end(user_id, UserSession.id == session_id)


def end_of_connection(connection_id: int) -> None:
    """Sign out every browser that came in by a connection of an organization."""
    theirs = update(UserSession).where(UserSession.connection_id == connection_id, UserSession.revoked_at.is_(None))
    gone = db.session.scalars(theirs.values(revoked_at=now()).returning(UserSession.user_id)).all()
    for user_id in set(gone):
        live.touch_user(user_id)


def mark_proved(session_id: int, *, second_factor: bool = False) -> None:
    """Note that whoever sits at this browser has just proved who they are; with their second factor, or without."""
    _write(session_id, reauthenticated_at=now(), **({"second_factor_at": now()} if second_factor else {}))


def browsers_of(user_id: int) -> Sequence[UserSession]:
    """Where a person is signed in, the last used first; the newest fifty."""
    return db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now())
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        .limit(50)
    ).all()


def _end(user_id: int, *those: ColumnElement[bool]) -> None:
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None), *those)
        .values(revoked_at=now()),
        execution_options={"synchronize_session": False},
    )
    live.touch_user(user_id)


def _write(session_id: int, **values: Any) -> None:
    db.session.execute(
        update(UserSession).where(UserSession.id == session_id).values(values),
        execution_options={"synchronize_session": False},
    )
