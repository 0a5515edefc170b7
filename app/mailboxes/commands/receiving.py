"""Taking mail in: the raw file and a row, then a job that makes something of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.adapters import files
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Refused
from app.kernel.jobs import ask
from app.kernel.tenancy import organization
from app.kernel.words import gettext as _
from app.mailboxes import events
from app.mailboxes.commands.addresses import find_address
from app.mailboxes.models import MOST, Fate, IncomingMail, MailAddress
from app.mailboxes.parsing import Peek, peek

LIVE = "incoming-mail"


@dataclass(frozen=True)
class Receipt:
    """What became of a mail as it was handed over."""

    mail_id: int
    organization_id: int | None
    address: str
    #: It had come before, and nothing was done.
    repeated: bool = False


def receive_mail(source: IO[bytes], *, to: str | None = None) -> Receipt:
    """Take a raw mail from outside of any organization; committed when this returns.

    It goes to whose address `to` is, or else the first known one among those that its headers name. A mail to nobody's
    address is kept too, and listed for the operator. Raises files.TooLarge, and database and system errors.
    """
    with organization(None):
        stored = files.store(source, most=MOST)
    try:
        with files.open_file(stored.name) as file:
            found = peek(file.read())
        with organization(None):
            wanted = [to] if to else found.recipients
            opened = next((known for each in wanted if (known := find_address(each))), None)
        door, address, tag = opened or (None, (wanted or [""])[0][:320].lower(), "")
        with organization(door.organization_id if door else None):
            receipt = _keep(found, stored, address, tag, door.subject_id if door else None)
    except BaseException:
        files.delete(stored.name)
        raise
    if receipt.repeated:
        files.delete(stored.name)
    return receipt


def take_in(source: IO[bytes], address: MailAddress, *, trouble: str = "") -> Receipt:
    """Take a raw mail that was fetched for this address; a part of the transaction.

    `trouble` says why there is no more of it than its headers: then it is unreadable from the start.
    """
    stored = files.store(source, most=MOST, with_transaction=True)
    with files.open_file(stored.name) as file:
        found = peek(file.read())
    to = (each for each in found.recipients if each.partition("+")[0] == address.address.partition("@")[0])
    tag = next((each.partition("@")[0].partition("+")[2] for each in to if each.endswith(_host(address))), "")
    receipt = _keep(found, stored, address.address, tag[:120], address.id, trouble)
    if receipt.repeated:
        files.delete_on_commit(stored.name)
    return receipt


def file_again(mail: IncomingMail, *, anyway: bool = False, by: Actor) -> None:
    """Have another try at what could not be filed. `anyway`: also if a machine wrote it.

    Raises Refused for mail that became something already.
    """
    _hold(mail)
    if mail.fate is Fate.FILED:
        raise Refused(_("This mail has become %(value)s already.", value=mail.became or "something"))
    with ledger.change(mail, event=events.MAIL_TRIED_AGAIN, by=by, always=True):
        mail.settle(Fate.RECEIVED)
        mail.attempts, mail.next_try_at, mail.wanted = 0, now(), mail.wanted or anyway
    ask("file_mail", mail.id, key=str(mail.id))
    live.touch(LIVE)


def dismiss_mails(mails: Sequence[IncomingMail], *, by: Actor) -> None:
    """Say that these are no work. They are kept for a while, like all that was ignored."""
    for mail in sorted(mails, key=lambda each: each.id):
        _hold(mail)
    standing = [mail for mail in mails if mail.fate is not Fate.FILED]
    if not standing:
        raise Refused(_("This mail has become something already."))
    with ledger.change(*standing, event=events.MAIL_DISMISSED, by=by):
        for mail in standing:
            mail.settle(Fate.IGNORED, "Somebody decided that it is no work.")
    live.touch(LIVE)


def _hold(mail: IncomingMail) -> None:
    db.session.refresh(mail, with_for_update=True)


def _keep(
    found: Peek, stored: files.Stored, address: str, tag: str, address_id: int | None, trouble: str = ""
) -> Receipt:
    """The row, or the one that was there. The job is asked for in the same transaction."""
    here = db.session.info.get("organization_id")
    fate = Fate.UNROUTABLE if here is None else Fate.UNREADABLE if trouble else Fate.RECEIVED
    row = {
        "organization_id": here,
        "address": address,
        "address_id": address_id,
        "tag": tag,
        "file": stored.name,
        "size_bytes": stored.size,
        "fingerprint": found.fingerprint,
        "message_id": found.message_id,
        "sender_name": found.sender_name,
        "sender_address": found.sender_address[:320],
        "recipients": list(found.recipients),
        "subject": found.subject,
        "received_at": now(),
        "next_try_at": now(),
        "fate": fate,
        "reason": trouble or ("" if here else f"Nobody here has the address {address or '(none named)'}.")[:1000],
        "attempts": 0,
    }
    keys = ["organization_id", "address", "fingerprint"]
    made = insert(IncomingMail).values(row).on_conflict_do_nothing(index_elements=keys).returning(IncomingMail.id)
    mail_id = db.session.scalar(made)
    if mail_id is None:
        known = [getattr(IncomingMail, key) == row[key] for key in keys]
        return Receipt(db.session.scalars(select(IncomingMail.id).where(*known)).one(), here, address, repeated=True)
    if fate is Fate.RECEIVED:
        ask("file_mail", mail_id, key=str(mail_id))
    if here is not None:
        live.touch(LIVE)
    return Receipt(mail_id, here, address)


def _host(address: MailAddress) -> str:
    return "@" + address.address.rpartition("@")[2]
