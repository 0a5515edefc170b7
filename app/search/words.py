"""Text and questions as search sees them: words without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata

#: Scripts that write no spaces between words: each sign stands alone and is asked for beside its neighbour.
_UNPARTED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_NO_WORD = re.compile(r"[\W_]+")
#: Words of one question that are looked at.
_MOST = 12
_LONGEST = 60


def fold(text: str) -> str:
    """Words parted by single spaces: `Crème-brûlée` is `creme brulee`, `検索` is `検 索`."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    plain = unicodedata.normalize("NFC", plain)
    return " ".join(_NO_WORD.sub(" ", _UNPARTED.sub(r" \g<0> ", plain)).split())


def query_of(asked: str) -> str | None:
    """What was typed, as PostgreSQL's `to_tsquery` reads it: every word, in any order, each as the beginning of one.

    What was typed without a space (`web-12`, `anna@kestrel.test`) must stand together. None when no word is in it.
    """
    terms = []
    for typed in asked.split()[:_MOST]:
        parts = [part[:_LONGEST] for part in fold(typed).split()][:_MOST]
        if parts:
            terms.append(" <-> ".join([*parts[:-1], f"{parts[-1]}:*"]))
    return " & ".join(f"({term})" for term in terms) or None
