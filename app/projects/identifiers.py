"""Identifiers of projects: the WEB in WEB-12."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import count

FORM = re.compile(r"[A-Z][A-Z0-9]{0,9}")


def suggest_identifier(name: str, taken: Container[str]) -> str:
    """A short identifier for a name that no project has: initials of several words, else the first letters.

    Names without a Latin letter get P, P2, P3…
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words = [word for word in re.findall(r"[A-Z0-9]+", plain) if word]
    short = "".join(word[0] for word in words)[:5] if len(words) > 2 else (words[0][:3] if words else "")
    short = short.lstrip("0123456789") or "P"
    if short not in taken:
        return short
    return next(found for number in count(2) if (found := f"{short[: 10 - len(str(number))]}{number}") not in taken)
