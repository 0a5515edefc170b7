"""Comments on a noun, in threads of one level; what people answer to them without words; files that stand with both."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.documents.models import Document
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to


class Emoji(StrEnum):
    """What one may answer without words, in the order in which it is offered."""

    THUMBS_UP = "thumbs_up"
    THUMBS_DOWN = "thumbs_down"
    SMILE = "smile"
    PARTY = "party"
    HEART = "heart"
    ROCKET = "rocket"
    EYES = "eyes"
    PUZZLED = "puzzled"

    @property
    def sign(self) -> str:
        return _SIGNS[self.value]

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


_SIGNS = {
    "thumbs_up": "👍",
    "thumbs_down": "👎",
    "smile": "😄",
    "party": "🎉",
    "heart": "❤️",
    "rocket": "🚀",
    "eyes": "👀",
    "puzzled": "🤔",
}


class Comment(Tenanted, Model):
    """What a member says about a noun, or replies to a comment. Spec: kardon.IssueComment, ai-workflow.comments."""

    __tablename__ = "comments"
    __table_args__ = (
        *belongs_to("comments", "parent_id", ondelete="CASCADE"),
        *belongs_to("members", "author_id"),
        *belongs_to("members", "resolved_by_id"),
        *belongs_to("members", "deleted_by_id"),
        *belongs_to("documents", "document_id"),
        Index("ix_comments_subject", "organization_id", "noun", "subject_id", "id"),
        CheckConstraint("parent_id IS NULL OR resolved_at IS NULL", name="only_threads_are_resolved"),
    )
    __allow_unmapped__ = True

    noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    #: The comment that it replies to; that one replies to none itself.
    parent_id: Mapped[int | None]
    author_id: Mapped[int | None]
    document_id: Mapped[int]
    #: Kept among colleagues: customers never see it.
    internal: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    #: Counts edits; a form that knew an older one is stale.
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    #: Of a thread's first comment: when the matter was settled.
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None]
    deleted_at: Mapped[datetime | None]
    #: Only they, and moderators, may bring it back.
    deleted_by_id: Mapped[int | None]

    document: Mapped[Document] = relationship(foreign_keys="Comment.document_id", lazy="raise")

    #: The row it is about, when whoever loaded the comment brought it along.
    about: Any = None

    @property
    def anchor(self) -> str:
        """Its place on the page of what it is about."""
        return f"comment-{self.id}"


class Reaction(Tenanted, Model):
    """A member answers a comment with a sign. Spec: ai-workflow.comments.reactions."""

    __tablename__ = "reactions"
    __table_args__ = (
        UniqueConstraint("organization_id", "comment_id", "member_id", "emoji"),
        *belongs_to("comments", "comment_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id"),
    )

    comment_id: Mapped[int]
    member_id: Mapped[int]
    emoji: Mapped[Emoji]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Attachment(Tenanted, Model):
    """A file that stands with a noun, or with a comment on it. Spec: helpdesk.TicketAttachment, kardon.FileAsset.

    It waits, seen by nobody but its uploader, until it is attached.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        *belongs_to("comments", "comment_id", ondelete="CASCADE"),
        *belongs_to("members", "uploaded_by_id"),
        *belongs_to("members", "deleted_by_id"),
        Index("ix_attachments_subject", "organization_id", "noun", "subject_id", "id"),
        Index("ix_attachments_waiting", "organization_id", "created_at", postgresql_where=text("attached_at IS NULL")),
        Index(
            "ix_attachments_deleted", "organization_id", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")
        ),
        CheckConstraint("size_bytes > 0", name="not_empty"),
        CheckConstraint("comment_id IS NULL OR attached_at IS NOT NULL", name="with_a_comment_is_attached"),
        CheckConstraint(
            "(preview IS NULL) = (preview_width IS NULL) AND (preview IS NULL) = (preview_height IS NULL)",
            name="preview_is_whole",
        ),
    )
    __allow_unmapped__ = True

    noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    comment_id: Mapped[int | None]
    #: None: Trestleboard itself, of mail whose sender is nobody here.
    uploaded_by_id: Mapped[int | None]
    #: What its sender called it, safe to be shown; never a path.
    name: Mapped[str] = mapped_column(String(160))
    size_bytes: Mapped[int]
    #: By its bytes; what the sender claimed is not kept.
    media_type: Mapped[str] = mapped_column(String(100))
    #: The stored file's name (`adapters.files`).
    file: Mapped[str] = mapped_column(String(32))
    #: The stored file's name of its small picture, and the size of that in pixels.
    preview: Mapped[str | None] = mapped_column(String(32))
    preview_width: Mapped[int | None]
    preview_height: Mapped[int | None]
    #: Kept among colleagues. Never false with an internal comment.
    internal: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    download_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: None while it waits.
    attached_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    #: Only they, and moderators, may bring it back.
    deleted_by_id: Mapped[int | None]

    #: The row it is about, when whoever loaded the attachment brought it along.
    about: Any = None

    @property
    def is_waiting(self) -> bool:
        return self.attached_at is None and self.deleted_at is None
