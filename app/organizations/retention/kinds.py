"""The kinds of things that can have an end. Rooms above say what of theirs that is, and how it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from app.kernel.access import Actor


@dataclass(frozen=True)
class Kept:
    """One kind: what it is called, which are over at a moment, and what is done with those."""

    title: Any
    #: What begins the time: "since it was closed".
    since: Any
    #: The ids of those that were over before a moment, oldest first.
    due: Callable[[datetime], Select[int]]
    #: Takes them, with all that hangs on them.
    delete: Callable[[Sequence[int]], None]
    #: They as they are written into the file; None: they are not worth keeping.
    written: Callable[[Sequence[int]], Sequence[dict[str, Any]]] | None = None
    #: Makes them nameless: (ids, by). None: nothing in them names people outside.
    anonymise: Callable[[Sequence[int], Actor], None] | None = None
    #: Those of `due` that still name somebody, so that a night's round comes to an end.
    to_anonymise: Callable[[datetime], Select[int]] | None = None


#: By their key, so that registering again replaces.
KINDS: dict[str, Kept] = {}


def keeps(key: str, kept: Kept) -> None:
    """Let a room say what can have an end."""
    KINDS[key] = kept
