"""Comments and files in a copy of one's own data: what somebody said and sent, on what they still see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from app.accounts.exporting import Part
from app.discussions.models import Attachment, Comment
from app.discussions.policies import files_visible_to, visible_to
from app.documents.models import Document
from app.kernel.database import db
from app.organizations.exporting import contribute, rows
from app.organizations.models import Member


def _parts(member: Member) -> Iterable[Part]:
    comments = (
        select(
            Comment.noun,
            Comment.subject_id,
            Document.body,
            Comment.internal,
            Comment.created_at,
            Comment.edited_at,
            Comment.deleted_at,
        )
        .join(Document, (Document.organization_id == Comment.organization_id) & (Document.id == Comment.document_id))
        .where(visible_to(member), Comment.author_id == member.id)
        .order_by(Comment.id)
    )
    yield Part("comments.json", rows(comments))
    yield from _files(member)


def _files(member: Member) -> Iterator[Part]:
    sent = select(Attachment.id, Attachment.name, Attachment.file).where(
        files_visible_to(member), Attachment.uploaded_by_id == member.id, Attachment.deleted_at.is_(None)
    )
    for row in db.session.execute(sent.order_by(Attachment.id)):
        yield Part(f"files/{row.id}-{row.name.replace('/', '_')}", file=row.file)


contribute("discussions", _parts)
