"""Lists of tickets, in as many statements for ten as for ten thousand. Plain columns, and never a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, ColumnElement, and_, bindparam, func, select, tuple_
from sqlalchemy.orm import aliased

from app.desk.models import UNSOLVED, Priority, Queue, Status, Tag, Ticket, TicketTag
from app.desk.policies import visible_to
from app.kernel.database import db
from app.organizations.models import Member, initials

#: Tickets that are loaded at once; those that a refetch brings at most; and those beside the one that is read.
PAGE, MOST, BESIDE = 30, 600, 20
_KEY = re.compile(r"(\d{1,18})\.(\d{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Key(NamedTuple):
    """A ticket's place in all lists, latest word first: what loading goes on from. Microseconds and id."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.id}"

    @classmethod
    def read(cls, text: str) -> Key | None:
        """None for what is no key."""
        found = _KEY.fullmatch(text) if text.isascii() else None
        try:
            return cls(_EPOCH + timedelta(microseconds=int(found[1])), int(found[2])) if found else None
        except OverflowError:
            return None


class Face(NamedTuple):
    """Somebody, as a row shows them."""

    id: int
    name: str
    hue: int

    @property
    def initials(self) -> str:
        return initials(self.name)


class Row(NamedTuple):
    """A ticket as lists show it."""

    id: int
    number: int
    subject: str
    status: Status
    priority: Priority
    queue_id: int
    queue: str
    queue_hue: int
    customer: Face
    agent: Face | None
    at: datetime

    @property
    def key(self) -> Key:
        return Key(self.at, self.id)


@dataclass(frozen=True)
class Rows:
    rows: Sequence[Row]
    tags: Mapping[int, Sequence[tuple[str, int]]]
    more: bool

    @property
    def last(self) -> Key | None:
        return self.rows[-1].key if self.rows else None


def tickets_of(
    member: Member, *matching: ColumnElement[bool], after: Key | None = None, until: Key | None = None
) -> Rows:
    """A page of what `member` sees, latest word first, behind a key; or all up to and with another. Two statements."""
    most = MOST if until else PAGE
    wanted = _rows(member, *matching)
    if after:
        wanted = wanted.where(_place() < tuple_(after.at, after.id))
    if until:
        wanted = wanted.where(_place() >= tuple_(until.at, until.id))
    found = [_row(row) for row in db.session.execute(wanted.order_by(*_LATEST).limit(most + 1))]
    rows = found[:most]
    # Up to a key there is more whenever something stands behind it; the sentinel finds out.
    more = len(found) > most or bool(until and rows)
    return Rows(rows, _tags([row.id for row in rows]), more)


def beside(
    member: Member, ticket: Ticket, *matching: ColumnElement[bool]
) -> tuple[Sequence[Row], Row | None, Row | None]:
    """The tickets around one in a list: some of them, the one before it, and the one after. Two statements."""
    here = tuple_(ticket.last_message_at, ticket.id)
    newer = _rows(member, *matching).where(_place() > here).order_by(Ticket.last_message_at, Ticket.id).limit(5)
    older = _rows(member, *matching).where(_place() < here).order_by(*_LATEST).limit(BESIDE)
    above = [_row(row) for row in db.session.execute(newer)][::-1]
    below = [_row(row) for row in db.session.execute(older)]
    return [*above, *below], above[-1] if above else None, below[0] if below else None


def count_of(member: Member, *matching: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Ticket).where(visible_to(member), *matching)) or 0


def counts(member: Member) -> Mapping[str, int]:
    """How many tickets the views of unsolved work hold. One statement."""
    row = db.session.execute(
        select(
            func.count().label("open"),
            func.count().filter(Ticket.assigned_agent_id == member.id).label("mine"),
            func.count().filter(Ticket.assigned_agent_id.is_(None)).label("unassigned"),
        )
        .select_from(Ticket)
        .where(visible_to(member), Ticket.status.in_(UNSOLVED))
    ).one()
    return {"open": row.open, "mine": row.mine, "unassigned": row.unassigned}


_LATEST = (Ticket.last_message_at.desc(), Ticket.id.desc())
_customer, _agent = aliased(Member), aliased(Member)


def _place() -> Any:
    return tuple_(Ticket.last_message_at, Ticket.id)


def _rows(member: Member, *matching: ColumnElement[bool]) -> Any:
    same = Ticket.organization_id
    return (
        select(
            Ticket.id,
            Ticket.number,
            Ticket.subject,
            Ticket.status,
            Ticket.priority,
            Ticket.last_message_at,
            Queue.id.label("queue_id"),
            Queue.name.label("queue"),
            Queue.hue.label("queue_hue"),
            _customer.id.label("customer_id"),
            _customer.name.label("customer"),
            _customer.hue.label("customer_hue"),
            _agent.id.label("agent_id"),
            _agent.name.label("agent"),
            _agent.hue.label("agent_hue"),
        )
        .join(Queue, and_(Queue.organization_id == same, Queue.id == Ticket.queue_id))
        .join(_customer, and_(_customer.organization_id == same, _customer.id == Ticket.customer_id))
        .outerjoin(_agent, and_(_agent.organization_id == same, _agent.id == Ticket.assigned_agent_id))
        .where(visible_to(member), *matching)
    )


def _row(row: Any) -> Row:
    agent = Face(row.agent_id, row.agent, row.agent_hue) if row.agent_id else None
    return Row(
        row.id,
        row.number,
        row.subject,
        row.status,
        row.priority,
        row.queue_id,
        row.queue,
        row.queue_hue,
        Face(row.customer_id, row.customer, row.customer_hue),
        agent,
        row.last_message_at,
    )


def _tags(ids: Sequence[int]) -> Mapping[int, Sequence[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    if ids:
        for ticket_id, name, hue in db.session.execute(_BEARING, {"ids": list(ids)}):
            found[ticket_id].append((name, hue))
    return found


# One array and not `IN (…)`: its text would grow with the rows, and nobody could keep it prepared.
_BEARING = (
    select(TicketTag.ticket_id, Tag.name, Tag.hue)
    .join(Tag, and_(Tag.organization_id == TicketTag.organization_id, Tag.id == TicketTag.tag_id))
    .where(TicketTag.ticket_id == func.any(bindparam("ids", type_=ARRAY(BigInteger))))
    .order_by(Tag.name, Tag.id)
)
