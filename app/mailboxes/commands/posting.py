"""Posting mail: a row first, in the transaction of what it tells of, then a job that hands it over."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlsplit

from flask import current_app

from app.adapters import files
from app.adapters.mail import MESSAGE_ID, check_address, plain_line
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.jobs import ask
from app.kernel.words import gettext as _
from app.mailboxes.models import OutgoingMail

#: Bytes of all files of one mail; most servers take 25 MB, and base64 adds a third.
MOST_IN_PARTS = 18 * 2**20
#: Message-IDs that a mail names of its thread: the first, and the last of the others.
MOST_IN_THREAD = 30


@dataclass(frozen=True)
class MailPart:
    """A stored file (its name in `adapters.files`) that goes along with a mail.

    With a `content_id` (without brackets) it is an image that the mail's HTML shows as `cid:…`, else an attachment.
    """

    name: str
    media_type: str
    file: str
    content_id: str | None = None


def post_mail(
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    sender_name: str | None = None,
    reply_to: str | None = None,
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    automatic: bool = True,
    parts: Sequence[MailPart] = (),
) -> OutgoingMail:
    """Owe somebody a mail: it leaves once this transaction commits, at least once, also when the mail server is away.

    It belongs to the organization that the session is inside of; outside of any it is an account's mail. `html` is
    trusted. `automatic=False` is for a person's own words. The files of `parts` are copied: the mail's copies are
    deleted with it, and what becomes of the caller's is the caller's affair. A Message-ID that is none is left out.

    Raises Invalid when `to` or `reply_to` is no address, and TooLarge when the files are.
    """
    address = _address(to)
    mail = OutgoingMail(
        organization_id=db.session.info.get("organization_id"),
        message_id=_new_message_id(),
        to_address=address,
        subject=plain_line(subject, 400),
        text=text,
        html=html,
        headers=dict(headers or {}),
        sender_name=plain_line(sender_name, 120) if sender_name else None,
        reply_to=_address(reply_to) if reply_to else None,
        in_reply_to=in_reply_to if in_reply_to and MESSAGE_ID.fullmatch(in_reply_to) else None,
        thread=_thread(references),
        automatic=automatic,
        parts=[asdict(part) for part in _copies(parts)],
    )
    db.session.add(mail)
    db.session.flush()
    ask("send_mail", mail.id, key=str(mail.id))
    return mail


def _address(text: str) -> str:
    try:
        return check_address(text)
    except ValueError:
        raise Invalid(_("This is not a mail address."), "email") from None


def _thread(references: Sequence[str]) -> list[str]:
    sound = [found for found in references if MESSAGE_ID.fullmatch(found)]
    return sound if len(sound) <= MOST_IN_THREAD else [sound[0], *sound[1 - MOST_IN_THREAD :]]


def _copies(parts: Sequence[MailPart]) -> list[MailPart]:
    """The parts with files of their own, which are gone again when the transaction fails."""
    left, copies = MOST_IN_PARTS, list[MailPart]()
    for part in parts:
        with files.open_file(part.file) as source:
            stored = files.store(source, most=left, with_transaction=True)
        left -= stored.size
        copies.append(replace(part, file=stored.name))
    return copies


def _new_message_id() -> str:
    """Made once and kept with the row, so that every try carries the same one."""
    host = urlsplit(current_app.extensions["trestleboard"].base_url).hostname or "localhost"
    return f"<{secrets.token_hex(16)}@{host}>"
