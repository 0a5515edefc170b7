"""Tokens of accounts: links in mail, and browsers that are half signed in. Each is used once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from app.accounts.models import AccountToken, TokenKind, User
from app.kernel.clock import now
from app.kernel.crypto import new_token, token_hash
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

LASTS = {
    TokenKind.VERIFY_EMAIL: timedelta(days=3),
    TokenKind.RESET_PASSWORD: timedelta(hours=1),
    TokenKind.RESTORE: timedelta(days=30),
    TokenKind.SIGN_IN: timedelta(minutes=15),
    TokenKind.SECOND_STEP: timedelta(minutes=10),
    TokenKind.PROOF: timedelta(minutes=15),
}
_QUIETLY = {"synchronize_session": False}


def find_token(token: str, kind: TokenKind) -> AccountToken | None:
    """The row of a link that still holds, or None."""
    return db.session.scalar(
        select(AccountToken)
        .join(User, User.id == AccountToken.user_id)
        .where(
            AccountToken.token_hash == token_hash(token),
            AccountToken.kind == kind,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now(),
            User.deactivated_at.is_(None),
        )
    )


def use_up(token: str, kind: TokenKind) -> None:
    """Claim a link. Of two browsers that follow it at once, one gets it. Raises Invalid for the other."""
    used = (
        update(AccountToken)
        .where(
            AccountToken.token_hash == token_hash(token),
            AccountToken.kind == kind,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now(),
        )
        .values(used_at=now())
    )
    claimed = db.session.execute(used.returning(AccountToken.id), execution_options=_QUIETLY)
    if claimed.first() is None:
        raise Invalid(_("This link was used already."))


def new_token_of(user_id: int, kind: TokenKind, *, only: bool = True) -> str:
    """A new link. Only the newest of its kind holds, unless several may (`only=False`)."""
    if only:
        forget_tokens(user_id, kind)
    token = new_token()
    until = now() + LASTS[kind]
    db.session.add(AccountToken(user_id=user_id, kind=kind, token_hash=token_hash(token), expires_at=until))
    db.session.flush()
    return token


def forget_tokens(user_id: int, *kinds: TokenKind) -> None:
    """Let the open links of a person lead nowhere any more: those of these kinds, or all."""
    open_ones = update(AccountToken).where(
        AccountToken.user_id == user_id,
        AccountToken.used_at.is_(None),
        AccountToken.kind.in_(kinds or tuple(TokenKind)),
    )
    db.session.execute(open_ones.values(used_at=func.now()), execution_options=_QUIETLY)
