"""Proving a mobile number: a code that is texted there comes back within ten minutes. Only Redis keeps it meanwhile."""

from __future__ import annotations

import hmac
import json
import re
import secrets
from datetime import timedelta

from cryptography.fernet import InvalidToken
from flask import current_app
from redis import RedisError
from sqlalchemy import update

from app.accounts.models import User
from app.adapters.sms import NotSent, gateway_for
from app.kernel.clock import now
from app.kernel.crypto import encryption, seals
from app.kernel.database import db
from app.kernel.errors import Invalid, Unavailable
from app.kernel.jobs import redis
from app.kernel.limits import Limit, forgive, spend
from app.kernel.words import gettext as _

LASTS = timedelta(minutes=10)
#: Codes that one person asks for, that go to one number, and that the instance sends.
ASKED = Limit("phone.asked", 5, per=timedelta(hours=1))
TEXTED = Limit("phone.texted", 5, per=timedelta(days=1))
ALL = Limit("phone.all", 500, per=timedelta(days=1))
#: Tries at one code: of a million codes, five.
TRIED = Limit("phone.tried", 5, per=LASTS)

_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")


def number_of(text: str) -> str:
    """A number as E.164. Raises Invalid."""
    bare = re.sub(r"[\s().\-/]", "", text)
    bare = f"+{bare[2:]}" if bare.startswith("00") else bare
    if not _NUMBER.fullmatch(bare):
        raise Invalid(_("Write the whole number with its country's code, such as +49 151 23456789."), "number")
    return bare


def send_code(user_id: int, text: str) -> None:
    """Text a code to a number. The former code is worth nothing any more.

    Raises Invalid for what is no number, or when the gateway refuses it; TooMany; Unavailable.
    """
    number = number_of(text)
    spend((ASKED, str(user_id)), (TEXTED, number), (ALL, "instance"))
    code = f"{secrets.randbelow(10**6):06}"
    kept = json.dumps({"number": number, "seal": seals("phone", f"{user_id}:{number}:{code}")[0].hex()})
    try:
        redis().set(_key(user_id), encryption().encrypt(kept.encode()), ex=LASTS)
    except RedisError as error:
        raise Unavailable(_("No code can be made right now. Try again in a moment.")) from error
    forgive(TRIED, str(user_id))
    gateway = gateway_for(current_app.extensions["trestleboard"])
    assert gateway is not None
    try:
        gateway.send(number, _("%(code)s is your code for Trestleboard. It lasts ten minutes.", code=code))
    except NotSent:
        redis().delete(_key(user_id))
        raise Invalid(_("The text could not be sent to this number."), "number") from None


def waiting_number(user_id: int) -> str | None:
    """The number whose code is awaited."""
    kept = _kept(user_id)
    return kept["number"] if kept else None


def prove_number(user_id: int, code: str) -> str:
    """Take the code; the number is the person's from now on. Each code is good once. Raises Invalid, TooMany."""
    spend((TRIED, str(user_id)))
    kept = _kept(user_id)
    if kept is None:
        raise Invalid(_("That code does not count any more. Ask for a new one."), "code")
    good = seals("phone", f"{user_id}:{kept['number']}:{code}")
    if not any(hmac.compare_digest(kept["seal"], seal.hex()) for seal in good):
        raise Invalid(_("That is not the code."), "code")
    if not redis().delete(_key(user_id)):
        raise Invalid(_("That code does not count any more. Ask for a new one."), "code")
    _write(user_id, mobile_number=kept["number"], mobile_verified_at=now())
    return str(kept["number"])


def remove_number(user_id: int) -> None:
    _write(user_id, mobile_number=None, mobile_verified_at=None)


def _write(user_id: int, **values: object) -> None:
    db.session.execute(
        update(User).where(User.id == user_id).values(**values).execution_options(synchronize_session=False)
    )


def _key(user_id: int) -> str:
    return f"phone:{user_id}"


def _kept(user_id: int) -> dict[str, str] | None:
    try:
        kept = redis().get(_key(user_id))
    except RedisError as error:
        raise Unavailable(_("No code can be checked right now. Try again in a moment.")) from error
    try:
        return dict(json.loads(encryption().decrypt(kept))) if kept else None
    except InvalidToken:
        return None
