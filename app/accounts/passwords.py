"""Passwords: Argon2id with the library's recommended cost, and which ones are too easy to guess."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

SHORTEST = 10
#: Longer ones are refused before hashing; nobody types them.
LONGEST = 1000

#: One hash takes 64 MiB while it runs: more at once would take the machine down before they take the sign-in down.
_turns = threading.BoundedSemaphore(2)

#: What people choose most, of those that are long enough (and their stems, with digits behind them).
_COMMON_WORDS = """
    1234567890 12345678910 0123456789 0987654321 123456789a 1q2w3e4r5t q1w2e3r4t5 1qaz2wsx3edc zaq12wsxcde
    qwertyuiop qwerty12345 qwerty123456 asdfghjkl1 1234qwerasdf qwertzuiop azertyuiop abcdefghij abcd123456
    abc123456789 password12 password123 password1234 password12345 passw0rd123 p@ssword123 p@ssw0rd123
    passwordpassword iloveyou123 iloveyou12 letmein1234 letmein123 welcome123 welcome1234 administrator
    admin12345 admin123456 changeme123 changeit123 superman123 football123 baseball123 basketball sunshine123
    princess123 dragon12345 monkey12345 liverpool1 manchester michelle123 jennifer123 mypassword mypassword1
    secret12345 trustno1234 trestleboard trestleboard1 trestleboard123 correcthorsebatterystaple password
    passw0rd p@ssword p@ssw0rd qwerty qwertz welcome iloveyou letmein admin changeme superman football baseball
    basketball sunshine princess dragon monkey liverpool michelle jennifer secret master shadow summer winter
    spring autumn
"""
_COMMON = frozenset(_COMMON_WORDS.split())


@lru_cache(maxsize=2)
def _hasher(testing: bool) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1) if testing else PasswordHasher()


@lru_cache(maxsize=2)
def _nobodys(testing: bool) -> str:
    """The hash of a password that nobody has, of the same cost as everybody's."""
    return _hasher(testing).hash("nobody")


def _cheap() -> bool:
    return bool(current_app.extensions["trestleboard"].testing)


def hash_password(password: str) -> str:
    with _turns:
        return _hasher(_cheap()).hash(_plain(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password. Takes the same time when there is none: who has an account is nobody's business."""
    known = stored or _nobodys(_cheap())
    try:
        with _turns:
            found = _hasher(_cheap()).verify(known, _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return found and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made at another cost than today's, so that it is to be made anew at the next sign-in."""
    return _hasher(_cheap()).check_needs_rehash(stored)


def objection(password: str, *, email: str = "", name: str = "") -> str | None:
    """Why a password will not do, as a sentence; None when it will."""
    plain = _plain(password).casefold()
    if len(plain) < SHORTEST:
        return f"At least {SHORTEST} characters, please. A few words in a row are easy to keep in mind."
    if len(password) > LONGEST:
        return f"At most {LONGEST:,} characters, please."
    if plain in _COMMON or re.sub(r"[\d\W_]+$", "", plain) in _COMMON or len(set(plain)) < 4:
        return "This is one of the first passwords that a stranger would try. Take another."
    rest = plain
    theirs = {*re.split(r"[\W_]+", f"{name} {email.partition('@')[0]}".casefold()), email.casefold()}
    for own in sorted(theirs, key=len, reverse=True):
        if len(own) >= 3:
            rest = rest.replace(own, "")
    if plain != rest and len(rest) < SHORTEST // 2:
        return "This is nearly your own name or address. Take something that nobody knows of you."
    return None


def _plain(password: str) -> str:
    """The same letters typed on another keyboard make the same password."""
    return unicodedata.normalize("NFKC", password)
