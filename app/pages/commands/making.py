"""Making pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.documents.commands import create_documents
from app.documents.rendering import mentioned_in
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.organizations.models import Member
from app.pages import events
from app.pages.commands.order import ranks_at
from app.pages.models import Access, Page
from app.pages.queries.lineage import DEEPEST, hold_tree, lineage_of
from app.pages.queries.pages import readers_of
from app.projects.models import Project

TITLE_MOST = 300


@dataclass(frozen=True)
class PageDraft:
    """A page that does not exist yet."""

    title: str
    body: str = ""
    emoji: str | None = None
    access: Access = Access.PUBLIC


def create_pages(
    drafts: Sequence[PageDraft], *, project: Project | None = None, parent: Page | None = None, by: Member
) -> list[Page]:
    """Make pages at the end of those below `parent`, or of the top of a tree; `by` owns them.

    Below a private page they are private. Raises Invalid for a title that is none, and for a parent of another tree, of
    another's privacy, that is not there any more or stands too deep. A fixed number of statements, and two for each
    text that may name people.
    """
    for draft in drafts:
        check_title(draft.title)
    project_id = project.id if project else None
    hold_tree(project_id)
    private = check_parent(parent, project_id, by) if parent else False
    ranks = ranks_at(project_id, parent.id if parent else None, len(drafts))
    pages = []
    for draft, rank in zip(drafts, ranks, strict=True):
        pages.append(
            Page(
                project_id=project_id,
                parent_id=parent.id if parent else None,
                title=draft.title,
                emoji=draft.emoji or None,
                access=Access.PRIVATE if private else draft.access,
                owner_id=by.id,
                rank=rank,
            )
        )
    plain = [place for place, draft in enumerate(drafts) if "@" not in draft.body]
    documents = dict(zip(plain, create_documents([drafts[place].body for place in plain], by=by), strict=True))
    for place, (page, draft) in enumerate(zip(pages, drafts, strict=True)):
        if place not in documents:
            [documents[place]] = create_documents([draft.body], by=by, readers=readers_of(page))
        page.document, page.document_id = documents[place], documents[place].id
    db.session.add_all(pages)
    db.session.flush()
    ledger.record(events.CREATED, [(page, _beginning(page)) for page in pages], by=by)
    live.touch(pages[0].space)
    return pages


def check_title(title: str) -> None:
    """Raises Invalid."""
    if not title.strip():
        raise Invalid(_("A page needs a title."), "title")
    if len(title) > TITLE_MOST:
        raise Invalid(_("At most %(title_most)s characters, please.", title_most=format(TITLE_MOST, ",")), "title")


def check_parent(parent: Page, project_id: int | None, by: Actor, *, levels: int = 1) -> bool:
    """Whether what comes to stand below it must be private. The tree is held. `levels` come with it.

    Raises Invalid when nothing may stand there.
    """
    line = lineage_of(parent.id)
    if not line or parent.deleted_at or parent.archived_at:
        raise Invalid(_("That page is not there any more. Choose another."), "parent")
    if parent.project_id != project_id:
        raise Invalid(_("That page stands in another tree. Choose one of this tree."), "parent")
    if parent.is_private and parent.owner_id != by.id:
        raise Invalid(_("That page is not there any more. Choose another."), "parent")
    if len(line) + levels > DEEPEST:
        raise Invalid(
            _("Pages stand at most %(deepest)s levels deep. Choose one further up.", deepest=DEEPEST), "parent"
        )
    return parent.is_private


def _beginning(page: Page) -> dict[str, Any]:
    named = sorted(mentioned_in(page.document.html))
    return {"mentions": [[], named]} if named else {}
