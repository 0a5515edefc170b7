"""The instance folder: ours alone, held by one process at a time, which leaves the addresses of its servers there."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sys
from pathlib import Path

from app.adapters.embedded.errors import FolderUnusable


def prepare_folder(instance: Path) -> None:
    """Create the instance folder, private to us. Raises FolderUnusable if it is someone else's or not writable."""
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = instance.stat()
    except FileExistsError as error:
        raise FolderUnusable(f"The instance folder {instance} is a file.") from error
    except OSError as error:
        raise FolderUnusable(f"The instance folder {instance} cannot be written: {error.strerror}.") from error
    if found.st_uid != os.geteuid():
        raise FolderUnusable(
            f"The instance folder {instance} belongs to another user: start as that one, or set TRESTLE_INSTANCE."
        )
    os.close(_open_lock(instance))  # writing is the only true answer to whether we may write


def _open_lock(instance: Path) -> int:
    try:
        return os.open(instance / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise FolderUnusable(f"The instance folder {instance} cannot be written: {error.strerror}.") from error


class Hold:
    """The lock on an instance. The kernel lets go of it when we die, however we die."""

    def __init__(self, instance: Path) -> None:
        self._lock = instance / "lock"
        self._addresses = instance / "servers.json"
        self._handle = -1

    def take(self) -> bool:
        """Try to hold the instance; false if another process holds it."""
        handle = _open_lock(self._lock.parent)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        self._addresses.unlink(missing_ok=True)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()} {self._purpose()}\n".encode(), 0)
        return True

    def holder(self) -> str:
        """Who holds it, for people: `process 123 (run)`."""
        with contextlib.suppress(OSError, ValueError):
            pid, purpose = self._lock.read_text().split(maxsplit=1)
            return f"process {pid} ({purpose.strip()})"
        return "another process"

    def announce(self, addresses: dict[str, str]) -> None:
        """Leave the addresses of the running servers for other commands of this instance."""
        fresh = self._addresses.with_suffix(".new")
        fresh.write_text(json.dumps({"pid": os.getpid(), **addresses}))
        fresh.chmod(0o600)
        fresh.replace(self._addresses)

    def announced(self) -> dict[str, str] | None:
        """The addresses that the present holder left; None while it is still starting."""
        try:
            found = json.loads(self._addresses.read_text())
            pid = int(self._lock.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return found if found.pop("pid", None) == pid else None

    def release(self) -> None:
        self._addresses.unlink(missing_ok=True)
        os.ftruncate(self._handle, 0)
        os.close(self._handle)

    @staticmethod
    def _purpose() -> str:
        program = Path(sys.argv[0]).parent.name if sys.argv[0].endswith("__main__.py") else Path(sys.argv[0]).name
        return sys.argv[1] if program == "cli" and len(sys.argv) > 1 else program or "python"
