"""The files of a noun, of its comments, and those that wait for a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, bindparam, func, select

from app.discussions.models import Attachment
from app.discussions.policies import files_open_to, files_visible_to
from app.discussions.queries.subjects import subject_named
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.events import noun_of
from app.organizations.models import Member

#: Files that a page shows of its noun; whoever attaches more finds the rest with the comments.
SHOWN = 200


def attachments_of(subject: Any, member: Member) -> Sequence[Attachment]:
    """Files that stand with a noun itself, oldest first; the caller has checked that it may be seen. One statement."""
    return db.session.scalars(
        select(Attachment)
        .where(
            Attachment.noun == noun_of(subject).name,
            Attachment.subject_id == subject.id,
            Attachment.comment_id.is_(None),
            Attachment.attached_at.is_not(None),
            Attachment.deleted_at.is_(None),
            files_open_to(member),
        )
        .order_by(Attachment.id)
        .limit(SHOWN)
    ).all()


def files_under(comments: Sequence[int], member: Member) -> dict[int, list[Attachment]]:
    """The files that stand with comments that the member sees, by comment, in their order. One statement."""
    if not comments:
        return {}
    found: dict[int, list[Attachment]] = {}
    for attachment in db.session.scalars(
        select(Attachment)
        .where(
            Attachment.comment_id == func.any(bindparam("ids", list(comments), type_=ARRAY(BigInteger))),
            Attachment.deleted_at.is_(None),
            files_open_to(member),
        )
        .order_by(Attachment.id)
    ):
        found.setdefault(attachment.comment_id or 0, []).append(attachment)
    return found


def waiting_for(subject: Any, member: Member, ids: Sequence[int]) -> list[Attachment]:
    """Of these, the files that `member` has sent ahead for `subject` and that still wait, in the order asked for."""
    if not ids:
        return []
    rows = db.session.scalars(
        select(Attachment).where(
            Attachment.id == func.any(bindparam("ids", list(ids), type_=ARRAY(BigInteger))),
            Attachment.noun == noun_of(subject).name,
            Attachment.subject_id == subject.id,
            Attachment.uploaded_by_id == member.id,
            Attachment.attached_at.is_(None),
            Attachment.deleted_at.is_(None),
        )
    )
    found = {row.id: row for row in rows}
    return [found[number] for number in ids if number in found]


def attachment_by_id(member: Member, attachment_id: int) -> Attachment:
    """A file that stands or waits, with what it is `about`. Raises NotFound. Two statements."""
    return _one(member, attachment_id, Attachment.deleted_at.is_(None))


def deleted_attachment(member: Member, attachment_id: int) -> Attachment:
    """The same of one that was deleted."""
    return _one(member, attachment_id, Attachment.deleted_at.is_not(None))


def _one(member: Member, attachment_id: int, state: ColumnElement[bool]) -> Attachment:
    attachment = db.session.scalar(
        select(Attachment).where(Attachment.id == attachment_id, state, files_visible_to(member))
    )
    if attachment is None:
        raise NotFound
    attachment.about = subject_named(member, attachment.noun, attachment.subject_id)
    return attachment
