"""Pages in a copy of one's own data: those somebody owns."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.accounts.exporting import Part
from app.documents.models import Document
from app.organizations.exporting import contribute, rows
from app.organizations.models import Member
from app.pages.models import Page
from app.pages.policies import visible_to


def _parts(member: Member) -> Iterable[Part]:
    own = (
        select(Page.title, Document.body, Page.access, Page.created_at)
        .join(Document, (Document.organization_id == Page.organization_id) & (Document.id == Page.document_id))
        .where(visible_to(member), Page.owner_id == member.id)
        .order_by(Page.id)
    )
    return [Part("pages.json", rows(own))]


contribute("pages", _parts)
