"""Setting the same on many pages at once, and telling those who look at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import update

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.events import Event
from app.pages.models import Page

Snapshots = Mapping[int, dict[str, Any]]


def snapshots(pages: Sequence[Page]) -> Snapshots:
    """What histories know of these pages, by their ids."""
    return {page.id: ledger.snapshot(page) for page in pages}


def set_on(
    pages: Sequence[Page], *, event: Event, by: Actor, before: Snapshots | None = None, **values: Any
) -> ledger.Activity | None:
    """Set these columns on all pages and record it: three statements. None when nothing differs.

    `before` are their snapshots from before other changes that are a part of this one.
    """
    before = before or snapshots(pages)
    changed = [page for page in pages if any(getattr(page, name) != value for name, value in values.items())]
    if not changed:
        return None
    db.session.execute(
        update(Page).where(Page.id.in_([page.id for page in changed])).values(**values),
        execution_options={"synchronize_session": "evaluate"},
    )
    differing = [(page, ledger.compare(before[page.id], ledger.snapshot(page))) for page in changed]
    tell(changed)
    return ledger.record(event, differing, by=by)


def tell(pages: Sequence[Page]) -> None:
    """Whoever looks at these pages, or at a tree of them, looks again."""
    trees = sorted({page.space for page in pages})
    live.touch(*trees, *(f"page-{page.id}" for page in pages))
