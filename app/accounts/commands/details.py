"""Private details: kept sealed, and read by their owner alone."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import Details, UserDetails, seal
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

#: What is shown by its last signs only, so that it is kept when nothing new is typed.
SECRET = ("account_number", "upi_id", "tax_number")
#: Typed in place of a secret to have it forgotten.
FORGET = "-"

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_PLAIN_NUMBER = re.compile(r"[0-9]{6,20}")
_BANK_CODE = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}|[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_UPI = re.compile(r"[A-Za-z0-9._-]{2,256}@[A-Za-z0-9]{2,64}")


def details_of(user_id: int) -> Details:
    """What a person told of themselves, in the clear: for them alone. Empty when there is nothing."""
    row = db.session.get(UserDetails, user_id)
    return row.details if row else Details()


def keep_details(user_id: int, **said: str) -> None:
    """Keep what was said; a secret that was left empty stays as it is. Raises Invalid at what cannot be right."""
    empty = insert(UserDetails).values(user_id=user_id, sealed=seal(Details()), updated_at=now())
    db.session.execute(empty.on_conflict_do_nothing())
    row = db.session.scalars(select(UserDetails).where(UserDetails.user_id == user_id).with_for_update()).one()
    kept = row.details
    for name in SECRET:
        if (typed := said.get(name, "")) in ("", FORGET):
            said[name] = "" if typed == FORGET else getattr(kept, name)
    for name in ("account_number", "bank_code"):
        said[name] = re.sub(r"[\s.-]", "", said.get(name, getattr(kept, name))).upper()
    _check(said)
    row.details = replace(kept, **said)


def forget_details(user_id: int) -> None:
    """All of it, at once."""
    db.session.execute(delete(UserDetails).where(UserDetails.user_id == user_id))


def masked(value: str) -> str:
    """The last four signs of a secret, enough for its owner; of a short one less."""
    return f"•••• {value[-4:] if len(value) >= 8 else value[-1:]}" if value else ""


def _check(said: dict[str, str]) -> None:
    number = said["account_number"]
    if number and not (_PLAIN_NUMBER.fullmatch(number) or is_iban(number)):
        raise Invalid(_("This is no IBAN and no account number: look at its digits again."), "account_number")
    if said["bank_code"] and not _BANK_CODE.fullmatch(said["bank_code"]):
        raise Invalid(_("A BIC has 8 or 11 signs, an IFSC has 11: look at it again."), "bank_code")
    if said.get("upi_id") and not _UPI.fullmatch(said["upi_id"]):
        raise Invalid(_("A UPI address looks like name@bank."), "upi_id")


def is_iban(text: str) -> bool:
    """Whether an account number's check digits are right (ISO 7064, mod 97-10)."""
    if not _IBAN.fullmatch(text):
        return False
    digits = "".join(str(int(sign, 36)) for sign in text[4:] + text[:4])
    return int(digits) % 97 == 1
