"""Issues in a copy of one's own data: those somebody made or works on, as far as they see them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from app.accounts.exporting import Part
from app.boards.models import Issue, IssueAssignee
from app.boards.policies import visible_to
from app.documents.models import Document
from app.organizations.exporting import contribute, rows
from app.organizations.models import Member
from app.projects.models import Project


def _parts(member: Member) -> Iterable[Part]:
    works_on = select(IssueAssignee.issue_id).where(IssueAssignee.member_id == member.id)
    issues = (
        select(
            Project.identifier,
            Issue.number,
            Issue.title,
            Document.body,
            Issue.priority,
            Issue.start_date,
            Issue.due_date,
            (Issue.created_by_id == member.id).label("made"),
            Issue.id.in_(works_on).label("assigned"),
            Issue.created_at,
        )
        .join(Project, (Project.organization_id == Issue.organization_id) & (Project.id == Issue.project_id))
        .outerjoin(Document, (Document.organization_id == Issue.organization_id) & (Document.id == Issue.document_id))
        .where(visible_to(member), or_(Issue.created_by_id == member.id, Issue.id.in_(works_on)))
        .order_by(Issue.id)
    )
    return [Part("issues.json", rows(issues))]


contribute("issues", _parts)
