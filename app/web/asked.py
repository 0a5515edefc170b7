"""Reading what scripts send: ids and values, each checked. Anything else is a 422 with a sentence."""

from __future__ import annotations

import re

from flask import request

from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

#: Things that one request may change.
MOST = 1000
_ID = re.compile(r"[1-9][0-9]{0,17}")


def one(name: str, *, required: bool = True) -> str:
    """A value that is sent once; empty when it is not required and missing."""
    values = request.form.getlist(name)
    if len(values) > 1:
        raise Invalid(_("“%(name)s” was sent twice. Send one value.", name=name), name)
    if not values and required:
        raise Invalid(_("“%(name)s” is missing.", name=name), name)
    return values[0] if values else ""


def one_id(name: str) -> int | None:
    """An id that may be missing or empty."""
    text = one(name, required=False)
    return _id(text, name) if text else None


def ids_of(values: list[str], name: str = "ids", *, of: tuple[str, str] = ("thing", "things")) -> list[int]:
    """Ids of what is called `of`. Raises Invalid for none, too many, and what is no id."""
    if not values:
        article = "an" if of[0][0] in "aeiou" else "a"
        raise Invalid(_("Choose %(article)s %(value)s first.", article=article, value=of[0]), name)
    if len(values) > MOST:
        raise Invalid(_("At most %(most)s %(value)s at once, please.", most=f"{MOST:,}", value=of[1]), name)
    return [_id(value, name) for value in values]


def _id(text: str, name: str) -> int:
    if not text.isascii() or not _ID.fullmatch(text):
        raise Invalid(_("“%(name)s” must be a number.", name=name), name)
    return int(text)
