"""Tying things of any two nouns together."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.kernel.events import Event, noun_of
from app.kernel.words import gettext as _
from app.search import events
from app.search.models import Link, LinkKind


def link_nouns(row: Any, other: Any, *, by: Actor, kind: LinkKind = LinkKind.RELATES) -> Link:
    """Tie two things together; nothing happens when they are already. Both histories tell of it, without naming the
    other side, which not every reader may see. Raises Invalid for a thing and itself.
    """
    one, two = (noun_of(row).name, row.id), (noun_of(other).name, other.id)
    if one == two:
        raise Invalid(_("A thing is not linked to itself."), "to")
    if kind is LinkKind.RELATES:
        one, two = sorted((one, two))
    values = {"noun": one[0], "subject_id": one[1], "other_noun": two[0], "other_id": two[1], "kind": kind}
    put = insert(Link).values(
        organization_id=current_organization_id(), created_by_id=by.id, created_at=now(), **values
    )
    made = db.session.scalar(put.on_conflict_do_nothing().returning(Link.id))
    if made:
        _record(events.LINKED, row, other, by)
    return db.session.scalars(select(Link).filter_by(**values)).one()


def unlink_nouns(link: Link, row: Any, other: Any, *, by: Actor) -> None:
    """Untie them."""
    db.session.delete(link)
    _record(events.UNLINKED, row, other, by)


def _record(event: Event, row: Any, other: Any, by: Actor) -> None:
    db.session.flush()
    for side in (row, other):
        ledger.record(event, [(side, {})], by=by)
        live.touch(*noun_of(side).topics(side))
