"""Slugs: the first part of every address of an organization."""

from __future__ import annotations

import re
import unicodedata

from app.web.urls import RESERVED

LONGEST = 40
_FORM = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")
#: Letters that do not come apart into a plain one and a mark.
_SPELLED = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})


def suggest(name: str) -> str:
    """An address for a name: "Kestrel Freight, Łódź" is `kestrel-freight-lodz`. Empty when no letter can be kept."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_SPELLED)).encode("ascii", "ignore").decode()
    slug = re.sub(r"-+", "-", re.sub(r"[^a-z0-9]+", "-", plain)).strip("-")[:LONGEST].strip("-")
    if not slug:
        return ""
    return f"{slug}-team"[:LONGEST] if len(slug) < 3 or slug in RESERVED else slug


def objection(slug: str) -> str | None:
    """Why a slug will not do, but for being taken; None when it will."""
    if not _FORM.fullmatch(slug):
        return "3 to 40 small letters, digits and hyphens, please; no hyphen at either end."
    if slug in RESERVED:
        return "This address is needed by Trestleboard itself. Take another."
    return None
