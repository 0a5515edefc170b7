"""Fetching mail from accounts on other servers: a row is committed first, then the mail is marked as read there.

Killed in between, the mail is fetched again and recognised: nothing is lost, nothing is there twice.
"""

from __future__ import annotations

import io
from datetime import timedelta

import structlog
from cryptography.fernet import InvalidToken
from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.adapters.imap import Mailbox, MailboxTrouble, MailTrouble, OpenFolder, open_folder
from app.kernel import live
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.jobs import ask, job
from app.kernel.timers import alarm, wake
from app.mailboxes.commands.receiving import take_in
from app.mailboxes.models import MOST, MailAccount

log = structlog.get_logger(__name__)

#: Mails that one job fetches; for more it asks for another.
AT_ONCE = 100
#: How long a fetch may be silent before another one begins.
CLAIM = timedelta(minutes=6)
LIVE = "mail-accounts"


@alarm
def check_mailbox(account_id: int) -> None:
    """It is time to look: set the next time first, so that no failure ends the looking."""
    account = db.session.scalar(select(MailAccount).where(MailAccount.id == account_id, MailAccount.enabled))
    if account is not None:
        wake("check_mailbox", account.id, at=now() + timedelta(minutes=account.interval_minutes))
        ask("fetch_mail", account.id, key=str(account.id))


@job
def fetch_mail(account_id: int) -> None:
    """Fetch what is new in an account, unless somebody is at it. What goes wrong is written down, not raised."""
    account = _claim(account_id)
    if account is None:
        return
    db.session.commit()
    try:
        with open_folder(_where(account)) as folder:
            more = _fetch(account, folder)
    except (MailboxTrouble, InvalidToken) as trouble:
        db.session.rollback()
        _finish(account_id, _sentence(trouble))
        log.info("mailbox.trouble", account=account_id, error=str(trouble))
    else:
        _finish(account_id, None)
        if more:
            ask("fetch_mail", account_id, key=f"{account_id}-more")


def _claim(account_id: int) -> MailAccount | None:
    free = or_(MailAccount.claimed_until.is_(None), MailAccount.claimed_until < now())
    account = db.session.scalar(
        select(MailAccount)
        .where(MailAccount.id == account_id, MailAccount.enabled, free)
        .options(joinedload(MailAccount.address, innerjoin=True))
        .with_for_update(skip_locked=True, of=MailAccount)
    )
    if account is not None:
        account.claimed_until = now() + CLAIM
    return account


def _where(account: MailAccount) -> Mailbox:
    return Mailbox(
        host=account.host,
        port=account.port,
        security=account.security.value,
        username=account.username,
        password=account.password,
        folder=account.folder,
        internal=current_app.extensions["trestleboard"].imap_internal,
    )


def _fetch(account: MailAccount, folder: OpenFolder) -> bool:
    """Take what is new, each mail in a transaction of its own. Whether there is more.

    A folder that we see for the first time, or that its server has numbered anew, is not taken whole: what people have
    read there is done with.
    """
    if account.uid_validity == folder.validity and account.last_uid:
        uids = folder.after(account.last_uid)
    else:
        uids, highest = folder.unread(), folder.highest()
        account.uid_validity, account.last_uid = folder.validity, (uids[0] - 1 if uids else highest)
        account.unread_until = highest if uids else 0
        db.session.commit()
    if account.unread_until:  # numbers up to there are taken only when unread
        unread = set(folder.unread())
        uids = [uid for uid in folder.after(account.last_uid) if uid in unread or uid > account.unread_until]
    for uid in uids[:AT_ONCE]:
        _take(account, folder, uid)
        folder.mark_read(uid)
    return len(uids) > AT_ONCE


def _take(account: MailAccount, folder: OpenFolder, uid: int) -> None:
    """One mail, or what there is of it: a bad one does not hold up the others."""
    trouble = ""
    try:
        size = folder.size(uid)
        if size > MOST:
            raw, trouble = folder.headers(uid), f"It is larger than {MOST // 2**20} MB, so only its headers were taken."
        else:
            raw = folder.raw(uid)
    except MailTrouble as error:
        raw, trouble = f"X-Number: {account.uid_validity}-{uid}\r\n\r\n".encode(), str(error)
    receipt = take_in(io.BytesIO(raw), account.address, trouble=trouble)
    account.last_uid, account.claimed_until = uid, now() + CLAIM
    account.fetched_count += not receipt.repeated
    db.session.commit()


def _finish(account_id: int, error: str | None) -> None:
    account = db.session.scalar(select(MailAccount).where(MailAccount.id == account_id).with_for_update())
    if account is None:
        return
    account.last_checked_at, account.claimed_until, account.last_error = now(), None, error
    if error is None:
        account.last_success_at = account.last_checked_at
    live.touch(LIVE)


def _sentence(trouble: Exception) -> str:
    if isinstance(trouble, InvalidToken):
        return "The password cannot be read any more, because the instance's secret was changed. Type it again."
    return str(trouble)[:500]
