"""A copy of all that is about one person: parts that rooms contribute, written into one archive.

A contributor gets a user's id and gives steps; a step gives parts. Between two steps progress is committed, so a
contributor may enter organizations one after the other. What it gives is what that person may see.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import structlog

from app.adapters import files

log = structlog.get_logger(__name__)

#: Bytes of people's own files that go into one archive; what is left out is named in it.
MOST_IN_FILES = 2 * 2**30
_PIECE = 1 << 18


@dataclass(frozen=True)
class Part:
    """One file of the archive: rows, which become JSON, or a stored file."""

    path: str
    rows: Iterable[Any] | None = None
    file: str | None = None


Steps = Iterator[Iterable[Part]]

#: {name: (steps of a user, how many there will be)}
_contributors: dict[str, tuple[Callable[[int], Steps], Callable[[int], int]]] = {}


def contribute(name: str, collect: Callable[[int], Steps], count: Callable[[int], int] = lambda user_id: 1) -> None:
    """Have a room's own part of the archive collected. Registering again replaces."""
    _contributors[name] = (collect, count)


def count_steps(user_id: int) -> int:
    return sum(count(user_id) for _, count in _contributors.values())


def write_archive(user_id: int, target: Path, done: Callable[[int], None]) -> None:
    """Write all parts; `done(steps)` is called after each step."""
    steps, room = 0, MOST_IN_FILES
    left_out: list[dict[str, str]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for collect, _ in _contributors.values():
            for step in collect(user_id):
                for part in step:
                    room -= _write(archive, part, room, left_out)
                steps += 1
                done(steps)
        if left_out:
            _write_rows(archive, "left-out.json", left_out)


def _write(archive: zipfile.ZipFile, part: Part, room: int, left_out: list[dict[str, str]]) -> int:
    """One part; the bytes it took of the room for files."""
    if part.file is None:
        _write_rows(archive, part.path, part.rows or ())
        return 0
    try:
        with files.open_file(part.file) as source:
            size = source.seek(0, 2)
            source.seek(0)
            if size > room:
                left_out.append({"path": part.path, "why": "the archive would be too large"})
                return 0
            with archive.open(part.path, "w") as into:
                while piece := source.read(_PIECE):
                    into.write(piece)
    except FileNotFoundError:
        left_out.append({"path": part.path, "why": "the file is not there any more"})
        return 0
    return size


def _write_rows(archive: zipfile.ZipFile, path: str, rows: Iterable[Any]) -> None:
    with archive.open(path, "w") as into:
        into.write(b"[")
        for number, row in enumerate(rows):
            said = json.dumps(dict(row), default=_plain, ensure_ascii=False)
            into.write((",\n" if number else "\n").encode() + said.encode())
        into.write(b"\n]\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)
