"""Who sees a page and whether it can be changed; putting away and deleting. What stands below goes along."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.kernel import ledger
from app.kernel.access import may
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.organizations.models import Member
from app.pages import events
from app.pages.commands.editing import PageFixed, hold
from app.pages.commands.moving import check_own
from app.pages.commands.order import ranks_at
from app.pages.commands.writing import set_on, snapshots
from app.pages.models import Access, Page
from app.pages.policies import P
from app.pages.queries.lineage import DEEPEST, below, hold_tree, lineage_of


def lock_pages(pages: Sequence[Page], *, by: Member) -> ledger.Activity | None:
    """Have title and text stay as they are until somebody unlocks them."""
    free = [page for page in pages if page.locked_at is None]
    return set_on(free, event=events.LOCKED, by=by, locked_at=now(), locked_by_id=by.id)


def unlock_pages(pages: Sequence[Page], *, by: Member) -> ledger.Activity | None:
    return set_on(pages, event=events.UNLOCKED, by=by, locked_at=None, locked_by_id=None)


def hide_page(page: Page, *, by: Member) -> ledger.Activity | None:
    """Make one's own page and all below it private. Raises Invalid when something of it belongs to others."""
    hold_tree(page.project_id)
    hold(page)
    check_own([page], by)
    return set_on(_all_below(page, by), event=events.HIDDEN, by=by, access=Access.PRIVATE)


def share_page(page: Page, *, by: Member) -> ledger.Activity | None:
    """Show one's private page, and what stands below it, to all who see the tree.

    Raises Invalid below a page that is private itself.
    """
    hold_tree(page.project_id)
    line = lineage_of(page.id)
    if any(above.is_private for above in line[1:]):
        raise Invalid(_("It stands below a private page. Move it first."), "access")
    return set_on(_all_below(page, by), event=events.SHARED, by=by, access=Access.PUBLIC)


def archive_pages(pages: Sequence[Page], *, by: Member) -> ledger.Activity | None:
    """Put pages and what `by` sees below them away: still readable, in no tree."""
    _hold_trees(pages)
    whole = [page for page, _ in below(pages, by) if page.archived_at is None]
    return set_on(whole, event=events.ARCHIVED, by=by, archived_at=now())


def unarchive_page(page: Page, *, by: Member) -> ledger.Activity | None:
    """Bring a page back, with all that was put away in the same moment."""
    hold_tree(page.project_id)
    moment = page.archived_at
    if moment is None:
        return None
    whole = [one for one, _ in below([page], by) if one.archived_at == moment]
    before = snapshots(whole)
    _settle(page, whole)
    return set_on(whole, event=events.UNARCHIVED, by=by, before=before, archived_at=None)


def delete_pages(pages: Sequence[Page], *, by: Member) -> ledger.Activity | None:
    """Put pages and what `by` sees below them into the bin. Private pages of others stay theirs.

    Raises PageFixed when one of them is locked by somebody whose lock `by` may not open.
    """
    _hold_trees(pages)
    whole = [page for page, _ in below(pages, by) if page.deleted_at is None]
    locked = next((page for page in whole if page.locked_at and not may(by, P.LOCK, page)), None)
    if locked:
        raise PageFixed(f"“{locked.title}” is locked. Nothing was deleted.")
    return set_on(whole, event=events.DELETED, by=by, deleted_at=now())


def restore_page(page: Page, *, by: Member) -> ledger.Activity | None:
    """Take a page out of the bin, with all that was deleted in the same moment.

    It stands where it stood, or at the top when that is not there any more.
    """
    hold_tree(page.project_id)
    moment = page.deleted_at
    if moment is None:
        return None
    whole = [one for one, _ in below([page], by, deleted=True) if one.deleted_at == moment]
    before = snapshots(whole)
    _settle(page, whole)
    return set_on(whole, event=events.RESTORED, by=by, before=before, deleted_at=None)


def _all_below(page: Page, by: Member) -> list[Page]:
    return [one for one, _ in below([page], by) if one.owner_id == by.id]


def _hold_trees(pages: Sequence[Page]) -> None:
    for project_id in sorted({page.project_id for page in pages}, key=lambda one: one or 0):
        hold_tree(project_id)


def _settle(page: Page, whole: Sequence[Page]) -> None:
    """Before it comes back: at the top when it cannot stand where it stood; private below what has become private."""
    if page.parent_id is None:
        return
    db.session.refresh(page, ["parent_id"])
    parent = db.session.scalars(
        select(Page).where(Page.id == page.parent_id).execution_options(populate_existing=True)
    ).one()
    height = max((depth for _, depth in below([page])), default=0)
    gone = parent.deleted_at or parent.archived_at or len(lineage_of(parent.id)) + 1 + height > DEEPEST
    if parent.is_private and any(one.owner_id != parent.owner_id for one in whole):
        gone = True
    if gone:
        page.rank = ranks_at(page.project_id, None, 1)[0]
        page.parent_id = None
    elif parent.is_private:
        for one in whole:
            one.access = Access.PRIVATE
    db.session.flush()
