"""Pages: texts in a tree."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.documents.models import Document
from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.organizations.models import Member
from app.projects.models import Project


class Access(StrEnum):
    PUBLIC = "public"
    #: Its owner's alone, and so is all below it.
    PRIVATE = "private"


class Page(Tenanted, Model):
    """One text of the organization's tree, or of a project's. Spec: kardon.Page."""

    __tablename__ = "pages"
    __table_args__ = (
        *belongs_to("projects", "project_id", index=False),
        *belongs_to("pages", "parent_id"),
        *belongs_to("members", "owner_id"),
        *belongs_to("members", "locked_by_id"),
        *belongs_to("documents", "document_id"),
        Index("ix_pages_order", "organization_id", "project_id", "parent_id", "rank"),
        Index("ix_pages_recent", "organization_id", "updated_at", postgresql_where=text("deleted_at IS NULL")),
        CheckConstraint("parent_id <> id", name="not_below_itself"),
    )
    #: The text is a row of its own: its commands record it themselves, under `text`.
    __history__ = ("title", "emoji", "parent_id", "access", "locked_at", "archived_at", "deleted_at")

    #: None: a page of the organization.
    project_id: Mapped[int | None]
    #: Of the same project. None: at the top.
    parent_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(300))
    emoji: Mapped[str | None] = mapped_column(String(16))
    document_id: Mapped[int]
    owner_id: Mapped[int]
    access: Mapped[Access] = mapped_column(default=Access.PUBLIC)
    #: The order among those that stand below one page.
    rank: Mapped[str] = mapped_column(String(400, collation="C"))
    #: Counts edits of title and text; a form that knew an older one is stale.
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: When title or text were last changed; another place is no change.
    updated_at: Mapped[datetime] = mapped_column(default=now)
    locked_at: Mapped[datetime | None]
    locked_by_id: Mapped[int | None]
    #: What was put away or deleted together has one moment: it comes back together.
    archived_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    project: Mapped[Project | None] = relationship(foreign_keys="Page.project_id", lazy="raise")
    document: Mapped[Document] = relationship(foreign_keys="Page.document_id", lazy="raise")
    owner: Mapped[Member] = relationship(foreign_keys="Page.owner_id", lazy="raise")
    locked_by: Mapped[Member | None] = relationship(foreign_keys="Page.locked_by_id", lazy="raise")

    @property
    def is_private(self) -> bool:
        return self.access is Access.PRIVATE

    @property
    def is_fixed(self) -> bool:
        """Whether its words stay as they are: it is locked, or put away."""
        return self.locked_at is not None or self.archived_at is not None

    @property
    def space(self) -> str:
        """The live topic of the tree that it stands in."""
        return space_of(self.project_id)


def space_of(project_id: int | None) -> str:
    """The live topic of a tree: of a project, or (None) of the organization."""
    return f"pages-{project_id or 0}"
