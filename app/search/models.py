"""What leads to things: documents to search, links between them, and each member's favourites and latest visits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to


class SearchDocument(Tenanted, Model):
    """One row of any noun, as words. Read through the function `find_documents` only: no index serves `@@` under a
    policy. Spec: none of the five keeps one; they search by LIKE.
    """

    __tablename__ = "search_documents"
    __table_args__ = (
        UniqueConstraint("organization_id", "noun", "subject_id"),
        Index("ix_search_documents_words", "words", postgresql_using="gin"),
        Index("ix_search_documents_latest", "organization_id", "noun", text("touched_at DESC")),
    )

    noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    #: Keys that say who may find it; a member holds some of them. See `audiences`.
    audience: Mapped[list[str]] = mapped_column(ARRAY(Text))
    #: Its words, and one that names its organization and noun (`@7:issue`), so that the index parts them.
    words: Mapped[str] = mapped_column(TSVECTOR)
    #: What is shown of it: text without markup.
    plain: Mapped[str] = mapped_column(default="", server_default=text("''"))
    touched_at: Mapped[datetime] = mapped_column(default=now)


class Favourite(Tenanted, Model):
    """What a member keeps at hand: a row of any noun, or a folder of such. Spec: kardon.Favorite."""

    __tablename__ = "favourites"
    __table_args__ = (
        UniqueConstraint("organization_id", "member_id", "noun", "subject_id"),
        *belongs_to("members", "member_id", ondelete="CASCADE", index=False),
        *belongs_to("favourites", "folder_id", ondelete="SET NULL"),
        CheckConstraint("(noun IS NULL) = (subject_id IS NULL)", name="whole"),
        CheckConstraint("(noun IS NULL) <> (name IS NULL)", name="folder_or_thing"),
        CheckConstraint("noun IS NOT NULL OR folder_id IS NULL", name="no_folder_in_a_folder"),
    )

    member_id: Mapped[int]
    noun: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    #: Of a folder.
    name: Mapped[str | None] = mapped_column(String(60))
    folder_id: Mapped[int | None]
    #: Its place among what stands in the same folder.
    rank: Mapped[str] = mapped_column(String(400, collation="C"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def is_folder(self) -> bool:
        return self.noun is None


class Visit(Tenanted, Model):
    """When a member last opened the page of something. Spec: kardon.RecentVisit."""

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("organization_id", "member_id", "noun", "subject_id"),
        *belongs_to("members", "member_id", ondelete="CASCADE", index=False),
        Index("ix_visits_latest", "organization_id", "member_id", text("visited_at DESC")),
    )

    member_id: Mapped[int]
    noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    visited_at: Mapped[datetime] = mapped_column(default=now)


class LinkKind(StrEnum):
    """How one thing stands to another. The first side of `escalated` became the other."""

    RELATES = "relates"
    ESCALATED = "escalated"


class Link(Tenanted, Model):
    """Two things that belong together, of any nouns. `issue_relations` are another matter: they order work."""

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("organization_id", "noun", "subject_id", "other_noun", "other_id", "kind"),
        Index("ix_links_other", "organization_id", "other_noun", "other_id"),
        *belongs_to("members", "created_by_id"),
        CheckConstraint("noun <> other_noun OR subject_id <> other_id", name="not_itself"),
    )

    noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    other_noun: Mapped[str] = mapped_column(String(40))
    other_id: Mapped[int]
    kind: Mapped[LinkKind] = mapped_column(default=LinkKind.RELATES)
    created_by_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
