"""Noting where one has been, so that the way back is short."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import insert

from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.events import noun_of
from app.organizations.models import Member
from app.search.models import Visit


def note_visit(row: Any, *, by: Member) -> None:
    """The page of this row was opened. One statement."""
    at = now()
    visit = insert(Visit).values(
        organization_id=current_organization_id(),
        member_id=by.id,
        noun=noun_of(row).name,
        subject_id=row.id,
        visited_at=at,
    )
    key = ["organization_id", "member_id", "noun", "subject_id"]
    db.session.execute(visit.on_conflict_do_update(index_elements=key, set_={"visited_at": at}))
