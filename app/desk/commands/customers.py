"""Customers: members who write to us and, most of them, never sign in."""

from __future__ import annotations

from sqlalchemy import select

from app.adapters.mail import check_address, plain_line
from app.desk import events
from app.kernel import ledger
from app.kernel.access import Actor, Role
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.organizations.models import Kind, Member
from app.organizations.queries import lock_organization


def customer_at(address: str, name: str = "", *, by: Actor | None = None) -> Member:
    """Whoever of the organization has this address, colleagues too; else a new customer.

    Without `by` the customer comes by themselves. Raises Invalid for what is no address.
    """
    try:
        email = check_address(address).lower()
    except ValueError:
        raise Invalid(_("This is not a mail address."), "email") from None
    found = _with(email)
    if found is None:
        lock_organization()  # two mails of a stranger at once make one customer
        found = _with(email)
    if found is None:
        shown = plain_line(name, 120) or email.partition("@")[0][:120]
        found = Member(kind=Kind.CUSTOMER, role=Role.CUSTOMER, name=shown, email=email)
        db.session.add(found)
        db.session.flush()
        found.hue = found.id % 8 + 1
        ledger.record_created(events.CUSTOMER_ADDED, [found], by=by or found)
    return found


def _with(email: str) -> Member | None:
    """Who signs in goes before who does not; of several the first.

    Held until the transaction ends: nobody is made nameless between being found and what is written of them.
    """
    return db.session.scalars(
        select(Member)
        .where(Member.email == email, Member.left_at.is_(None))
        .order_by(Member.user_id.is_(None), Member.id)
        .limit(1)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).first()
