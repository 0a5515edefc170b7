"""The system account that PostgreSQL runs as. PostgreSQL refuses root, so under root it is another user."""

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from app.adapters.embedded.errors import ServerFailed

_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2


@dataclass(frozen=True)
class Account:
    """Who owns PostgreSQL's files; `prefix` goes before its commands."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    @property
    def is_us(self) -> bool:
        return not self.prefix

    def take(self, folder: Path) -> None:
        """Make a folder this account's own and private, and create it if need be."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.is_us:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def account_for(folder: Path) -> Account:
    """Ourselves, or, when we are root, the owner of `folder` if it exists, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if shutil.which("setpriv") is None:
        raise ServerFailed("PostgreSQL refuses root and `setpriv` (of util-linux) is missing: start as another user.")
    owner = folder.stat() if folder.exists() else None
    if owner is not None and owner.st_uid != 0:
        uid, gid = owner.st_uid, owner.st_gid
    else:
        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        entry = known.get("postgres") or known.get("nobody")
        if entry is None:
            raise ServerFailed(
                "PostgreSQL refuses root and there is no user `postgres` or `nobody`: start as another user."
            )
        uid, gid = entry.pw_uid, entry.pw_gid
    as_them = ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *_reach(), "--pdeathsig=INT")
    return Account(uid, gid, as_them)


def _reach() -> tuple[str, ...]:
    """Let that user through private folders (a virtual environment below /root), as far as we may: containers often
    withhold the first capability, some also the second."""
    status = Path("/proc/self/status").read_text().splitlines()
    held = next(int(line.split()[1], 16) for line in status if line.startswith("CapPrm"))
    for bit, name in ((_DAC_READ_SEARCH, "dac_read_search"), (_DAC_OVERRIDE, "dac_override")):
        if held >> bit & 1:
            return (f"--inh-caps=+{name}", f"--ambient-caps=+{name}")
    return ()
