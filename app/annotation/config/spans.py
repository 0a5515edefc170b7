"""Texts as annotators see them, and offsets in them.

Offsets count UTF-16 code units, because that is what browsers and Label Studio count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def shown_text(value: str, data: Mapping[str, Any]) -> str:
    """What a `value` attribute shows for a task: the field that `$field` names, else the attribute's own text.

    Line ends are LF, as the browser makes them. What is no text is shown as JSON.
    """
    found = data.get(value[1:], "") if value.startswith("$") else value
    if found is None:
        return ""
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def length(text: str) -> int:
    """How many UTF-16 code units a text has."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, start: int, end: int) -> str | None:
    """The text between two offsets. None when they lie outside of it, in the wrong order, or inside a character."""
    if not 0 <= start <= end:
        return None
    if text.isascii():
        return text[start:end] if end <= len(text) else None
    units = text.encode("utf-16-le")
    if end * 2 > len(units):
        return None
    try:
        return units[start * 2 : end * 2].decode("utf-16-le")
    except UnicodeDecodeError:
        return None
