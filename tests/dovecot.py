"""A real IMAP server: Dovecot, with a configuration and a folder of its own, on a free port, gone with the test."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

USER, PASSWORD = "support", "a-secret-of-theirs"
#: Seconds for it to come up or go away; it takes a fraction of one.
PATIENCE = 60


@dataclass
class Dovecot:
    """The server of one user. `deliver` puts mails into the inbox."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def deliver(self, *raws: bytes) -> None:
        with self.open() as box:
            for raw in raws:
                box.append("INBOX", "", "", raw)

    def open(self) -> imaplib.IMAP4:
        """A connection with the inbox selected."""
        box = imaplib.IMAP4("127.0.0.1", self.port, timeout=PATIENCE)
        box.login(USER, PASSWORD)
        box.select("INBOX")
        return box

    def unseen(self) -> int:
        with self.open() as box:
            return len(box.search(None, "UNSEEN")[1][0].split())

    def renumber(self) -> None:
        """The folder is made anew under the same name with the same mails, all unread."""
        with self.open() as box:
            found = [box.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in box.search(None, "ALL")[1][0].split()]
            box.close()
        before = self._validity()
        while self._validity() == before:  # the number is the second in which the folder was made
            shutil.rmtree(self.folder / "mail")
            self.deliver(*found)

    def _validity(self) -> bytes:
        with self.open() as box:
            return bytes(box.response("UIDVALIDITY")[1][0] or b"")


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    folder = Path(tempfile.mkdtemp(prefix="trestle-dovecot-"))
    try:
        server = _start(folder)
        try:
            yield server
        finally:
            server.process.send_signal(signal.SIGTERM)
            server.process.wait(PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> Dovecot:
    """As root its parts run as the package's users, and its mail is nobody's; else all of it is ours."""
    root = os.geteuid() == 0
    me = pwd.getpwuid(os.geteuid()).pw_name
    owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
    folder.chmod(0o755)
    for name in ("run", "state", "home"):
        (folder / name).mkdir()
    os.chown(folder / "home", owner.pw_uid, owner.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "dovecot.conf").write_text(f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {"dovecot" if root else me}
default_login_user = {"dovenull" if root else me}
default_internal_group = {"dovecot" if root else _group()}
first_valid_uid = 0
mail_location = maildir:{folder}/home/mail
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
""")
    argv = ["/usr/sbin/dovecot", "-F", "-c", str(folder / "dovecot.conf")]
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(argv, stdout=out, stderr=out)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with imaplib.IMAP4("127.0.0.1", port, timeout=5):
                return Dovecot(port, folder / "home", process)
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                process.kill()
                raise RuntimeError((folder / "out").read_text() + _log(folder)) from None
            time.sleep(0.05)


def _group() -> str:
    return grp.getgrgid(os.getegid()).gr_name


def _log(folder: Path) -> str:
    path = folder / "log"
    return path.read_text() if path.exists() else ""
