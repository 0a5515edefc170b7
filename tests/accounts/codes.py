"""An authenticator app for tests: the codes of a secret, at the time that the application reads."""

from __future__ import annotations

import re

import pyotp
from sqlalchemy import select, text

from app.accounts.models import Authenticator
from app.kernel.clock import now
from app.kernel.crypto import encryption
from app.kernel.database import db
from tests.visitors import Visitor

_SEALED = re.compile(r'name="sealed"[^>]*value="([^"]+)"')
_SECRET = re.compile(r'id="secret"[^>]*value="([A-Z2-7 ]+)"')
_CODES = re.compile(r"<textarea[^>]*id=\"codes\"[^>]*>([^<]+)</textarea>")


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the app shows now, or some steps of 30 seconds before or after."""
    return pyotp.TOTP(secret).at(now(), counter_offset=steps)


def secret_of(user_id: int) -> str:
    sealed = db.session.scalars(select(Authenticator.secret).where(Authenticator.user_id == user_id)).one()
    return encryption().decrypt(sealed.encode()).decode()


def forget_last_step() -> None:
    """As if the last code had been used long ago, so that the present one is fresh again."""
    db.session.execute(text("UPDATE authenticators SET last_step = 0"))
    db.session.commit()


def set_up(browser: Visitor, *, next: str = "") -> tuple[str, list[str]]:
    """Switch two-factor sign-in on in a browser: (secret, recovery codes). The code of the moment is fresh again."""
    shown = browser.get("/account/two-factor/new", query_string={"next": next} if next else None).text
    secret = _found(_SECRET, shown).replace(" ", "")
    sent = {"sealed": _found(_SEALED, shown), "code": code_of(secret), "next": next}
    answer = browser.post("/account/two-factor", sent)
    assert answer.status_code == 200, answer.text
    codes = _found(_CODES, answer.text).split()
    forget_last_step()
    return secret, codes


def _found(pattern: re.Pattern[str], html: str) -> str:
    match = pattern.search(html)
    assert match, html
    return match[1]
