"""Tags: words that an organization's tickets bear, made the first time somebody uses them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from sqlalchemy import Table, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.desk import events
from app.desk.commands.writing import tell
from app.desk.models import Tag, Ticket, TicketTag
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

#: Tags of an organization, and characters of one.
MOST, LONGEST = 500, 60


def tags_named(names: Collection[str]) -> Mapping[str, Tag]:
    """Tags by their casefolded names; what is not there yet is made. Raises Invalid for too many or too long ones."""
    wanted = {name.strip().casefold(): name.strip() for name in names if name.strip()}
    if any(len(name) > LONGEST for name in wanted.values()):
        raise Invalid(_("A tag has at most %(longest)s characters.", longest=LONGEST), "tags")
    known = {tag.name.casefold(): tag for tag in db.session.scalars(select(Tag).order_by(Tag.id))}
    missing = sorted(wanted.keys() - known.keys())
    if missing:
        if len(known) + len(missing) > MOST:
            raise Invalid(_("An organization can have %(most)s tags. Delete one first.", most=MOST), "tags")
        rows = [
            {
                "organization_id": current_organization_id(),
                "name": wanted[name],
                "hue": (len(known) + at) % 8 + 1,
                "created_at": now(),
            }
            for at, name in enumerate(missing)
        ]
        db.session.execute(insert(Tag).values(rows).on_conflict_do_nothing())
        again = select(Tag).where(func.lower(Tag.name).in_([name.lower() for name in missing])).order_by(Tag.id)
        known |= {tag.name.casefold(): tag for tag in db.session.scalars(again)}
    return {name: known[name] for name in wanted}


def tag_tickets(
    tickets: Sequence[Ticket], *, add: Collection[int] = (), remove: Collection[int] = (), by: Actor
) -> ledger.Activity | None:
    """Put tags (by id) on tickets, and take others off: at most five statements. None when nothing changes."""
    before = borne(tickets)
    after = {ticket_id: (held | set(add)) - set(remove) for ticket_id, held in before.items()}
    changed = [ticket for ticket in tickets if after[ticket.id] != before[ticket.id]]
    if not changed:
        return None
    set_tags(before, after)
    tell(changed)
    differing = [(ticket, {"tags": [sorted(before[ticket.id]), sorted(after[ticket.id])]}) for ticket in changed]
    return ledger.record(events.TAGGED, differing, by=by)


def borne(tickets: Sequence[Ticket]) -> Mapping[int, frozenset[int]]:
    """Which tags each ticket has: one statement."""
    found: dict[int, set[int]] = {ticket.id: set() for ticket in tickets}
    rows = db.session.execute(select(TicketTag.ticket_id, TicketTag.tag_id).where(TicketTag.ticket_id.in_(found)))
    for ticket_id, tag_id in rows:
        found[ticket_id].add(tag_id)
    return {ticket_id: frozenset(held) for ticket_id, held in found.items()}


def set_tags(before: Mapping[int, Collection[int]], after: Mapping[int, Collection[int]]) -> None:
    """Give tickets, by id, the tags of `after` where they had those of `before`. Two statements at most."""
    gone = [(ticket_id, tag) for ticket_id, held in before.items() for tag in sorted(set(held) - set(after[ticket_id]))]
    new = [
        {"organization_id": current_organization_id(), "ticket_id": ticket_id, "tag_id": tag}
        for ticket_id, held in after.items()
        for tag in sorted(set(held) - set(before[ticket_id]))
    ]
    if gone:
        db.session.execute(
            delete(TicketTag).where(tuple_(TicketTag.ticket_id, TicketTag.tag_id).in_(gone)),
            execution_options={"synchronize_session": False},
        )
    if new:
        db.session.execute(insert(cast(Table, TicketTag.__table__)).on_conflict_do_nothing(), new)
