"""The organization's own addresses: which mail is theirs, and who files it."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.adapters.mail import check_address
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.database import current_organization_id, db
from app.kernel.doors import Door, find_door, open_door
from app.kernel.errors import Invalid, Refused
from app.kernel.words import gettext as _
from app.mailboxes import events
from app.mailboxes.models import MailAccount, MailAddress

DOOR = "address"


def create_address(address: str, kind: str, subject_id: int, *, by: Actor) -> MailAddress:
    """Let mail to this address, and to any plus-tag of it, be filed by `kind` for its row `subject_id`.

    Raises Invalid for what is no address, and for one that is somebody's already: whose is not said.
    """
    try:
        wanted = check_address(address).lower()
    except ValueError:
        raise Invalid(_("This is not a mail address."), "address") from None
    row = MailAddress(address=wanted, kind=kind, subject_id=subject_id)
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
            open_door(DOOR, organization_id=current_organization_id(), name=wanted, subject_id=row.id)
            db.session.flush()
    except IntegrityError:
        raise Invalid(_("This address is in use already."), "address") from None
    ledger.record_created(events.ADDRESS_ADDED, [row], by=by)
    return row


def delete_address(address: MailAddress, *, by: Actor) -> None:
    """Mail to it is nobody's from now on; what came stays. Raises Refused while an account fetches for it."""
    if db.session.scalar(select(MailAccount.id).where(MailAccount.address_id == address.id).limit(1)):
        raise Refused(_("A mailbox is fetched for this address. Delete that first."))
    with ledger.change(address, event=events.ADDRESS_REMOVED, by=by, always=True):
        pass
    _shut(address)
    db.session.delete(address)
    db.session.flush()


def serve_address(kind: str, subject_id: int, address: str | None, *, by: Actor) -> None:
    """Let this be the one address of a row: made, changed or removed as need be. Raises as the two above do."""
    row = db.session.scalar(select(MailAddress).where(MailAddress.kind == kind, MailAddress.subject_id == subject_id))
    wanted = (address or "").strip().lower()
    if row is not None and not wanted:
        delete_address(row, by=by)
    elif row is None and wanted:
        create_address(wanted, kind, subject_id, by=by)
    elif row is not None and row.address != wanted:
        _move(row, wanted, by=by)


def _move(row: MailAddress, wanted: str, *, by: Actor) -> None:
    """The row stays, so that accounts which fetch for it go on."""
    try:
        with db.session.begin_nested(), ledger.change(row, event=events.ADDRESS_CHANGED, by=by):
            _shut(row)
            row.address = wanted
            open_door(DOOR, organization_id=current_organization_id(), name=wanted, subject_id=row.id)
            db.session.flush()
    except IntegrityError:
        raise Invalid(_("This address is in use already."), "address") from None


def _shut(row: MailAddress) -> None:
    """The door goes for good, not only shut: the address may be somebody's again."""
    mine = Door.organization_id == current_organization_id()
    db.session.execute(delete(Door).where(Door.kind == DOOR, Door.key == row.address, mine))


def find_address(address: str) -> tuple[Door, str, str] | None:
    """The door that mail to this address finds, the address without its tag, and the tag. Needs no organization."""
    wanted = address.strip().lower()
    local, _, host = wanted.rpartition("@")
    bare, _, tag = local.partition("+")
    for name, left in ((wanted, ""), (f"{bare}@{host}", tag)):
        if bare and host and (door := find_door(DOOR, name=name)):
            return door, name, left[:120]
    return None
