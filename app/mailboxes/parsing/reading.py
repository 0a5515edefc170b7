"""A whole mail as values: who says what, with which files, in answer to what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from app.adapters.mail import MESSAGE_ID
from app.mailboxes.parsing import texts as words
from app.mailboxes.parsing.automatic import is_report, why_automatic
from app.mailboxes.parsing.headers import clean_line, decode, decode_words, line, message_ids, recipients_of, sender_of

#: Levels of parts within parts, and parts in all, that are looked at.
_DEEPEST, _MOST = 20, 1_000
#: The parser's work grows with boundaries times lines; honest mail, forwarded and forwarded again, names a few.
_BOUNDARIES = 60
#: Files of a mail that are taken; the others stay in the raw mail.
FILES = 50


class Unreadable(Exception):
    """A mail cannot be taken apart. The message is a sentence."""


@dataclass(frozen=True)
class ParsedPart:
    """A file in a mail. Name and media type are what the sender claims."""

    name: str
    media_type: str
    content: bytes
    #: Under which its HTML shows it as `cid:…`, without brackets.
    content_id: str | None


@dataclass(frozen=True)
class Bounce:
    """A mail of somebody's did not arrive."""

    #: Message-IDs that the report names; the one of the lost mail is among them.
    message_ids: Sequence[str]
    recipient: str
    why: str


@dataclass(frozen=True)
class Parsed:
    """What a mail says. Texts are one line or prose without control marks, and fit their columns."""

    message_id: str | None
    in_reply_to: str | None
    references: Sequence[str]
    sender_name: str
    sender_address: str
    recipients: Sequence[str]
    subject: str
    text: str
    #: The text without what it quotes and the signature; the whole text when nothing else is in it.
    reply: str
    html: str | None
    parts: Sequence[ParsedPart]
    #: Files that were left out, being too many.
    left_out: int
    #: Why we take it to be a machine's, a sentence; None: a person's.
    automatic: str | None
    bounce: Bounce | None
    #: What `X-Trestleboard` says; our own mail bears ours.
    mark: str


def parse_mail(raw: bytes) -> Parsed:
    """Take a mail apart. Raises Unreadable, and nothing else, whatever it is given."""
    try:
        return _parse(raw)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("Its parts are nested too deeply.") from None
    except Exception as error:
        raise Unreadable(f"It is built in a way that cannot be taken apart ({type(error).__name__}).") from error


def _parse(raw: bytes) -> Parsed:
    if not raw.strip():
        raise Unreadable("It is empty.")
    if len(re.findall(rb"boundary\s*=", raw[: 8 << 20], re.IGNORECASE)) > _BOUNDARIES:
        raise Unreadable("Its parts are nested too deeply.")
    message = message_from_bytes(raw)
    if not message.keys():
        raise Unreadable("It has no headers.")
    name, sender = sender_of(message)
    if not sender:
        raise Unreadable("It does not say who sent it.")
    plain, html, parts, left_out = _contents(message)
    text = words.tidy("\n\n".join(plain)) if any(each.strip() for each in plain) else words.from_html(html or "")
    return Parsed(
        message_id=next(iter(message_ids(message, "Message-ID")), None),
        in_reply_to=next(iter(message_ids(message, "In-Reply-To")), None),
        references=message_ids(message, "References"),
        sender_name=name,
        sender_address=sender,
        recipients=recipients_of(message),
        subject=line(message, "Subject", 400),
        text=text,
        reply=words.without_quotes(text) or text,
        html=None if html is None or words.too_tangled(html) else html,
        parts=parts,
        left_out=left_out,
        automatic=why_automatic(message, sender),
        bounce=_bounce(message) if is_report(message) else None,
        mark=line(message, "X-Trestleboard", 100),
    )


def _contents(message: Message) -> tuple[list[str], str | None, list[ParsedPart], int]:
    """The plain texts, the HTML, the files, and how many files were left out."""
    plain: list[str] = []
    pages: list[str] = []
    parts: list[ParsedPart] = []
    left_out = 0
    for part in _leaves(message):
        kind, filename = part.get_content_type(), _filename(part)
        attached = _disposition(part) == "attachment" or bool(filename)
        if kind == "text/plain" and not attached:
            plain.append(_text(part))
        elif kind == "text/html" and not attached:
            pages.append(_text(part))
        elif kind == "message/delivery-status":
            continue
        elif len(parts) >= FILES:
            left_out += 1
        elif content := _content(part):
            content_id = clean_line(str(part.get("Content-ID", "")), 200).strip("<> ") or None
            parts.append(ParsedPart(filename or _name(part, len(parts) + 1), kind, content, content_id))
    html = words.sound("\n".join(pages), words.MOST_HTML)
    return plain, html or None, parts, left_out


def _leaves(message: Message) -> Iterator[Message]:
    """Parts that hold no parts, in their order; a mail within the mail is one. Without recursion, up to limits."""
    stack, seen = [(message, 0)], 0
    while stack:
        part, depth = stack.pop()
        seen += 1
        if seen > _MOST:
            return
        inner = part.get_payload()
        if not isinstance(inner, list) or part.get_content_maintype() == "message":
            yield part
        elif depth >= _DEEPEST:
            raise Unreadable("Its parts are nested too deeply.")
        else:
            stack += [(each, depth + 1) for each in reversed(inner) if isinstance(each, Message)]


def _text(part: Message) -> str:
    try:
        charset = str(part.get_param("charset") or "") or None
    except Exception:  # noqa: BLE001 - hostile input
        charset = None
    return decode(_content(part), charset)


def _content(part: Message) -> bytes:
    """The bytes of a part; base64 that is none is given as it stands."""
    inner = part.get_payload()
    if isinstance(inner, list):
        return b"".join(each.as_bytes() for each in inner[:1] if isinstance(each, Message))
    try:
        content = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - hostile input
        content = str(inner).encode("utf-8", "surrogateescape")
    return content if isinstance(content, bytes) else b""


def _disposition(part: Message) -> str:
    try:
        return str(part.get_content_disposition() or "")
    except Exception:  # noqa: BLE001 - hostile input
        return ""


def _filename(part: Message) -> str:
    """The last part of the name claimed, in one line."""
    try:
        claimed = part.get_filename() or ""
    except Exception:  # noqa: BLE001 - hostile input
        claimed = ""
    return clean_line(re.split(r"[/\\]", decode_words(claimed))[-1], 200)


def _name(part: Message, number: int) -> str:
    if part.get_content_maintype() == "message":
        return f"mail-{number}.eml"
    return f"file-{number}"


def _bounce(message: Message) -> Bounce:
    """What a report says of the mail that was lost."""
    named: list[str] = [*message_ids(message, "In-Reply-To"), *message_ids(message, "References")]
    recipient = why = ""
    for part in _leaves(message):
        kind, inner = part.get_content_type(), part.get_payload()
        blocks = [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []
        if kind == "message/delivery-status":
            for block in blocks[:20]:
                to = line(block, "Final-Recipient", 320) or line(block, "Original-Recipient", 320)
                recipient = recipient or to.rpartition(";")[2].strip()
                why = why or line(block, "Diagnostic-Code", 400).rpartition(";")[2].strip()
                why = why or line(block, "Status", 40)
        for block in blocks[:1]:
            named += message_ids(block, "Message-ID")
        if not blocks and kind in ("text/rfc822-headers", "text/plain", "message/rfc822-headers"):
            named += MESSAGE_ID.findall(decode(_content(part)[:200_000], None))
    return Bounce([*dict.fromkeys(named)][:50], recipient, why or "The mail server gives no reason.")
