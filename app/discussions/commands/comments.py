"""Saying something, changing it, taking it back, settling it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.discussions import events
from app.discussions.commands.attachments import attach_each, tell
from app.discussions.models import Attachment, Comment, Emoji, Reaction
from app.documents.commands import StaleEdit, create_documents, write_document
from app.documents.models import Document
from app.documents.rendering import mentioned_in
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid, Refused
from app.kernel.events import Event, noun_of
from app.kernel.words import gettext as _
from app.organizations.models import Member


@dataclass(frozen=True)
class Remark:
    """Something to be said about a noun, or in reply to a comment on it."""

    subject: Any
    body: str
    parent: Comment | None = None
    internal: bool = True
    #: Files that wait for it; with them it needs no words.
    attachments: Sequence[Attachment] = ()


class NotSaid(Refused):
    """A comment stands where nothing can be done with it any more; nothing was changed."""


def add_comments(remarks: Sequence[Remark], *, by: Actor) -> list[Comment]:
    """Say all of these, about nouns of one kind: five statements, and one for each text that may name people.

    A reply to a reply joins the thread. Raises Invalid for an empty or too long text, NotSaid for a deleted thread,
    NotAttached for a file that does not wait for it.
    """
    if any(not remark.body.strip() and not remark.attachments for remark in remarks):
        raise Invalid(_("Write something first."), "body")
    if any(remark.parent and remark.parent.deleted_at for remark in remarks):
        raise NotSaid("The comment that you reply to has been deleted. What you wrote is still here.")
    documents = _written(remarks, by)
    comments = [
        Comment(
            noun=noun_of(remark.subject).name,
            subject_id=remark.subject.id,
            document_id=document.id,
            document=document,
            parent_id=remark.parent and (remark.parent.parent_id or remark.parent.id),
            # What is said openly is said so by name: a reply to something open is kept among colleagues otherwise.
            internal=remark.internal or bool(remark.parent and remark.parent.internal),
            author_id=by.id,
        )
        for remark, document in zip(remarks, documents, strict=True)
    ]
    db.session.add_all(comments)
    db.session.flush()
    told = [
        (remark.subject, {"mentions": [[], named]} if (named := sorted(mentioned_in(document.html))) else {})
        for remark, document in zip(remarks, documents, strict=True)
    ]
    with_files = [(comment, remark) for comment, remark in zip(comments, remarks, strict=True) if remark.attachments]
    attach_each([(comment, remark.attachments) for comment, remark in with_files], by=by)
    _record(events.ADDED, comments, told, by)
    if with_files:
        tell(events.ATTACHED_TO_COMMENT, [(remark.subject, remark.attachments) for _, remark in with_files], by=by)
    return comments


def edit_comment(comment: Comment, subject: Any, body: str, *, by: Actor, seen: int | None = None) -> bool:
    """Give a comment another text; whether that changed anything.

    `seen` is the version that the form was opened with: when the comment has moved on to another text, raises
    StaleEdit. Raises Invalid for an empty or too long text.
    """
    if not body.strip():
        raise Invalid(_("Write something first. To take a comment back, delete it."), "body")
    _hold(comment)
    if comment.deleted_at is not None:
        raise NotSaid("This comment has been deleted since.")
    document = db.session.scalars(
        select(Document).where(Document.id == comment.document_id).execution_options(populate_existing=True)
    ).one()
    comment.document = document
    if body == document.body:
        return False
    if seen is not None and seen != comment.version:
        raise StaleEdit
    written = write_document(document, body, by=by, readers=_readers(subject, body))
    if written is None:
        return False
    comment.version, comment.edited_at = comment.version + 1, now()
    db.session.flush()
    fields: dict[str, Any] = {"comment": list(written.versions)}
    if written.mentions[0] != written.mentions[1]:
        fields["mentions"] = list(written.mentions)
    _record(events.EDITED, [comment], [(subject, fields)], by)
    return True


def delete_comment(comment: Comment, subject: Any, *, by: Actor) -> None:
    """Take it back. Its replies stay, under a line that says what happened; nothing happens to a deleted one."""
    _hold(comment)
    if comment.deleted_at is None:
        comment.deleted_at, comment.deleted_by_id = now(), by.id
        _record(events.DELETED, [comment], [(subject, {})], by)


def restore_comment(comment: Comment, subject: Any, *, by: Actor) -> None:
    """Let a deleted comment stand again."""
    _hold(comment)
    if comment.deleted_at is not None:
        comment.deleted_at = comment.deleted_by_id = None
        _record(events.RESTORED, [comment], [(subject, {})], by)


def resolve_thread(comment: Comment, subject: Any, *, by: Actor) -> None:
    """Settle what a comment began; a reply settles its thread. Raises NotSaid when the thread has been deleted."""
    thread = _thread(comment)
    if thread.resolved_at is None:
        thread.resolved_at, thread.resolved_by_id = now(), by.id
        _record(events.RESOLVED, [thread], [(subject, {})], by)


def reopen_thread(comment: Comment, subject: Any, *, by: Actor) -> None:
    """Unsettle it."""
    thread = _thread(comment)
    if thread.resolved_at is not None:
        thread.resolved_at = thread.resolved_by_id = None
        _record(events.REOPENED, [thread], [(subject, {})], by)


def toggle_reaction(comment: Comment, subject: Any, emoji: Emoji, *, by: Actor) -> bool:
    """Answer a comment with a sign, or take it away when it stands already; whether it stands now."""
    mine = {"organization_id": current_organization_id(), "comment_id": comment.id, "member_id": by.id, "emoji": emoji}
    put = insert(Reaction).values(**mine, created_at=now()).on_conflict_do_nothing().returning(Reaction.id)
    stands = db.session.execute(put).first() is not None
    if not stands:
        db.session.execute(delete(Reaction).filter_by(**mine), execution_options={"synchronize_session": False})
    signs = [[], [emoji.value]] if stands else [[emoji.value], []]
    _record(events.REACTED, [comment], [(subject, {"reactions": signs})], by)
    return stands


def _written(remarks: Sequence[Remark], by: Actor) -> list[Document]:
    """Texts that name nobody go together; for others it matters who can be named."""
    plain = [remark for remark in remarks if "@" not in remark.body]
    made = iter(create_documents([remark.body for remark in plain], by=by) if plain else [])
    return [
        create_documents([remark.body], by=by, readers=_readers(remark.subject, remark.body))[0]
        if "@" in remark.body
        else next(made)
        for remark in remarks
    ]


def _readers(subject: Any, body: str) -> Sequence[Member]:
    readers = noun_of(subject).readers
    return readers(subject) if readers and "@" in body else ()


def _thread(comment: Comment) -> Comment:
    thread = comment
    if comment.parent_id:
        thread = db.session.scalars(select(Comment).where(Comment.id == comment.parent_id)).one()
    _hold(thread)
    if thread.deleted_at:
        raise NotSaid("This thread has been deleted.")
    return thread


def _hold(comment: Comment) -> None:
    """Read it anew and keep it until the transaction ends: it may have changed since the page's query."""
    columns = ["version", "edited_at", "resolved_at", "resolved_by_id", "deleted_at"]
    db.session.refresh(comment, columns, with_for_update={"key_share": True})


def _record(
    event: Event, comments: Sequence[Comment], touched: Sequence[tuple[Any, dict[str, Any]]], by: Actor
) -> None:
    """As an activity of what was talked about. Pages that show it look again."""
    db.session.flush()
    payload = {"comment": comments[0].id, "anchor": comments[0].anchor} if len(comments) == 1 else {}
    ledger.record(event, touched, by=by, payload=payload)
    live.touch(*dict.fromkeys(topic for subject, _ in touched for topic in noun_of(subject).topics(subject)))
