"""What differs between two texts, by lines first and by words within changed lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

#: Pieces on either side beyond which nothing finer is looked for: comparing takes time by the square.
_MOST_LINES = 4_000
_MOST_WORDS = 1_000
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Part:
    """A stretch of text that stayed, went or came."""

    kind: Literal["same", "del", "ins"]
    text: str


def difference(old: str, new: str) -> list[Part]:
    """`old` and `new` woven together: without its "ins" parts it is `old`, without its "del" parts `new`."""
    parts: list[Part] = []
    for kind, text in _lines(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if not text:
            continue
        if parts and parts[-1].kind == kind:
            parts[-1] = Part(kind, parts[-1].text + text)
        else:
            parts.append(Part(kind, text))
    return parts


Piece = tuple[Literal["same", "del", "ins"], str]


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for tag, before, after in _matched(old, new, _MOST_LINES):
        if tag == "equal":
            yield "same", "".join(after)
        else:
            yield from _words(_WORDS.findall("".join(before)), _WORDS.findall("".join(after)))


def _words(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for tag, before, after in _matched(old, new, _MOST_WORDS):
        if tag == "equal":
            yield "same", "".join(after)
        else:
            yield "del", "".join(before)
            yield "ins", "".join(after)


def _matched(old: Sequence[str], new: Sequence[str], most: int) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    if max(len(old), len(new)) > most:
        yield "replace", old, new
        return
    for tag, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        yield tag, old[i:j], new[k:m]
