"""Mailboxes on other servers: said once, fetched from then on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.jobs import ask
from app.kernel.timers import cancel, wake
from app.kernel.words import gettext as _
from app.mailboxes import events
from app.mailboxes.models import MailAccount, MailAddress, Security

LIVE = "mail-accounts"
_HOST = re.compile(r"[a-z0-9]([a-z0-9.:-]{0,250}[a-z0-9])?")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class AccountDraft:
    """What is to be fetched. `password` None: the one that was given before."""

    host: str
    port: int
    security: Security
    username: str
    password: str | None
    folder: str = "INBOX"
    interval_minutes: int = 5
    enabled: bool = True


def create_account(address: MailAddress, draft: AccountDraft, *, by: Actor) -> MailAccount:
    """Have a mailbox fetched, from now on, for this address. Raises Invalid."""
    if not draft.password:
        raise Invalid(_("The mailbox needs a password."), "password")
    account = MailAccount(address=address, address_id=address.id)
    _put(account, draft)
    db.session.add(account)
    ledger.record_created(events.ACCOUNT_ADDED, [account], by=by)
    _look_soon(account)
    return account


def edit_account(account: MailAccount, address: MailAddress, draft: AccountDraft, *, by: Actor) -> None:
    """Another folder or server begins anew: what is unread there is taken. Raises Invalid.

    The password has to be given again for another host, or whoever edits could have it sent to a host of theirs.
    """
    before = (account.host, account.port, account.username, account.folder)
    moved = account.host != draft.host.strip().lower() or account.port != draft.port
    weaker = account.security is not draft.security and draft.security is not Security.TLS
    if (moved or weaker) and not draft.password:
        raise Invalid(_("Type the password again: it would go to another place, or another way."), "password")
    with ledger.change(account, event=events.ACCOUNT_EDITED, by=by, always=bool(draft.password)):
        _put(account, draft)
        account.address, account.address_id = address, address.id
        if before != (account.host, account.port, account.username, account.folder):
            account.uid_validity, account.last_uid, account.unread_until = None, 0, 0
        account.last_error = None
    _look_soon(account)


def delete_account(account: MailAccount, *, by: Actor) -> None:
    """Fetch it no more. What was fetched stays."""
    with ledger.change(account, event=events.ACCOUNT_REMOVED, by=by, always=True):
        pass
    cancel("check_mailbox", account.id)
    db.session.delete(account)
    db.session.flush()
    live.touch(LIVE)


def check_account(account: MailAccount) -> None:
    """Look now. Raises Refused for one that is switched off."""
    if not account.enabled:
        raise Refused(_("This mailbox is switched off. Switch it on to have it fetched."))
    ask("fetch_mail", account.id, key=str(account.id))


def _put(account: MailAccount, draft: AccountDraft) -> None:
    host = draft.host.strip().lower()
    if not _HOST.fullmatch(host):
        raise Invalid(_("This is not the name of a server."), "host")
    for name, text in (("username", draft.username), ("password", draft.password or ""), ("folder", draft.folder)):
        if _CONTROLS.search(text):
            raise Invalid(_("There are characters in it that nobody can type."), name)
    account.host, account.port, account.security = host, draft.port, draft.security
    account.username, account.folder = draft.username, draft.folder or "INBOX"
    account.interval_minutes, account.enabled = draft.interval_minutes, draft.enabled
    if draft.password:
        account.password = draft.password


def _look_soon(account: MailAccount) -> None:
    db.session.flush()
    if account.enabled:
        wake("check_mailbox", account.id, at=now())
    else:
        cancel("check_mailbox", account.id)
    live.touch(LIVE)
