"""Long text: Markdown source, what it renders to, and every version of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to


class Document(Tenanted, Model):
    """A text in Markdown. Its noun points here, so that lists never read it. Spec: kardon.Description."""

    __tablename__ = "documents"

    body: Mapped[str] = mapped_column(default="")
    #: Rendered and sanitised; safe to show.
    html: Mapped[str] = mapped_column(default="")
    #: Without markup, for search and notifications.
    plain: Mapped[str] = mapped_column(default="")
    #: Number of the version that `body` is.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class DocumentVersion(Tenanted, Model):
    """One saved state of a document. Edits by one author within ten minutes are one version."""

    __tablename__ = "document_versions"
    __table_args__ = (
        *belongs_to("documents", "document_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "author_id"),
        UniqueConstraint("organization_id", "document_id", "number"),
    )

    document_id: Mapped[int]
    number: Mapped[int]
    body: Mapped[str]
    author_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Draft(Tenanted, Model):
    """A half-typed form of one member, kept until the form is saved. `key` is the form's `data-draft`."""

    __tablename__ = "drafts"
    __table_args__ = (
        *belongs_to("members", "member_id", ondelete="CASCADE", index=False),
        UniqueConstraint("organization_id", "member_id", "key"),
        Index("ix_drafts_updated", "organization_id", "updated_at"),
    )

    member_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))
    #: {field name: text}
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
