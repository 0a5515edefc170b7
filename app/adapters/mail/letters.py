"""A letter, and the MIME message it becomes. Nothing that people typed can add a header or an addressee."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
#: What a header of ours may be called (RFC 5322: printable, no colon); these alone come from letters.
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
#: Long headers stay on one line: a link that is folded, or encoded because it cannot be, leads nowhere.
_POLICY = SMTP.clone(max_line_length=998)
_OURS = frozenset(
    {"from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references"}
    | {"auto-submitted", "mime-version", "x-trestleboard"}
)
_MEDIA_TYPE = re.compile(r"(?!multipart/|message/)[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
_UNKNOWN = "application/octet-stream"
_PATH = re.compile(r'[/\\"]')
#: A Message-ID as it may stand in our headers. Others, however broken, are not repeated.
MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,500}>")


class MailRefused(Exception):
    """A carrier did not take a letter. `permanent`: asking again would not help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True)
class LetterPart:
    """A file that goes along: attached, or, with a `content_id` (without brackets), shown by the HTML as `cid:…`."""

    name: str
    media_type: str
    content: bytes
    content_id: str | None = None


@dataclass(frozen=True)
class Letter:
    """One mail to one address. A repeat has the same `message_id` and `written_at`, so that it can be recognised."""

    message_id: str
    sender: str
    to: str
    subject: str
    text: str
    written_at: datetime
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: The name shown before the sender's address, instead of the one in `sender`.
    sender_name: str | None = None
    reply_to: str | None = None
    in_reply_to: str | None = None
    #: The Message-IDs of the thread, oldest first.
    references: Sequence[str] = ()
    #: A machine wrote it. A person's own words are not marked so, or nobody's vacation notice would answer them.
    automatic: bool = True
    #: Who sent it, by installation: so that we know our own mail when it comes back.
    mark: str | None = None
    parts: Sequence[LetterPart] = ()


def check_address(text: str) -> str:
    """A single bare address (`who@where`), or ValueError."""
    text = text.strip()
    if len(text) > 254 or _CONTROLS.search(text) or parseaddr(text) != ("", text):
        raise ValueError("not a mail address")
    try:
        address = Address(addr_spec=text)
    except (MessageError, IndexError) as error:
        raise ValueError("not a mail address") from error
    if not address.username or not address.domain:
        raise ValueError("not a mail address")
    return text


def plain_line(text: str, most: int) -> str:
    """Text fit for a header: one line, no control characters, cut at `most` characters."""
    line = " ".join(_CONTROLS.sub(" ", text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def compose(letter: Letter) -> EmailMessage:
    """The message, plain text first, HTML as its alternative. Raises MailRefused when it cannot be written down."""
    message = EmailMessage(policy=_POLICY)
    try:
        message["From"] = _sender(letter)
        if letter.reply_to:
            message["Reply-To"] = check_address(letter.reply_to)
        message["To"] = check_address(letter.to)
        message["Subject"] = plain_line(letter.subject, 400)
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = letter.message_id
        _thread(message, letter)
        if letter.automatic:
            # RFC 3834: no vacation notice answers this.
            message["Auto-Submitted"] = "auto-generated"
        if letter.mark:
            message["X-Trestleboard"] = letter.mark
        for name, value in letter.headers.items():
            if not _HEADER.fullmatch(name) or name.lower() in _OURS:
                raise ValueError(f"header {name!r} is not for letters to set")
            message[name] = value
        message.set_content(letter.text)
        inline = [part for part in letter.parts if letter.html and part.content_id]
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
            if inline:
                html = message.get_payload(1)
                html.make_related()  # type: ignore[union-attr]
                for part in inline:
                    html.attach(_file(part, inline=True))  # type: ignore[union-attr]
        if len(inline) < len(letter.parts):
            message.make_mixed()
        for part in letter.parts:
            if part not in inline:
                message.attach(_file(part, inline=False))
    except (ValueError, IndexError, UnicodeError) as error:
        raise MailRefused(f"The mail cannot be written down: {error}", permanent=True) from error
    return message


def _sender(letter: Letter) -> str | Address:
    if letter.sender_name is None:
        return letter.sender
    return Address(plain_line(letter.sender_name, 120), addr_spec=parseaddr(letter.sender)[1])


def _thread(message: EmailMessage, letter: Letter) -> None:
    """In-Reply-To and References; what is no Message-ID is left out. The policy folds between them."""
    for name, ids in (("In-Reply-To", [letter.in_reply_to or ""]), ("References", letter.references)):
        if sound := [found for found in ids if MESSAGE_ID.fullmatch(found)]:
            message[name] = " ".join(sound)


def _file(part: LetterPart, *, inline: bool) -> EmailMessage:
    """A part of its own policy: base64 goes in short lines, as every mail server expects it."""
    maintype, subtype = (part.media_type if _MEDIA_TYPE.fullmatch(part.media_type) else _UNKNOWN).split("/")
    message = EmailMessage(policy=SMTP)
    message.set_content(
        part.content,
        maintype=maintype,
        subtype=subtype,
        disposition="inline" if inline else "attachment",
        filename=_PATH.sub("_", plain_line(part.name, 200)) or "file",
        cid=f"<{plain_line(part.content_id, 200)}>" if inline and part.content_id else None,
    )
    del message["MIME-Version"]
    return message
