"""Queues and tags, as choices and on their settings page."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, select

from app.desk.models import UNSOLVED, Queue, Tag, Ticket
from app.desk.policies import queues_visible_to
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member


def queues() -> Sequence[Queue]:
    """Those that take tickets, the default one first, then by name. One statement."""
    wanted = select(Queue).where(Queue.archived_at.is_(None))
    return db.session.scalars(wanted.order_by(Queue.is_default.desc(), Queue.name, Queue.id)).all()


def counted_queues() -> Sequence[tuple[Queue, int, int]]:
    """Every queue, archived ones last, with how many tickets it has unsolved and at all. One statement."""
    standing = and_(
        Ticket.organization_id == Queue.organization_id, Ticket.queue_id == Queue.id, Ticket.deleted_at.is_(None)
    )
    rows = db.session.execute(
        select(Queue, func.count(Ticket.id).filter(Ticket.status.in_(UNSOLVED)), func.count(Ticket.id))
        .outerjoin(Ticket, standing)
        .group_by(Queue.organization_id, Queue.id)
        .order_by(Queue.archived_at.is_not(None), Queue.is_default.desc(), Queue.name, Queue.id)
    )
    return [(queue, unsolved, every) for queue, unsolved, every in rows]


def queue_by_id(member: Member, queue_id: int) -> Queue:
    """Raises NotFound."""
    queue = db.session.scalar(select(Queue).where(queues_visible_to(member), Queue.id == queue_id))
    if queue is None:
        raise NotFound
    return queue


def all_tags() -> Sequence[Tag]:
    """The organization's tags by name. One statement."""
    return db.session.scalars(select(Tag).order_by(Tag.name, Tag.id)).all()
