"""Making something of mail that came in, one row a job."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import delete, select, update

from app.adapters import files
from app.kernel import live
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Refused
from app.kernel.jobs import job
from app.kernel.timers import every_day, sweep
from app.mailboxes.commands.receiving import LIVE
from app.mailboxes.filing import Ignored, filer_of
from app.mailboxes.marks import our_mark
from app.mailboxes.models import INCOMING_KEPT, TRIES, Fate, IncomingMail, MailAddress, OutgoingMail
from app.mailboxes.parsing import Parsed, Unreadable, parse_mail

log = structlog.get_logger(__name__)


@job
def file_mail(mail_id: int) -> None:
    """File one mail if it is due and nobody else is at it. Whatever is wrong with it is written down, not raised.

    The try is counted and committed first; what the mail becomes is committed together with its fate.
    """
    due = IncomingMail.next_try_at <= now()
    mail = _claim(mail_id, due)
    if mail is None:
        return
    if mail.attempts >= TRIES:
        _settle(mail, Fate.FAILED, mail.reason or "The work on it ended without a word, again and again.")
        return
    mail.begin_try(now())
    db.session.commit()
    try:
        mail = _claim(mail_id, IncomingMail.attempts == mail.attempts)
        if mail is not None:
            _file(mail)
    except Exception as error:  # noqa: BLE001 - one mail that we cannot handle is a line in a list
        db.session.rollback()
        _note(mail_id, error)


def _claim(mail_id: int, *where: object) -> IncomingMail | None:
    owed = select(IncomingMail).where(IncomingMail.id == mail_id, IncomingMail.fate == Fate.RECEIVED, *where)  # type: ignore[arg-type]
    return db.session.scalar(owed.with_for_update(skip_locked=True), execution_options={"populate_existing": True})


def _file(mail: IncomingMail) -> None:
    address = mail.address_id and db.session.scalar(select(MailAddress).where(MailAddress.id == mail.address_id))
    if not address:
        raise Ignored("Its address is not the organization's any more.")
    parsed = parse_mail(_raw(mail))
    _check_sender(mail, parsed)
    _believe_bounce(parsed)
    filed = filer_of(address.kind)(mail, parsed, address)
    mail.noun, mail.subject_id, mail.became = filed.noun, filed.subject_id, filed.became[:120]
    _settle(mail, Fate.FILED, filed.reason)


def _raw(mail: IncomingMail) -> bytes:
    if mail.file is None:
        raise Unreadable("Its raw text was not kept.")
    with files.open_file(mail.file) as file:
        return file.read()


def _check_sender(mail: IncomingMail, parsed: Parsed) -> None:
    """Our own mail ends here, or it would go round for ever. Raises Ignored."""
    if parsed.mark and parsed.mark == our_mark(mail.organization_id):
        raise Ignored("Your organization sent it itself.")
    own = select(MailAddress.id).where(MailAddress.address == parsed.sender_address)
    if db.session.scalar(own):
        raise Ignored("It bears one of your organization's own addresses as its sender.")


def _believe_bounce(parsed: Parsed) -> None:
    """A report that names a mail of ours by its Message-ID, which nobody guesses: that mail did not arrive."""
    if parsed.bounce:
        lost = OutgoingMail.message_id.in_(list(parsed.bounce.message_ids))
        ours = OutgoingMail.organization_id == db.session.info.get("organization_id")
        said = {"failed_at": now(), "error": f"It came back: {parsed.bounce.why}"[:2000]}
        db.session.execute(update(OutgoingMail).where(ours, lost, OutgoingMail.failed_at.is_(None)).values(said))


def _settle(mail: IncomingMail, fate: Fate, reason: str) -> None:
    mail.settle(fate, reason)
    live.touch(LIVE)


def _note(mail_id: int, error: Exception) -> None:
    """Write down, in a transaction of its own, what went wrong; errors of ours are tried again."""
    mail = _claim(mail_id)
    if mail is None:
        return
    if isinstance(error, Ignored):
        _settle(mail, Fate.IGNORED, str(error))
    elif isinstance(error, Unreadable):
        _settle(mail, Fate.UNREADABLE, str(error))
    elif isinstance(error, Refused) and error.status < 500:
        _settle(mail, Fate.FAILED, str(error))
    else:
        log.exception("mail.not_filed", mail=mail_id, exc_info=error)
        mail.reason = f"Something went wrong with it here ({type(error).__name__})."
        if mail.attempts >= TRIES:
            _settle(mail, Fate.FAILED, mail.reason)


sweep(
    "file_mail",
    "SELECT organization_id, id FROM incoming_mails WHERE fate = 'received'"
    " AND next_try_at < CAST(:now AS timestamptz) - interval '5 seconds' ORDER BY next_try_at LIMIT 500",
)


@every_day
def forget_incoming_mails() -> None:
    """Mail that was settled long ago, and its raw files. What nobody could file waits for a decision."""
    settled = IncomingMail.fate.in_([Fate.FILED, Fate.IGNORED])
    long_ago = IncomingMail.received_at < now() - timedelta(days=INCOMING_KEPT)
    for name in db.session.scalars(delete(IncomingMail).where(settled, long_ago).returning(IncomingMail.file)):
        if name:
            files.delete_on_commit(name)
