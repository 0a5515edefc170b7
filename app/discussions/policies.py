"""Who sees comments and files: whoever sees what they are about. And who may say, change, settle and attach."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from app.discussions.models import Attachment, Comment
from app.kernel.access import ADMINS, COLLEAGUES, STAFF, Role, grant, permissions, rule
from app.kernel.events import Noun, all_nouns
from app.kernel.words import lazy
from app.organizations.models import Member


class P(StrEnum):
    VIEW = "comment:view"
    CREATE = "comment:create"
    #: One's own.
    EDIT = "comment:edit"
    #: One's own; with MODERATE anybody's. Bringing back asks for the same, and what a moderator deleted stays deleted.
    DELETE = "comment:delete"
    MODERATE = "comment:moderate"
    RESOLVE = "comment:resolve"
    REACT = "comment:react"


class Files(StrEnum):
    VIEW = "attachment:view"
    #: Send a file ahead, for a comment that one may write.
    CREATE = "attachment:create"
    #: One's own; with P.MODERATE anybody's. Bringing back asks for the same, as with comments.
    DELETE = "attachment:delete"


permissions(
    P,
    lazy("Comments"),
    VIEW=lazy("read comments"),
    CREATE=lazy("write comments"),
    EDIT=lazy("edit their own comments"),
    DELETE=lazy("delete their own comments"),
    MODERATE=lazy("delete comments and files of anybody"),
    RESOLVE=lazy("resolve threads"),
    REACT=lazy("react to comments"),
)

grant(P.VIEW, *COLLEAGUES)
for _permission in (P.CREATE, P.EDIT, P.DELETE, P.RESOLVE, P.REACT):
    grant(_permission, *STAFF, Role.GUEST)
grant(P.MODERATE, *ADMINS)
# Customers too: what they see and say is narrowed by the noun, and by what stands open.
permissions(
    Files,
    lazy("Files"),
    VIEW=lazy("open files"),
    CREATE=lazy("attach files"),
    DELETE=lazy("delete their own files"),
)

grant(Files.VIEW, *Role)
grant(Files.CREATE, *STAFF, Role.GUEST, Role.CUSTOMER)
grant(Files.DELETE, *STAFF, Role.GUEST, Role.CUSTOMER)


def visible_to(member: Member) -> ColumnElement[bool]:
    """Comments on what the member sees, deleted ones too; to those who are no colleagues only what was said openly."""
    return open_to(member) & _about_visible(member, Comment)


def files_visible_to(member: Member) -> ColumnElement[bool]:
    """Files of what the member sees, deleted ones too. One that waits is its uploader's; one that stands with a comment
    is seen by those who see that comment, while it stands.
    """
    said = exists().where(
        Comment.organization_id == Attachment.organization_id,
        Comment.id == Attachment.comment_id,
        Comment.deleted_at.is_(None),
        open_to(member),
    )
    shared = and_(
        Attachment.attached_at.is_not(None), files_open_to(member), or_(Attachment.comment_id.is_(None), said)
    )
    own = and_(Attachment.attached_at.is_(None), Attachment.uploaded_by_id == member.id)
    return or_(shared, own) & _about_visible(member, Attachment)


def open_to(member: Member) -> ColumnElement[bool]:
    """Of what is said about something that the member sees: all of it, or what was said openly."""
    return true() if member.is_colleague else Comment.internal.is_(False)


def files_open_to(member: Member) -> ColumnElement[bool]:
    """The same of files."""
    return true() if member.is_colleague else Attachment.internal.is_(False)


@rule(P.EDIT)
def may_edit(member: Member, comment: Comment) -> bool:
    return member.may(P.EDIT) and comment.author_id == member.id


@rule(P.DELETE)
def may_delete(member: Member, comment: Comment) -> bool:
    owner = comment.author_id if comment.deleted_at is None else comment.deleted_by_id
    return member.may(P.DELETE) and (owner == member.id or member.may(P.MODERATE))


@rule(Files.DELETE)
def may_delete_file(member: Member, attachment: Attachment) -> bool:
    owner = attachment.uploaded_by_id if attachment.deleted_at is None else attachment.deleted_by_id
    return member.may(Files.DELETE) and (owner == member.id or member.may(P.MODERATE))


def _about_visible(member: Member, rows: type[Comment] | type[Attachment]) -> ColumnElement[bool]:
    return or_(
        *(
            and_(rows.noun == noun.name, rows.subject_id.in_(select(_id(noun)).where(noun.visible(member))))
            for noun in all_nouns()
            if noun.readers
        )
    )


def _id(noun: Noun) -> Any:
    return noun.model.id  # type: ignore[attr-defined]
