"""Handing owed mail over, one row a job."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import delete, select

from app.adapters import files
from app.adapters.mail import Letter, LetterPart, MailRefused, carrier_for
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.jobs import job
from app.kernel.timers import every_day, sweep
from app.mailboxes.marks import our_mark
from app.mailboxes.models import KEPT, OutgoingMail

log = structlog.get_logger(__name__)


@job
def send_mail(mail_id: int) -> None:
    """Hand one mail over if it is due and nobody else is at it. A refusal is written down, not raised."""
    mail = db.session.scalar(
        select(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.is_owed, OutgoingMail.next_try_at <= now())
        .with_for_update(skip_locked=True)
    )
    if mail is None:
        return
    config = current_app.extensions["trestleboard"]
    letter = Letter(
        message_id=mail.message_id,
        sender=config.mail_from,
        to=mail.to_address,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers=mail.headers,
        written_at=mail.created_at,
        sender_name=mail.sender_name,
        reply_to=mail.reply_to,
        in_reply_to=mail.in_reply_to,
        references=mail.thread,
        automatic=mail.automatic,
        mark=our_mark(mail.organization_id),
    )
    try:
        letter = replace(letter, parts=[_read(part) for part in mail.parts])
        carrier_for(config).carry(letter)
    except MailRefused as refusal:
        mail.refuse(str(refusal), permanent=refusal.permanent, at=now())
        log.warning("mail.refused", mail=mail.id, attempts=mail.attempts, error=str(refusal))
    else:
        mail.accept(at=now())


def _read(part: dict[str, Any]) -> LetterPart:
    try:
        with files.open_file(part["file"]) as file:
            return LetterPart(part["name"], part["media_type"], file.read(), part["content_id"])
    except FileNotFoundError:
        raise MailRefused(f"Its file {part['name']!r} is gone.", permanent=True) from None


sweep(
    "send_mail",
    "SELECT organization_id, id FROM outgoing_mails WHERE sent_at IS NULL AND failed_at IS NULL"
    " AND next_try_at < CAST(:now AS timestamptz) - interval '5 seconds' ORDER BY next_try_at LIMIT 500",
)


@every_day
def forget_old_mails() -> None:
    """Mail that was settled long ago, of this organization or of accounts. Its texts are personal data."""
    long_ago = OutgoingMail.created_at < now() - timedelta(days=KEPT)
    forgotten = delete(OutgoingMail).where(~OutgoingMail.is_owed, long_ago).returning(OutgoingMail.parts)
    for parts in db.session.scalars(forgotten).all():
        for part in parts:
            files.delete_on_commit(part["file"] or "")
