"""Setting the second step up, showing it, and taking it away."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql

from app.accounts import letters, second_factors
from app.accounts.commands.tokens import new_token_of
from app.accounts.models import Authenticator, RecoveryCode, TokenKind, User, UserSession
from app.kernel.clock import now
from app.kernel.crypto import encryption
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

_QUIETLY = {"synchronize_session": False}


class Shown(StrEnum):
    """What somebody showed as their second factor."""

    APP = "app"
    RECOVERY_CODE = "recovery code"


def set_up_second_factor(user_id: int, secret: str, code: str, *, security: str) -> list[str]:
    """Take a secret whose code somebody could show; the recovery codes, which are never shown again.

    Raises Invalid (at `code`) for a wrong code, and where there is a second factor already.
    """
    digits = second_factors.digits(code)
    step = second_factors.step_of(secret, digits) if digits else None
    if step is None:
        raise Invalid(_("This is not the code that the app shows now. Is the phone’s clock right?"), "code")
    sealed = encryption().encrypt(secret.encode()).decode()
    made = postgresql.insert(Authenticator).values(user_id=user_id, secret=sealed, last_step=step, created_at=now())
    taken = db.session.execute(made.on_conflict_do_nothing().returning(Authenticator.user_id)).first()
    if taken is None:
        raise Invalid(_("Two-factor sign-in is on already."), "code")
    user = _user(user_id)
    letters.second_factor_on(user.email, user.name, security)
    return make_recovery_codes(user_id)


def make_recovery_codes(user_id: int) -> list[str]:
    """New recovery codes; the former ones are worth nothing any more."""
    codes = second_factors.new_codes()
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id), execution_options=_QUIETLY)
    at = now()
    rows = [
        {"user_id": user_id, "code_hash": second_factors.code_hash(user_id, code), "created_at": at} for code in codes
    ]
    db.session.execute(insert(RecoveryCode), rows)
    return codes


def show_second_factor(user_id: int, code: str) -> Shown:
    """Use up what somebody showed: a code of the app, or a recovery code. Each is good once, also of two at once.

    Raises Invalid (at `code`) for all else.
    """
    digits = second_factors.digits(code)
    if digits and _use_app_code(user_id, digits):
        return Shown.APP
    if not digits and _use_recovery_code(user_id, code):
        return Shown.RECOVERY_CODE
    raise Invalid(_("This code is not right, or was used already. Take the one that the app shows next."), "code")


def _use_app_code(user_id: int, digits: str) -> bool:
    sealed = db.session.scalar(select(Authenticator.secret).where(Authenticator.user_id == user_id))
    if sealed is None:
        return False
    secret = second_factors.opened(sealed)
    step = second_factors.step_of(secret, digits) if secret else None
    if step is None:
        return False
    use = (
        update(Authenticator)
        .where(Authenticator.user_id == user_id, Authenticator.secret == sealed, Authenticator.last_step < step)
        .values(last_step=step)
        .returning(Authenticator.user_id)
    )
    return db.session.execute(use, execution_options=_QUIETLY).first() is not None


def _use_recovery_code(user_id: int, code: str) -> bool:
    use = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == second_factors.code_hash(user_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
    )
    if db.session.execute(use, execution_options=_QUIETLY).first() is None:
        return False
    standing = second_factors.standing_of(user_id)
    user = _user(user_id)
    letters.recovery_code_used(user.email, user.name, standing.codes_left if standing else 0)
    return True


def take_second_factor_away(user_id: int, *, security: str) -> bool:
    """Sign in by the first step alone from now on; whether there was a second one."""
    gone = delete(Authenticator).where(Authenticator.user_id == user_id).returning(Authenticator.user_id)
    if db.session.execute(gone, execution_options=_QUIETLY).first() is None:
        return False
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id), execution_options=_QUIETLY)
    unmarked = update(UserSession).where(UserSession.user_id == user_id, UserSession.second_factor_at.is_not(None))
    db.session.execute(unmarked.values(second_factor_at=None), execution_options=_QUIETLY)
    user = _user(user_id)
    letters.second_factor_off(user.email, user.name, security)
    return True


def begin_second_step(user_id: int) -> str:
    """The token of a browser that has done the first step; it says who is meant, and opens nothing."""
    return new_token_of(user_id, TokenKind.SECOND_STEP, only=False)


def _user(user_id: int) -> User:
    return db.session.get_one(User, user_id)
