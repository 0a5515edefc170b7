"""Deleted issues have an end, where an organization says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.boards.models import Issue
from app.boards.nouns import issue as noun
from app.documents.models import Document
from app.kernel.database import db
from app.kernel.words import lazy
from app.organizations.retention.forgetting import purge
from app.organizations.retention.kinds import Kept, keeps
from app.projects.models import Project


def _due(before: datetime) -> Select[int]:
    return select(Issue.id).where(Issue.deleted_at < before).order_by(Issue.deleted_at, Issue.id)


def _written(ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Issue, Project.identifier, Document.body)
        .join(Project, (Project.organization_id == Issue.organization_id) & (Project.id == Issue.project_id))
        .outerjoin(Document, (Document.organization_id == Issue.organization_id) & (Document.id == Issue.document_id))
        .where(Issue.id.in_(ids))
        .order_by(Issue.id)
    )
    return [
        {
            "key": f"{identifier}-{issue.number}",
            "title": issue.title,
            "body": body,
            "created_at": issue.created_at,
            "deleted_at": issue.deleted_at,
        }
        for issue, identifier, body in rows
    ]


def set_up() -> None:
    keeps(
        "deleted_issues",
        Kept(
            title=lazy("Deleted issues"),
            since=lazy("since they were deleted"),
            due=_due,
            delete=lambda ids: purge(noun, ids),
            written=_written,
        ),
    )
