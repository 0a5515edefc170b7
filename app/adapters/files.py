"""Files of the instance: stored under random names in `instance/files`, so that no path ever comes from a person.

A name is 32 hexadecimal digits; the two first are its folder. Whoever stores a file keeps its name in a row. A file
that is stored `with_transaction` is gone when that transaction fails; `delete_on_commit` waits until the row is gone.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import secrets
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kernel.database import db
from app.kernel.errors import Invalid, Unavailable

_NAME = re.compile(r"[0-9a-f]{32}")
_PIECE = 1 << 18
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: Characters of a name that people read.
_LONGEST = 150


@dataclass(frozen=True)
class Stored:
    """A file that was stored: its name, its size in bytes and its SHA-256."""

    name: str
    size: int
    digest: str


class TooLarge(Invalid):
    """More bytes came than this place takes."""


class NoRoom(Unavailable):
    """The disk is full."""

    def __init__(self) -> None:
        super().__init__("There is no room left on the server, so the file was not kept. Tell whoever runs it.")


def store(source: IO[bytes], *, most: int, with_transaction: bool = False) -> Stored:
    """Copy a stream, piece by piece, into a new file of at most `most` bytes.

    Raises TooLarge or NoRoom and leaves nothing. `with_transaction`: a rollback takes the file away again.
    """
    name = secrets.token_hex(16)
    path = _path(name)
    size, digest = 0, hashlib.sha256()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            while piece := source.read(_PIECE):
                size += len(piece)
                if size > most:
                    raise TooLarge(f"The file is larger than {most // 2**20} MB, which is the most that fits here.")
                digest.update(piece)
                target.write(piece)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if is_full(error):
            raise NoRoom from error
        raise
    if with_transaction:
        _note("stored", name)
    return Stored(name, size, digest.hexdigest())


def store_bytes(data: bytes, *, with_transaction: bool = False) -> Stored:
    """The same of what stands in memory already."""
    return store(io.BytesIO(data), most=len(data), with_transaction=with_transaction)


def is_full(error: BaseException) -> bool:
    """Whether something failed because the disk, or this process's part of it, is full."""
    return isinstance(error, OSError) and error.errno in _FULL


def open_file(name: str) -> BinaryIO:
    """A stored file, for reading. Raises FileNotFoundError when it was deleted, ValueError for a name we never gave."""
    return _path(name).open("rb")


def reserve() -> str:
    """A new name, for a file that another program of ours writes at `place_of(name)`."""
    name = secrets.token_hex(16)
    _path(name).parent.mkdir(parents=True, exist_ok=True)
    return name


def place_of(name: str) -> Path:
    """Where a stored file lies, for programs that take no stream. Raises ValueError for a name we never gave."""
    return _path(name)


@contextmanager
def scratch() -> Iterator[Path]:
    """A place for one file that nobody else reads, gone at the end of the block."""
    folder: Path = current_app.extensions["trestleboard"].instance
    (folder / "files").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="scratch-", dir=folder / "files") as inside:
        yield Path(inside) / "rows"


def delete(name: str) -> None:
    """Forget a file; nothing happens when it is gone already."""
    _path(name).unlink(missing_ok=True)


def delete_on_commit(name: str) -> None:
    """Forget a file once this transaction has committed; with a rollback it stays."""
    _note("unwanted", name)


def name_for_people(given: str) -> str:
    """What a sender called a file, as it may be shown and offered: the last part, without marks that cannot be seen.

    No path is ever made of it. Marks that turn the direction would let `exe.txt` read as `txt.exe`, and a name that
    begins with a dot means something to the place where it is saved.
    """
    last = unicodedata.normalize("NFC", given.replace("\\", "/").rsplit("/", 1)[-1])
    seen = "".join(
        " " if sign.isspace() else sign for sign in last if sign.isspace() or unicodedata.category(sign)[0] != "C"
    )
    stem, dot, ending = " ".join(seen.split()).strip(". ").rpartition(".")
    if not dot or len(ending) > 20:
        return f"{stem}{dot}{ending}"[:_LONGEST] or "file"
    return f"{stem[: _LONGEST - len(ending) - 1].rstrip()}.{ending}"


def _note(what: str, name: str) -> None:
    db.session.connection()  # a transaction must have begun for its end to be heard
    db.session.info.setdefault(f"files_{what}", []).append(name)


def _settle(session: Session, *, committed: bool) -> None:
    if session.in_nested_transaction():
        return
    stored, unwanted = session.info.pop("files_stored", ()), session.info.pop("files_unwanted", ())
    for name in unwanted if committed else stored:
        delete(name)


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    _settle(session, committed=True)


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    _settle(session, committed=False)


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a stored file: {name!r}")
    folder: Path = current_app.extensions["trestleboard"].instance
    return folder / "files" / name[:2] / name
