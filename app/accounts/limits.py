"""How often the door may be tried: by account, by place on the network, and by everybody together."""

from __future__ import annotations

from datetime import timedelta

from flask import request

from app.accounts.addresses import place
from app.kernel.limits import Limit, forgive, spend

_QUARTER, _HOUR, _MINUTE = timedelta(minutes=15), timedelta(hours=1), timedelta(minutes=1)

PASSWORD_BY_ACCOUNT = Limit("password.account", 10, _QUARTER)
PASSWORD_BY_PLACE = Limit("password.place", 60, _QUARTER)
PASSWORD_BY_ALL = Limit("password.all", 600, _MINUTE)

CODE_BY_ACCOUNT = Limit("code.account", 5, _QUARTER)
CODE_BY_ACCOUNT_A_DAY = Limit("code.account.day", 60, timedelta(days=1))
CODE_BY_PLACE = Limit("code.place", 60, _QUARTER)
CODE_BY_ALL = Limit("code.all", 600, _MINUTE)

LETTER_BY_ACCOUNT = Limit("letter.account", 4, _HOUR)
LETTER_BY_PLACE = Limit("letter.place", 30, _HOUR)
LETTER_BY_ALL = Limit("letter.all", 300, _MINUTE)


def try_password(email: str) -> None:
    """Before a password is looked at. Raises TooMany or Unavailable."""
    spend((PASSWORD_BY_ACCOUNT, email), (PASSWORD_BY_PLACE, place(request.remote_addr)), (PASSWORD_BY_ALL, ""))


def password_was_right(email: str) -> None:
    """The owner may mistype again; the place and the whole stay counted, or one right password would pay for many."""
    forgive(PASSWORD_BY_ACCOUNT, email)


def try_letter(email: str) -> None:
    """Before a letter is posted to an address that somebody typed. Raises TooMany or Unavailable."""
    spend((LETTER_BY_ACCOUNT, email), (LETTER_BY_PLACE, place(request.remote_addr)), (LETTER_BY_ALL, ""))


def try_link() -> None:
    """Before a token from an address is looked up. Raises TooMany or Unavailable."""
    spend((PASSWORD_BY_PLACE, place(request.remote_addr)), (PASSWORD_BY_ALL, ""))


def try_code(user_id: int) -> None:
    """Before a second factor is looked at. Raises TooMany or Unavailable.

    Six digits are few: at five tries a quarter of an hour and sixty a day, guessing takes a lifetime.
    """
    who = str(user_id)
    spend(
        (CODE_BY_ACCOUNT, who),
        (CODE_BY_ACCOUNT_A_DAY, who),
        (CODE_BY_PLACE, place(request.remote_addr)),
        (CODE_BY_ALL, ""),
    )


def code_was_right(user_id: int) -> None:
    forgive(CODE_BY_ACCOUNT, str(user_id))
    forgive(CODE_BY_ACCOUNT_A_DAY, str(user_id))


def password_is_new(user_id: int) -> None:
    """Whoever spent the day's tries of the second step knew the former password, and is out with it."""
    forgive(CODE_BY_ACCOUNT_A_DAY, str(user_id))
