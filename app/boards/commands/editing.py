"""Editing an issue's title and description, and bringing an old description back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.boards import events
from app.boards.commands.making import check_title
from app.boards.commands.writing import tell
from app.boards.models import Issue
from app.documents.commands import StaleEdit, Written, create_documents, restore_version, write_document
from app.documents.models import Document
from app.documents.rendering import mentioned_in
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.organizations.models import Member
from app.projects.queries import people_of


def edit_issue(issue: Issue, *, by: Actor, title: str, body: str, seen: int | None = None) -> ledger.Activity | None:
    """Write title and description. None when neither changes.

    `seen` is the version that the form was opened with: when the issue has moved on and differs from what is to be
    written, raises StaleEdit and leaves the issue as the others made it. Raises Invalid for what a title or a
    description cannot be.
    """
    check_title(title)
    _hold(issue)
    document = issue.document
    if title == issue.title and body == (document.body if document else ""):
        return None
    if seen is not None and seen != issue.version:
        raise StaleEdit
    was = ledger.snapshot(issue)
    issue.title = title
    diff = ledger.compare(was, ledger.snapshot(issue))
    described = _describe(issue, body, by)
    event = events.DESCRIBED if not diff else events.EDITED if described else events.RENAMED
    return _record(issue, event, diff | described, by)


def restore_description(issue: Issue, number: int, *, by: Actor) -> ledger.Activity | None:
    """Make an old version of the description the newest. Raises Invalid for a version that never was."""
    _hold(issue)
    fields = bring_back(issue, number, by=by)
    return _record(issue, events.DESCRIBED, fields, by) if fields else None


def bring_back(issue: Issue, number: int, *, by: Actor) -> dict[str, Any]:
    """What bringing a version of the description back changes, not recorded yet. Version 0 is no description."""
    if issue.document is None:
        return {}
    readers = people_of(issue.project_id)
    if number == 0:
        written = write_document(issue.document, "", by=by, readers=readers, apart=True)
    else:
        written = restore_version(issue.document, number, by=by, readers=readers)
    return written.fields("description") if written else {}


def _hold(issue: Issue) -> None:
    """Read it anew and keep it until the transaction ends: it may have changed since the page's query."""
    columns = ["title", "version", "document_id", "updated_at", "deleted_at"]
    db.session.refresh(issue, columns, with_for_update={"key_share": True})
    if issue.document_id is not None:
        found = select(Document).where(Document.id == issue.document_id).execution_options(populate_existing=True)
        issue.document = db.session.scalars(found).one()


def _describe(issue: Issue, body: str, by: Actor) -> dict[str, Any]:
    if issue.document is not None:
        if body == issue.document.body:
            return {}
        written = write_document(issue.document, body, by=by, readers=_readers(issue, body))
        return written.fields("description") if written else {}
    if not body:
        return {}
    [issue.document] = create_documents([body], by=by, readers=_readers(issue, body))
    issue.document_id = issue.document.id
    return Written((0, 1), ([], sorted(mentioned_in(issue.document.html)))).fields("description")


def _readers(issue: Issue, body: str) -> list[Member]:
    """Whom the text could name: nobody needs to be asked for when there is no @ in it."""
    return list(people_of(issue.project_id)) if "@" in body else []


def _record(issue: Issue, event: Any, fields: dict[str, Any], by: Actor) -> ledger.Activity:
    issue.version += 1
    issue.updated_at = now()
    db.session.flush()
    tell([issue])
    return ledger.record(event, [(issue, fields)], by=by)
