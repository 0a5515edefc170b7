"""A folder of an IMAP account, read by us. Its server is a stranger: whatever it does wrong ends in a sentence."""

from __future__ import annotations

import imaplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from app.adapters.addresses import is_public

#: Seconds for each answer, and for all that is done over one connection.
TIMEOUT, IN_ALL = 20, 240
#: Bytes of the most that one answer may bring: somewhat more than the largest mail that is taken.
_MOST = 52 * 2**20


class MailboxTrouble(Exception):
    """The mailbox cannot be used now. The message is a sentence, without anything that the server said of itself."""


class MailTrouble(Exception):
    """The server does not hand one mail over; the others may be fine."""


@dataclass(frozen=True)
class Mailbox:
    """Where a folder is. `security`: "tls", "starttls" or "none". `internal`: addresses of our own network may do."""

    host: str
    port: int
    security: str
    username: str
    password: str
    folder: str
    internal: bool = False


class OpenFolder:
    """A selected folder. Numbers are its mails' UIDs."""

    def __init__(self, box: BaseMailBox, where: Mailbox, validity: int) -> None:
        self._box, self._where = box, where
        #: While it stays the same, numbers mean the same mails.
        self.validity = validity

    def unread(self) -> list[int]:
        """Mails that nobody has read, oldest first."""
        return self._search("UNSEEN")

    def highest(self) -> int:
        """The highest number there is; 0 in an empty folder."""
        return max(self._search("UID *"), default=0)

    def after(self, uid: int) -> list[int]:
        """Mails with higher numbers, oldest first."""
        return [found for found in self._search(f"UID {uid + 1}:*") if found > uid]

    def size(self, uid: int) -> int:
        """Bytes, as the server says; 0 when it does not."""
        for answer in self._fetch(uid, "(RFC822.SIZE)"):
            text = answer[0] if isinstance(answer, tuple) else answer
            words = text.replace(b"(", b" ").replace(b")", b" ").split()
            if b"RFC822.SIZE" in words[:-1]:
                number = words[words.index(b"RFC822.SIZE") + 1]
                return int(number) if number.isdigit() else 0
        return 0

    def raw(self, uid: int) -> bytes:
        """The whole mail, left as unread as it is. Raises MailTrouble."""
        return self._body(uid, "(BODY.PEEK[])")

    def headers(self, uid: int) -> bytes:
        """Its headers only. Raises MailTrouble."""
        return self._body(uid, "(BODY.PEEK[HEADER])")

    def mark_read(self, uid: int) -> None:
        """So that people who look there see that it was taken. A server that refuses does no harm."""
        with _told(self._where):
            try:
                self._box.client.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)")
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                return

    def _search(self, criteria: str) -> list[int]:
        with _told(self._where):
            kind, answer = self._box.client.uid("SEARCH", criteria)
        if kind != "OK":
            raise MailboxTrouble("The mail server does not list the folder.")
        words = b" ".join(each for each in answer if isinstance(each, bytes)).split()
        return sorted(int(word) for word in words if word.isdigit() and len(word) <= 10)

    def _fetch(self, uid: int, wanted: str) -> list[Any]:
        with _told(self._where):
            try:
                kind, answer = self._box.client.uid("FETCH", str(uid), wanted)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                kind, answer = "NO", []
        if kind != "OK":
            raise MailTrouble("The mail server does not hand this mail over.")
        return list(answer)

    def _body(self, uid: int, wanted: str) -> bytes:
        for answer in self._fetch(uid, wanted):
            if isinstance(answer, tuple) and len(answer) > 1 and isinstance(answer[1], bytes):
                return answer[1]
        raise MailTrouble("The mail server does not hand this mail over: it may be gone.")


@contextmanager
def open_folder(where: Mailbox) -> Iterator[OpenFolder]:
    """Sign in and select the folder. Raises MailboxTrouble; the folder's methods do too."""
    box = None
    try:
        with _told(where):
            box = _Box(where)
            box.login(where.username, where.password, initial_folder=None)
            box.folder.set(where.folder)
            validity = box.client.response("UIDVALIDITY")[1][0]
        yield OpenFolder(box, where, int(validity) if validity and validity.isdigit() else 0)
    finally:
        if box is not None:
            with suppress(Exception):  # it is over, whatever is said to this
                box.logout()


@contextmanager
def _told(where: Mailbox) -> Iterator[None]:
    """Whatever the other side does wrong, as a sentence. Nothing else happens inside, so no error of ours is hidden."""
    try:
        yield
    except MailboxLoginError as error:
        raise MailboxTrouble("The mail server does not accept this user name and password.") from error
    except MailboxFolderSelectError as error:
        raise MailboxTrouble(f"There is no folder “{where.folder}” in this mailbox.") from error
    except ssl.SSLCertVerificationError as error:
        raise MailboxTrouble(f"The certificate of {where.host} is not valid for this name.") from error
    except TimeoutError as error:
        raise MailboxTrouble(f"{where.host} takes too long to answer.") from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
        raise MailboxTrouble(f"{where.host} does not answer as a mail server on port {where.port}.") from error


class _Bounded(imaplib.IMAP4):
    """A client that reads so much for so long and no more, from an address that was looked at before."""

    def __init__(self, where: Mailbox) -> None:
        self.deadline = time.monotonic() + IN_ALL
        self.where = where
        super().__init__(where.host, where.port, TIMEOUT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((_address(self.where), self.where.port), timeout)
        if self.where.security != "tls":
            return plain
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=self.where.host)
        except BaseException:
            plain.close()
            raise

    def read(self, size: int) -> bytes:
        self._check(size)
        pieces = []
        while size > 0:
            piece = self.file.read1(min(size, 1 << 16))  # type: ignore[union-attr]
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
            self._check(0)
        return b"".join(pieces)

    def readline(self) -> bytes:
        self._check(0)
        return super().readline()

    def _check(self, size: int) -> None:
        if size > _MOST:
            raise self.abort("too much at once")
        if time.monotonic() > self.deadline:
            raise TimeoutError


class _Box(BaseMailBox):
    def __init__(self, where: Mailbox) -> None:
        self._where = where
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = _Bounded(self._where)
        if self._where.security == "starttls":
            try:
                client.starttls(ssl.create_default_context())
            except BaseException:
                client.shutdown()
                raise
        return client


def _address(where: Mailbox) -> str:
    """The host's first address. Our own network is not for members to knock about in, unless the operator says so."""
    found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    if not where.internal and not is_public(address):
        raise OSError("not a public address")
    return address
