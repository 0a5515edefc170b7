"""Finding versions and drafts, and what differs between two versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.documents.diff import Part, difference
from app.documents.models import Document, DocumentVersion, Draft
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member


@dataclass(frozen=True)
class Comparison:
    """Two versions of a text and what differs between them."""

    old: DocumentVersion | None
    new: DocumentVersion
    parts: Sequence[Part]
    author: Member | None
    #: Whether `new` is what the text says today.
    is_latest: bool


def versions_of(document: Document) -> Sequence[tuple[DocumentVersion, Member | None]]:
    """All versions with their authors, newest first, without their bodies' text being compared. One statement."""
    rows = db.session.execute(
        select(DocumentVersion, Member)
        .outerjoin(Member, Member.id == DocumentVersion.author_id)
        .where(DocumentVersion.document_id == document.id)
        .order_by(DocumentVersion.number.desc())
    )
    return [(version, author) for version, author in rows]


def compare_versions(document: Document, number: int, with_number: int | None = None) -> Comparison:
    """What version `number` changed since `with_number` (by default the one before it). Raises NotFound."""
    since = number - 1 if with_number is None else with_number
    rows = db.session.execute(
        select(DocumentVersion, Member)
        .outerjoin(Member, Member.id == DocumentVersion.author_id)
        .where(DocumentVersion.document_id == document.id, DocumentVersion.number.in_([since, number]))
    )
    found = {version.number: (version, author) for version, author in rows}
    if number not in found or (with_number is not None and with_number not in found):
        raise NotFound
    new, author = found[number]
    old = found[since][0] if since in found and since != number else None
    return Comparison(old, new, difference(old.body if old else "", new.body), author, number == document.version)


def comparison_asked(document: Document, asked: str) -> Comparison:
    """What the version that an address names changed; the present one's when it names none. Raises NotFound."""
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else document.version
    return compare_versions(document, number)


def draft_of(member: Member, key: str) -> dict[str, str]:
    """What a member has typed into the form `key` without saving it; empty when there is nothing. One statement."""
    return db.session.scalar(select(Draft.fields).where(Draft.member_id == member.id, Draft.key == key)) or {}


def drafts_of(member: Member) -> Sequence[Draft]:
    """A member's own drafts, newest first."""
    return db.session.scalars(select(Draft).where(Draft.member_id == member.id).order_by(Draft.updated_at.desc())).all()
