"""Editing a page's title and text, and bringing an old text back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.documents.commands import StaleEdit, restore_version, write_document
from app.documents.models import Document
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Refused
from app.kernel.events import Event
from app.organizations.models import Member
from app.pages import events
from app.pages.commands.making import check_title
from app.pages.models import Page
from app.pages.queries.pages import readers_of


class PageFixed(Refused):
    """A page's words stay as they are: it is locked, put away or deleted. Nothing was changed."""


def edit_page(
    page: Page, *, by: Actor, title: str, body: str, emoji: str | None = None, seen: int | None = None
) -> ledger.Activity | None:
    """Write title, emoji and text. None when nothing changes.

    `seen` is the version that the form was opened with: when the page has moved on and differs from what is to be
    written, raises StaleEdit and leaves it as the others made it. Raises PageFixed, and Invalid for what a title or a
    text cannot be.
    """
    check_title(title)
    hold(page)
    emoji = emoji or None
    if (title, emoji, body) == (page.title, page.emoji, page.document.body):
        return None
    check_open(page)
    if seen is not None and seen != page.version:
        raise StaleEdit
    was = ledger.snapshot(page)
    page.title, page.emoji = title, emoji
    diff = ledger.compare(was, ledger.snapshot(page))
    written = write_document(page.document, body, by=by, readers=_readers(page, body))
    event = events.WRITTEN if not diff else events.EDITED if written else events.RENAMED
    return _record(page, event, diff | (written.fields("text") if written else {}), by)


def rename_page(page: Page, title: str, *, by: Actor) -> ledger.Activity | None:
    """Another title. None when it is the same. Raises PageFixed and Invalid."""
    check_title(title)
    hold(page)
    if title == page.title:
        return None
    check_open(page)
    diff = {"title": [page.title, title]}
    page.title = title
    return _record(page, events.RENAMED, diff, by)


def restore_text(page: Page, number: int, *, by: Actor) -> ledger.Activity | None:
    """Make an old version of the text the newest. Raises PageFixed, and Invalid for a version that never was."""
    hold(page)
    check_open(page)
    written = restore_version(page.document, number, by=by, readers=readers_of(page))
    return _record(page, events.WRITTEN, written.fields("text"), by) if written else None


def hold(page: Page) -> None:
    """Read it anew and keep it until the transaction ends: it may have changed since the page's query."""
    columns = [
        "title",
        "emoji",
        "version",
        "access",
        "owner_id",
        "locked_at",
        "archived_at",
        "deleted_at",
        "updated_at",
    ]
    db.session.refresh(page, columns, with_for_update={"key_share": True})
    found = select(Document).where(Document.id == page.document_id).execution_options(populate_existing=True)
    page.document = db.session.scalars(found).one()


def check_open(page: Page) -> None:
    """Raises PageFixed."""
    if page.deleted_at:
        raise PageFixed("This page has been deleted since. What you wrote is still here.")
    if page.archived_at:
        raise PageFixed("This page is in the archive. Take it out before you change it.")
    if page.locked_at:
        raise PageFixed("This page is locked. Unlock it before you change it.")


def _readers(page: Page, body: str) -> list[Member]:
    """Whom the text could name: nobody needs to be asked for when there is no @ in it."""
    return list(readers_of(page)) if "@" in body else []


def _record(page: Page, event: Event, fields: dict[str, Any], by: Actor) -> ledger.Activity:
    page.version += 1
    page.updated_at = now()
    db.session.flush()
    live.touch(page.space, f"page-{page.id}")
    return ledger.record(event, [(page, fields)], by=by)
