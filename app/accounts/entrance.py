"""The entrance: between a first step that was right and a browser that is signed in.

Every way in (password, link, provider) ends in `let_in`. Who has a second factor is held there: the browser's cookie
has a token that says who is meant and opens nothing, for ten minutes, until the second factor is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import session, url_for

from app.accounts import second_factors, sessions
from app.accounts.commands.second_factors import begin_second_step
from app.accounts.commands.tokens import find_token, use_up
from app.accounts.models import Method, TokenKind, User
from app.accounts.security import note_event
from app.kernel.database import db
from app.web.urls import stays_here

#: In the cookie: what is known of a sign-in of which the second step is missing.
_HALF = "half"
#: Columns of the session that a way in may set. Rooms add theirs.
KEPT: set[str] = set()


@dataclass(frozen=True)
class Half:
    """Somebody who has done the first step in this browser."""

    user: User
    method: Method
    token: str
    kept: dict[str, int | None]


def let_in(user: User, *, method: Method, wanted: str = "", **kept: int | None) -> str:
    """Sign this browser in, or hold it until it has shown the second factor. The address to go to next.

    `kept` are columns of the session that the way in sets (`KEPT`).
    """
    if strange := set(kept) - KEPT:
        raise ValueError(f"no way in may set {sorted(strange)}: add them to entrance.KEPT")
    if second_factors.is_set_up(user.id):
        sessions.end()
        session[_HALF] = {"token": begin_second_step(user.id), "method": method.value, "kept": kept}
        return url_for("accounts.new_second_step", next=wanted or None)
    return _sign_in(user, method, False, wanted, kept)


def half() -> Half | None:
    """Who has done the first step in this browser and not the second, within the last ten minutes."""
    state = session.get(_HALF) or {}
    found = find_token(str(state.get("token", "")), TokenKind.SECOND_STEP)
    if found is None:
        return None
    user = db.session.get_one(User, found.user_id)
    return Half(user, Method(state["method"]), state["token"], dict(state["kept"]))


def finish(found: Half, *, wanted: str = "") -> str:
    """Sign in who has shown the second factor. The address to go to next. Raises Invalid when another did it first."""
    use_up(found.token, TokenKind.SECOND_STEP)
    return _sign_in(found.user, found.method, True, wanted, found.kept)


def _sign_in(user: User, method: Method, second_factor: bool, wanted: str, kept: dict[str, int | None]) -> str:
    sessions.start(user, method=method, second_factor=second_factor, **kept)
    note_event("sign_in.succeeded", user_id=user.id, method=method.value, second_factor=second_factor)
    if user.email_verified_at is None:
        return url_for("accounts.show_verification", next=wanted or None)
    return wanted if stays_here(wanted) else url_for("organizations.index")
