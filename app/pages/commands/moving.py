"""Moving pages within their tree."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select

from app.kernel import ledger
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.organizations.models import Member
from app.pages import events
from app.pages.commands.making import check_parent
from app.pages.commands.order import ranks_at
from app.pages.commands.writing import tell
from app.pages.models import Access, Page
from app.pages.queries.lineage import below, hold_tree
from app.pages.queries.pages import place_of


class Step(StrEnum):
    """One step in the tree, as a key makes it."""

    UP = "up"
    DOWN = "down"
    #: Below the neighbour above it.
    IN = "in"
    #: Right after the page that it stands below.
    OUT = "out"


def move_pages(
    pages: Sequence[Page], parent: Page | None, *, after: int | None = None, before: int | None = None, by: Member
) -> ledger.Activity | None:
    """Have pages of one tree, and all below them, stand below `parent` or (None) at the top: right after or before a
    sibling, else at the end. None when they stood there.

    Below a private page they become private, which only works for one's own. Raises Invalid for pages of several trees,
    a parent of another tree or below what is moved, and a tree that would grow too deep. A fixed number of statements.
    """
    project_id = pages[0].project_id
    if any(page.project_id != project_id for page in pages):
        raise Invalid(_("These pages stand in different trees. Move them one tree at a time."), "ids")
    hold_tree(project_id)
    whole = below(pages)
    wanted = {page.id for page in pages}
    pages = [page for page, _ in whole if page.id in wanted]
    if any(page.deleted_at or page.archived_at for page in pages):
        raise Invalid(_("This page is not there any more. Load the tree again."), "ids")
    hidden: list[Page] = []
    if parent is not None:
        if parent.id in {page.id for page, _ in whole}:
            raise Invalid(_("A page cannot stand below itself. Choose another."), "parent")
        levels = 1 + max(depth for _, depth in whole)
        if check_parent(parent, project_id, by, levels=levels):
            hidden = check_own(pages, by)
    parent_id = parent.id if parent else None
    before_all = {page.id: (ledger.snapshot(page), page.rank) for page in (*pages, *hidden)}
    ranks = ranks_at(project_id, parent_id, len(pages), after=after, before=before, moved=[page.id for page in pages])
    with db.session.no_autoflush:
        for page, rank in zip(pages, ranks, strict=True):
            page.parent_id, page.rank = parent_id, rank
        for page in hidden:
            page.access = Access.PRIVATE
    differing = []
    for page in {page.id: page for page in (*pages, *hidden)}.values():
        was, rank = before_all[page.id]
        fields = ledger.compare(was, ledger.snapshot(page)) | ({"rank": [rank, page.rank]} if rank != page.rank else {})
        if fields:
            differing.append((page, fields))
    if not differing:
        return None
    db.session.flush()
    tell([page for page, _ in differing])
    stayed = all(set(fields) == {"rank"} for _, fields in differing)
    return ledger.record(events.REORDERED if stayed else events.MOVED, differing, by=by)


def step_page(page: Page, step: Step, *, by: Member) -> ledger.Activity | None:
    """Move a page one step among what `by` sees. None at the edge."""
    hold_tree(page.project_id)
    db.session.refresh(page, ["parent_id", "rank", "access", "deleted_at", "archived_at"])
    place = place_of(page, by)
    parent = _one(page.parent_id) if page.parent_id else None
    if step is Step.UP and place.before:
        return move_pages([page], parent, before=place.before.id, by=by)
    if step is Step.DOWN and place.after:
        return move_pages([page], parent, after=place.after.id, by=by)
    if step is Step.IN and place.before:
        return move_pages([page], place.before, by=by)
    if step is Step.OUT and parent:
        grandparent = _one(parent.parent_id) if parent.parent_id else None
        return move_pages([page], grandparent, after=parent.id, by=by)
    return None


def check_own(pages: Sequence[Page], by: Member) -> list[Page]:
    """All of these and below them that `by` sees, to be made private. Raises Invalid when others own some of it."""
    whole = [page for page, _ in below(pages, by)]
    others = sum(page.owner_id != by.id for page in whole)
    if others:
        count = "One page" if others == 1 else f"{others:,} pages"
        raise Invalid(
            _("%(count)s of this would be private and belong to others. Move those first.", count=count), "parent"
        )
    return [page for page in whole if not page.is_private]


def _one(page_id: int) -> Page | None:
    return db.session.scalars(select(Page).where(Page.id == page_id).execution_options(populate_existing=True)).first()
