"""Lists of mail, addresses and accounts. Inside an organization the policy shows its own only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, true
from sqlalchemy.orm import defer, joinedload

from app.adapters import files
from app.kernel.database import current_organization_id, db
from app.kernel.doors import Door
from app.kernel.errors import NotFound
from app.kernel.tenancy import organization
from app.mailboxes.models import TROUBLED, Fate, IncomingMail, MailAccount, MailAddress, OutgoingMail
from app.organizations.models import Member

PAGE = 50
#: What the page may be narrowed to, by its name in the address.
FILTERS: dict[str, ColumnElement[bool]] = {
    "all": true(),
    "waiting": and_(OutgoingMail.sent_at.is_(None), OutgoingMail.failed_at.is_(None)),
    "failed": OutgoingMail.failed_at.is_not(None),
    "sent": and_(OutgoingMail.sent_at.is_not(None), OutgoingMail.failed_at.is_(None)),
}
#: The same for mail that came in.
INCOMING_FILTERS: dict[str, ColumnElement[bool]] = {
    "all": true(),
    "trouble": IncomingMail.fate.in_(TROUBLED),
    "waiting": IncomingMail.fate == Fate.RECEIVED,
    "filed": IncomingMail.fate == Fate.FILED,
    "ignored": IncomingMail.fate == Fate.IGNORED,
}
#: Characters of a raw mail that its page shows.
SHOWN = 100_000


def outgoing(only: str = "all", *, below: int | None = None) -> Sequence[OutgoingMail]:
    """The organization's mails, newest first, up to one more than a page. One statement, bodies left out."""
    mails = select(OutgoingMail).where(OutgoingMail.organization_id == current_organization_id(), FILTERS[only])
    if below is not None:
        mails = mails.where(OutgoingMail.id < below)
    bodies = (defer(OutgoingMail.text), defer(OutgoingMail.html), defer(OutgoingMail.headers))
    return db.session.scalars(mails.options(*bodies).order_by(OutgoingMail.id.desc()).limit(PAGE + 1)).all()


def mail_by_id(member: Member, mail_id: int) -> OutgoingMail:
    """One mail of the member's organization. Raises NotFound."""
    found: OutgoingMail = _one(
        select(OutgoingMail).where(OutgoingMail.organization_id == member.organization_id, OutgoingMail.id == mail_id)
    )
    return found


def incoming(only: str = "all", *, below: int | None = None) -> Sequence[IncomingMail]:
    """What came to the organization, newest first, up to one more than a page. One statement."""
    mails = select(IncomingMail).where(
        IncomingMail.organization_id == current_organization_id(), INCOMING_FILTERS[only]
    )
    if below is not None:
        mails = mails.where(IncomingMail.id < below)
    return db.session.scalars(mails.order_by(IncomingMail.id.desc()).limit(PAGE + 1)).all()


def incoming_by_id(member: Member, mail_id: int) -> IncomingMail:
    """One mail that came to the member's organization. Raises NotFound."""
    found: IncomingMail = _one(
        select(IncomingMail).where(IncomingMail.organization_id == member.organization_id, IncomingMail.id == mail_id)
    )
    return found


def raw_text(mail: IncomingMail) -> tuple[str, bool]:
    """The beginning of a raw mail as text, and whether there is more. Empty when the file is gone."""
    if mail.file is None:
        return "", False
    try:
        with files.open_file(mail.file) as file:
            raw = file.read(SHOWN + 1)
    except FileNotFoundError:
        return "", False
    return raw[:SHOWN].decode("utf-8", "replace").replace("\x00", "\ufffd"), len(raw) > SHOWN


def addresses() -> Sequence[MailAddress]:
    """The organization's addresses, by name. One statement."""
    return db.session.scalars(select(MailAddress).order_by(MailAddress.address)).all()


def accounts() -> Sequence[MailAccount]:
    """The mailboxes that are fetched, with whose mail it is. One statement."""
    whose = joinedload(MailAccount.address, innerjoin=True)
    return db.session.scalars(select(MailAccount).options(whose).order_by(MailAccount.id)).all()


def account_by_id(member: Member, account_id: int) -> MailAccount:
    """One account of the member's organization. Raises NotFound."""
    whose = joinedload(MailAccount.address, innerjoin=True)
    found: MailAccount = _one(
        select(MailAccount)
        .where(MailAccount.organization_id == member.organization_id, MailAccount.id == account_id)
        .options(whose)
    )
    return found


def troubled_everywhere(only: str | None, most: int) -> list[IncomingMail]:
    """What could not be filed, of all organizations and of none, newest first: for the operator's command line."""
    wanted = IncomingMail.fate.in_([Fate(only)] if only else TROUBLED)
    with organization(None):
        tenants = db.session.scalars(select(Door.organization_id).where(Door.kind == "organization").distinct()).all()
    found: list[IncomingMail] = []
    for tenant in (None, *sorted(tenants)):
        with organization(tenant):
            found += db.session.scalars(select(IncomingMail).where(wanted).order_by(IncomingMail.id.desc()).limit(most))
            db.session.expunge_all()
    return sorted(found, key=lambda mail: mail.id, reverse=True)[:most]


def _one(statement: Select[Any]) -> Any:
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found
