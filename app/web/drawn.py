"""What many people see alike is drawn once: kept by this process for as long as the live topics it shows stand still.

Only for what depends on nothing but its key and those topics: everybody with the same key gets the same text. The guard
has decided before, for each of them.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, NamedTuple

from flask import Flask, g
from redis import RedisError

from app.kernel import live
from app.kernel.database import current_organization_id
from app.kernel.jobs import redis

#: Pieces that a process keeps, those least asked for go first; a large board has some 200 KB.
_MOST = 32
#: Seconds after which a piece is drawn anew in any case.
_LASTS = 60.0
_drawing = Lock()
_kept: OrderedDict[tuple[Hashable, ...], tuple[list[str], float, bytes]] = OrderedDict()


class Piece(NamedTuple):
    """What a text is kept by, and the full topics that it shows."""

    key: tuple[Hashable, ...]
    topics: tuple[str, ...]


def drawn_once(topics: Sequence[str], key: tuple[Hashable, ...], draw: Callable[[], str]) -> bytes:
    """`draw()`, or what it gave for this key while every topic had the version it has now.

    The first topic must move with whatever is shown. Until it has moved once, or while Redis is away, nothing is kept:
    two pasts without a version could not be told apart.
    """
    organization_id = current_organization_id()
    piece = Piece((organization_id, *topics, *key), tuple(f"{organization_id}:{topic}" for topic in topics))
    # Read before the rows are: what moves in between is drawn again, not missed.
    present = _present(piece)
    if present is None:
        return draw().encode()
    g.piece = piece
    if (text := _text(piece, present)) is not None:
        return text
    with _drawing:  # of many who come at the same moment, one does the work
        if (text := _text(piece, present)) is not None:
            return text
        text = draw().encode()
        if present[0] != live.NEVER_MOVED:
            _kept[piece.key] = (present, time.monotonic() + _LASTS, text)
            _kept.move_to_end(piece.key)
            while len(_kept) > _MOST:
                _kept.popitem(last=False)
    return text


def text_if(piece: Piece, versions: Mapping[str, str]) -> bytes | None:
    """What was drawn, if it is what would be drawn while its topics have these versions."""
    return _text(piece, [versions[topic] for topic in piece.topics])


def _present(piece: Piece) -> list[str] | None:
    """The versions of its topics; None while Redis is away."""
    try:
        return list(live.versions(redis(), piece.topics).values())
    except RedisError:
        return None


def _text(piece: Piece, present: list[str]) -> bytes | None:
    versions, until, text = _kept.get(piece.key, ([], 0.0, b""))
    return text if versions == present and time.monotonic() < until else None


def once(macro: Callable[..., str]) -> Callable[..., str]:
    """A macro that is drawn once for the same arguments: `{% set icon = once(_icon) %}`.

    For small parts that stand on every page and show nothing but what they are given.
    """
    remembered = lru_cache(maxsize=1000, typed=True)(macro)

    @wraps(macro)
    def draw(*given: Any, **named: Any) -> str:
        try:
            return remembered(*given, **named)
        except TypeError:  # something in it cannot be remembered by
            return macro(*given, **named)

    return draw


def init_app(app: Flask) -> None:
    app.jinja_env.globals["once"] = once
