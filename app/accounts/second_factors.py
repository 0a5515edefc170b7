"""The arithmetic of second factors, and what is known of a person's."""

from __future__ import annotations

import hmac
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy import func, select

from app.accounts.models import Authenticator, RecoveryCode
from app.kernel.clock import now
from app.kernel.crypto import encryption, token_hash
from app.kernel.database import db

log = structlog.get_logger(__name__)

#: How many recovery codes a person gets, and the letters in them: none that is easily taken for another.
CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _IN_A_GROUP = 4, 4
#: Seconds for which a secret that is being set up holds.
_SETTING_UP = 3600
#: A code is taken for this many steps of 30 seconds before and after its own: clocks differ.
_EITHER_SIDE = 1


@dataclass(frozen=True)
class Standing:
    """What a person has set up."""

    since: datetime
    codes_left: int


def standing_of(user_id: int) -> Standing | None:
    """Since when a person has a second factor and how many recovery codes are left; None without one. One statement."""
    left = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    row = db.session.execute(
        select(Authenticator.created_at, left.scalar_subquery()).where(Authenticator.user_id == user_id)
    ).first()
    return Standing(row[0], row[1]) if row else None


def is_set_up(user_id: int) -> bool:
    return db.session.scalar(select(Authenticator.user_id).where(Authenticator.user_id == user_id)) is not None


def new_secret() -> str:
    return pyotp.random_base32()


def seal(user_id: int, secret: str) -> str:
    """A secret that is being set up, for a form to carry: nothing is kept until a code proves that it arrived."""
    return encryption().encrypt(json.dumps([user_id, secret]).encode()).decode()


def unseal(user_id: int, sealed: str) -> str | None:
    """The secret that a form carried, if it was made for this person within the hour."""
    try:
        owner, secret = json.loads(encryption().decrypt(sealed.encode(), ttl=_SETTING_UP))
    except (InvalidToken, ValueError):
        return None
    return str(secret) if owner == user_id else None


def opened(sealed: str) -> str | None:
    """A kept secret; None when it was written with keys that are not here. Recovery codes still do then."""
    try:
        return encryption().decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.warning("second_factor.unreadable")
        return None


def address_for(secret: str, name: str) -> str:
    """What an authenticator app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Trestleboard")


def in_groups(secret: str) -> str:
    """A secret to be typed: in groups of four."""
    return " ".join(re.findall(".{1,4}", secret))


def step_of(secret: str, code: str) -> int | None:
    """The step of time whose code this is, if it is near; the newest when several are alike."""
    counted = pyotp.TOTP(secret)
    present = counted.timecode(now())
    near = range(present - _EITHER_SIDE, present + _EITHER_SIDE + 1)
    fits = [step for step in near if hmac.compare_digest(counted.generate_otp(step), code)]
    return fits[-1] if fits else None


def digits(typed: str) -> str | None:
    """A code from an authenticator app as it was meant, or None when it cannot be one."""
    plain = re.sub(r"\s", "", typed)
    return plain if re.fullmatch(r"[0-9]{6}", plain) else None


def new_codes() -> list[str]:
    """Recovery codes of 79 bits each: `k7tz-9m2x-…`."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))
        for _ in range(CODES)
    ]


def code_hash(user_id: int, code: str) -> str:
    """What we keep of a recovery code, however it was typed."""
    return token_hash(f"{user_id}:{re.sub(r'[^a-z0-9]', '', code.lower())}")
