"""Forgetting who somebody was: the work stays, under nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import ARRAY, BigInteger, Table, cast, func, select

from app.kernel.access import Actor, Role
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.ledger import record
from app.organizations import events
from app.organizations.commands.invitations import revoke_invitations
from app.organizations.commands.members import LastOwner
from app.organizations.erasing import forget_everywhere
from app.organizations.models import Kind, Member, Organization
from app.organizations.queries import lock_organization, open_invitations

#: The name that stands in place of theirs.
FORMER = "Former member"
FORMER_CUSTOMER = "Former customer"

#: Tables that name a member whose rows are not that member's own: they stay.
_KEPT = {
    "issue_values": "what others wrote about an issue",
    "operator_visits": "the audit says who came in",
}


def anonymise_members(members: Sequence[Member], *, by: Actor) -> None:
    """Leave nothing that says who these were: name, address, picture, account. They leave if they are still here.

    Repeating it changes nothing; of two at once the second finds it done. Mail that is filed meanwhile either comes
    first and is anonymised with them, or no longer finds their address. Raises LastOwner.
    """
    lock_organization()
    rows = _locked([member.id for member in members])
    if not rows:
        return
    at, addresses = now(), sorted({row.email for row in rows if row.email})
    for row in rows:
        row.name = FORMER_CUSTOMER if row.kind is Kind.CUSTOMER else FORMER
        row.email = row.user_id = row.avatar = row.job_title = row.last_seen_at = None
        row.anonymised_at = at
        row.left_at = row.left_at or at
    if any(row.role is Role.OWNER for row in rows) and not _is_owned():
        raise LastOwner
    ids = [row.id for row in rows]
    # Not through `change`: it would write the former name into the history.
    record(events.MEMBER_ANONYMISED, [(row, {}) for row in rows], by=by)
    db.session.execute(select(func.forget_member_names(cast(ids, ARRAY(BigInteger)))))
    forget_everywhere(ids, addresses)
    if gone := open_invitations(by=tuple(ids)):
        revoke_invitations(gone, by=by)  # type: ignore[arg-type] # the clock may all that a member may
    for table in _own_tables():
        theirs = (table.c.organization_id == current_organization_id()) & table.c.member_id.in_(ids)
        db.session.execute(table.delete().where(theirs))


def _locked(ids: Sequence[int]) -> list[Member]:
    """Those who are not anonymised yet, as they are now, in one order for everybody."""
    rows = (
        select(Member)
        .where(Member.organization_id == current_organization_id(), Member.id.in_(ids), Member.anonymised_at.is_(None))
        .order_by(Member.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(rows))


def _is_owned() -> bool:
    """Whether an owner is left, or nobody needs one: the organization itself is deleted."""
    db.session.flush()
    owners = select(Member.id).where(Member.role == Role.OWNER, Member.kind == Kind.PERSON, Member.left_at.is_(None))
    deleted = select(Organization.deleted_at).where(Organization.id == current_organization_id())
    return db.session.scalar(owners.limit(1)) is not None or db.session.scalar(deleted) is not None


@cache
def _own_tables() -> tuple[Table, ...]:
    """What would go with a member's row goes with their name: drafts, favourites, visits, what they watch, teams…"""
    members = Member.__table__
    own = [
        table
        for table in db.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table is members and key.ondelete == "CASCADE" and "member_id" in key.column_keys
    ]
    return tuple(table for table in reversed(own) if table.name not in _KEPT)
