"""Where the unix sockets stand: in the instance folder, or in a short one when that path is too long for a socket."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from app.adapters.embedded.account import Account
from app.adapters.embedded.errors import FolderUnusable

#: Bytes of a socket's path, without the closing zero (unix(7)).
LONGEST = 107


def socket_folder(wanted: Path, socket: str, account: Account) -> Path:
    """`wanted`, or a folder under the temporary one when `wanted/socket` is too long; private to `account`.

    A comma would separate two hosts in a PostgreSQL address, so such a path is moved too. Raises FolderUnusable when
    the short folder belongs to someone else.
    """
    if len(os.fsencode(wanted / socket)) <= LONGEST and "," not in str(wanted):
        account.take(wanted)
        return wanted
    name = f"trestleboard-{account.uid}-{hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]}"
    for place in (tempfile.gettempdir(), "/tmp"):  # noqa: S108
        short = Path(place) / name
        if len(os.fsencode(short / socket)) <= LONGEST:
            break
    try:
        short.mkdir(mode=0o700)
        account.take(short)
    except FileExistsError:
        found = short.lstat()
        if found.st_uid != account.uid or short.is_symlink() or found.st_mode & 0o077:
            raise FolderUnusable(f"The folder {short} for the sockets belongs to someone else; remove it.") from None
    except OSError as error:
        raise FolderUnusable(f"The folder {short} for the sockets cannot be made: {error.strerror}.") from error
    return short


def leave(folder: Path, wanted: Path) -> None:
    """Remove a short folder that no socket stands in any more; the next start makes it again."""
    if folder != wanted:
        with contextlib.suppress(OSError):
            folder.rmdir()
