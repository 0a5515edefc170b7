"""Headers: decoded whatever they claim to be, cut, and free of what would be two lines or no text."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from app.adapters.mail import MESSAGE_ID, check_address, plain_line
from app.web.forms import one_line

#: Bytes in which the headers of a mail must end to be seen at once.
HEAD = 1 << 20
#: Characters of a header that are looked at.
_LONG = 20_000
_MOST_IDS = 50
#: Codecs that Python calls text encodings and that no mail is honestly written in; some are slow on purpose.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_SUBJECT = ("message-id", "from", "date", "subject")


@dataclass(frozen=True)
class Peek:
    """What a row of mail says before anything is made of it."""

    message_id: str | None
    sender_name: str
    sender_address: str
    recipients: Sequence[str]
    subject: str
    #: SHA-256 of what the sender wrote, so that a repeated delivery is known. Without a Message-ID, of the whole mail.
    fingerprint: str


def peek(raw: bytes) -> Peek:
    """Read the headers. Never raises: what cannot be read is empty."""
    head, body = _split(raw)
    try:
        message = BytesHeaderParser().parsebytes(head[:HEAD])
    except Exception:  # noqa: BLE001 - hostile input, and the raw mail is kept
        message = Message()
    message_id = message_ids(message, "Message-ID")[:1]
    name, address = sender_of(message)
    written = [*(texts(message, header)[0][:_LONG] if message.get(header) else "" for header in _SUBJECT)]
    digest = hashlib.sha256("\n".join(written).encode("utf-8", "replace") if message_id else head)
    digest.update(b"\n\n" + body)
    return Peek(
        message_id=message_id[0] if message_id else None,
        sender_name=name,
        sender_address=address,
        recipients=recipients_of(message),
        subject=line(message, "Subject", 400),
        fingerprint=digest.hexdigest(),
    )


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """Headers and the rest, with either kind of line ends."""
    found = re.search(rb"\r?\n\r?\n", raw)
    return (raw[: found.start()], raw[found.end() :]) if found else (raw, b"")


def texts(message: Message, name: str) -> list[str]:
    """All values of a header as they stand there, 8-bit bytes read as UTF-8 or else as Latin-1."""
    found = [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]
    return [_unescape(value[:_LONG]) for value in found]


def line(message: Message, name: str, most: int) -> str:
    """The first value of a header, decoded, as one line of at most `most` characters. Empty when there is none."""
    return clean_line(decode_words((texts(message, name) or [""])[0]), most)


def clean_line(text: str, most: int) -> str:
    """One line without control and direction marks, which a database can hold."""
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return plain_line(one_line(sound) or "", most)


def decode_words(value: str) -> str:
    """RFC 2047's encoded words as text; whatever is broken stays as it stands."""
    try:
        pieces = decode_header(value)
    except Exception:  # noqa: BLE001 - hostile input
        return value
    return "".join(piece if isinstance(piece, str) else decode(piece, charset) for piece, charset in pieces)


def decode(content: bytes, charset: str | None) -> str:
    """Bytes as text: in the charset claimed, else as UTF-8, else as Windows-1252. Never raises."""
    for name in (charset, "utf-8"):
        if not name or (name == charset and not _is_charset(name)):
            continue
        try:
            return content.decode(name)
        except (UnicodeError, ValueError, LookupError):
            continue
    return content.decode("cp1252", "replace")


def _is_charset(name: str) -> bool:
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return False
    return bool(getattr(found, "_is_text_encoding", False)) and found.name.replace("-", "_") not in _NO_CHARSETS


def message_ids(message: Message, name: str) -> list[str]:
    """The sound Message-IDs of a header: the first and the last ones when there are very many."""
    found = [each for value in texts(message, name) for each in MESSAGE_ID.findall(value)]
    return found if len(found) <= _MOST_IDS else [found[0], *found[1 - _MOST_IDS :]]


def sender_of(message: Message) -> tuple[str, str]:
    """Name and lower-case address of the first sender named. Empty when nobody is."""
    for header in ("From", "Sender", "Reply-To", "Return-Path"):
        for name, address in _pairs(message, header):
            if sound := _sound(address):
                return clean_line(decode_words(name), 200), sound
    return "", ""


def recipients_of(message: Message) -> list[str]:
    """Where it was sent, lower case, without repeats: what the server says of its delivery goes before To and Cc."""
    headers = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
    found = (_sound(address) for header in headers for _, address in _pairs(message, header))
    return [*dict.fromkeys(address for address in found if address)][:100]


def _pairs(message: Message, name: str) -> list[tuple[str, str]]:
    """Names and addresses, taken apart before they are decoded: an encoded word cannot smuggle in an address."""
    try:
        return getaddresses([value[:_LONG] for value in texts(message, name)])
    except Exception:  # noqa: BLE001 - hostile input
        return []


def _sound(address: str) -> str:
    try:
        return check_address(address).lower()
    except ValueError:
        return ""


def _unescape(value: str) -> str:
    content = value.encode("utf-8", "surrogateescape")
    return decode(content, "utf-8")
