"""Tickets by the number that a person types. Words are search's business."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from app.desk.models import Ticket
from app.desk.policies import visible_to
from app.kernel.database import db
from app.organizations.models import Member
from app.search.finders import Found

_NUMBER = re.compile(r"#?([1-9]\d{0,8})")


def find_tickets(member: Member, words: list[str], most: int) -> Sequence[Found]:
    """The ticket of this number, if `member` sees it. One statement, none for words."""
    number = _NUMBER.fullmatch(words[0]) if len(words) == 1 and member.is_colleague else None
    if number is None:
        return []
    matching = select(Ticket).where(visible_to(member), Ticket.number == int(number[1]))
    return [as_found(ticket) for ticket in db.session.scalars(matching.limit(most))]


def as_found(ticket: Ticket) -> Found:
    """A ticket as the palette shows it."""
    return Found(
        f"ticket-{ticket.id}",
        ticket.subject,
        url_for("desk.show_ticket", number=ticket.number),
        f"state-{ticket.status.group}",
        where=ticket.key,
        means=ticket.status.label,
    )
