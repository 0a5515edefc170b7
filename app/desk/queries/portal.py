"""What customers see of the desk."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.desk.models import UNSOLVED, Queue, Ticket
from app.desk.queries.lists import Key, Rows, tickets_of
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member, Organization


def customer_with(email: str) -> Member | None:
    """Whoever has this address here and has not left: who signs in before who does not, then the first."""
    return db.session.scalars(
        select(Member)
        .where(Member.email == email, Member.left_at.is_(None))
        .order_by(Member.user_id.is_(None), Member.id)
        .limit(1)
    ).first()


def own_tickets(member: Member, *, over: bool, after: Key | None = None) -> Rows:
    """A page of the tickets that a customer takes part in, latest word first. Two statements."""
    unsolved = Ticket.status.in_(UNSOLVED)
    return tickets_of(member, ~unsolved if over else unsolved, after=after)


def public_queues() -> Sequence[Queue]:
    """Those that customers may choose, the default one first. One statement."""
    shown = select(Queue).where(Queue.archived_at.is_(None), Queue.is_public)
    return db.session.scalars(shown.order_by(Queue.is_default.desc(), Queue.name, Queue.id)).all()


def portal_of(organization_id: int) -> Organization:
    """The organization that the session is inside of, if it has a desk. Raises NotFound. One statement."""
    has_desk = select(Queue.id).where(Queue.organization_id == organization_id).exists()
    found = db.session.scalar(select(Organization).where(Organization.id == organization_id, has_desk))
    if found is None:
        raise NotFound
    return found
