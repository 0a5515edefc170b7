"""Writing texts, bringing old versions back, and keeping half-typed forms.

Texts belong to nouns: the noun's own command records the change, with what these return.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.documents.models import Document, DocumentVersion, Draft
from app.documents.rendering import MOST, Rendered, mentioned_in, render
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid, Refused
from app.kernel.timers import wake
from app.kernel.words import gettext as _
from app.organizations.models import Member

#: For this long edits of one author are one version.
SITTING = timedelta(minutes=10)
#: Days a draft is kept, and drafts a member can have.
DRAFTS_KEPT = 90
MOST_DRAFTS = 200


@dataclass(frozen=True)
class Written:
    """What writing did: numbers of the version before and after, and whom the text named and names."""

    versions: tuple[int, int]
    mentions: tuple[list[int], list[int]]

    def fields(self, name: str) -> dict[str, Any]:
        """What the noun's change holds: the text's versions as `name`, and `mentions` when others are named now."""
        fields: dict[str, Any] = {name: list(self.versions)}
        return fields | ({"mentions": list(self.mentions)} if self.mentions[0] != self.mentions[1] else {})


class StaleEdit(Refused):
    """Somebody else has changed the same text since the form was opened. Nothing was written."""

    def __init__(self) -> None:
        super().__init__("This was changed while you were writing. Look at both texts, then save again.")


def create_documents(bodies: Sequence[str], *, by: Actor, readers: Sequence[Member] = ()) -> list[Document]:
    """Texts with their first versions, in two statements however many they are. Raises Invalid."""
    made = [_filled(Document(), body, readers)[0] for body in bodies]
    db.session.add_all(made)
    db.session.flush()
    db.session.add_all(
        DocumentVersion(document_id=document.id, number=1, body=document.body, author_id=by.id) for document in made
    )
    db.session.flush()
    return made


def write_document(
    document: Document, body: str, *, by: Actor, readers: Sequence[Member] = (), apart: bool = False
) -> Written | None:
    """Give a text a new body. None when nothing changes. Raises Invalid for a text that is too long.

    Within ten minutes the same author's next edit is the same version, unless it is to stand `apart`.
    """
    if body == document.body:
        return None
    named, before, at = sorted(mentioned_in(document.html)), document.version, now()
    _, rendered = _filled(document, body, readers)
    last = db.session.scalars(
        select(DocumentVersion)
        .where(DocumentVersion.document_id == document.id)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
        .with_for_update()
    ).one()
    if last.author_id == by.id and at - last.created_at < SITTING and not apart:
        last.body = body
    else:
        document.version = last.number + 1
        db.session.add(DocumentVersion(document_id=document.id, number=document.version, body=body, author_id=by.id))
    db.session.flush()
    return Written((before, document.version), (named, sorted(rendered.mentioned)))


def restore_version(document: Document, number: int, *, by: Actor, readers: Sequence[Member] = ()) -> Written | None:
    """Make an old version the newest one. None if it reads like that. Raises Invalid for another number."""
    body = db.session.scalar(
        select(DocumentVersion.body).where(DocumentVersion.document_id == document.id, DocumentVersion.number == number)
    )
    if body is None:
        raise Invalid(_("There is no version %(number)s of this text.", number=number))
    return write_document(document, body, by=by, readers=readers, apart=True)


def _filled(document: Document, body: str, readers: Sequence[Member]) -> tuple[Document, Rendered]:
    if len(body) > MOST:
        raise Invalid(_("At most %(most)s characters, please.", most=f"{MOST:,}"), "body")
    rendered = render(body, readers)
    document.body, document.html, document.plain = body, rendered.html, rendered.plain
    return document, rendered


def save_draft(member: Member, key: str, fields: dict[str, str]) -> None:
    """Keep what a member has typed into a form; the oldest of very many drafts go. Three statements."""
    at = now()
    row = insert(Draft).values(
        organization_id=current_organization_id(), member_id=member.id, key=key, fields=fields, updated_at=at
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["organization_id", "member_id", "key"], set_={"fields": fields, "updated_at": at}
        )
    )
    newest = select(Draft.id).where(Draft.member_id == member.id).order_by(Draft.updated_at.desc()).limit(MOST_DRAFTS)
    db.session.execute(
        delete(Draft).where(Draft.member_id == member.id, Draft.id.not_in(newest)),
        execution_options={"synchronize_session": False},
    )
    wake("purge_drafts", at=at + timedelta(days=DRAFTS_KEPT), key="purge_drafts", earlier_only=True)


def discard_draft(member: Member, key: str) -> None:
    """Forget a draft; nothing happens when there is none. Forms call it when they have been saved."""
    db.session.execute(
        delete(Draft).where(Draft.member_id == member.id, Draft.key == key),
        execution_options={"synchronize_session": False},
    )


def purge_drafts() -> None:
    """Forget drafts that nobody has touched for 90 days, and come back when the next one is that old."""
    kept = timedelta(days=DRAFTS_KEPT)
    db.session.execute(
        delete(Draft).where(Draft.updated_at < now() - kept), execution_options={"synchronize_session": False}
    )
    oldest = db.session.scalar(select(func.min(Draft.updated_at)))
    if oldest:
        wake("purge_drafts", at=oldest + kept, key="purge_drafts")
