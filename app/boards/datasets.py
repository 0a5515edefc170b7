"""Issues as a table that can be asked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, case, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.boards.models import Issue, IssueAssignee, IssueLabel, Priority
from app.boards.policies import P, visible_to
from app.kernel.datasets import Dataset, DatasetColumn
from app.organizations.models import Member
from app.projects.models import Label, Project, State


def _select(member: Member) -> Select[Any]:
    author = aliased(Member)
    assignees = (
        select(func.string_agg(Member.name, aggregate_order_by(literal(", "), Member.name)).label("names"))
        .join(
            IssueAssignee,
            and_(IssueAssignee.organization_id == Member.organization_id, IssueAssignee.member_id == Member.id),
        )
        .where(IssueAssignee.organization_id == Issue.organization_id, IssueAssignee.issue_id == Issue.id)
        .correlate(Issue)
        .scalar_subquery()
    )
    labels = (
        select(func.string_agg(Label.name, aggregate_order_by(literal(", "), Label.name)).label("names"))
        .join(IssueLabel, and_(IssueLabel.organization_id == Label.organization_id, IssueLabel.label_id == Label.id))
        .where(IssueLabel.organization_id == Issue.organization_id, IssueLabel.issue_id == Issue.id)
        .correlate(Issue)
        .scalar_subquery()
    )
    priority = case({int(level): level.label for level in Priority}, value=Issue.priority)
    lasted = func.extract("epoch", Issue.completed_at - Issue.created_at) / literal(86400.0)
    return (
        select(
            func.concat(Project.identifier, "-", Issue.number).label("key"),
            Issue.title.label("title"),
            Project.name.label("project"),
            State.name.label("state"),
            State.group.label("stage"),
            priority.label("priority"),
            assignees.label("assignees"),
            labels.label("labels"),
            author.name.label("created_by"),
            Issue.created_at.label("created"),
            Issue.completed_at.label("completed"),
            Issue.start_date.label("start_date"),
            Issue.due_date.label("due_date"),
            lasted.label("days_to_complete"),
            Issue.completed_at.is_not(None).label("is_completed"),
        )
        .join(Project, and_(Project.organization_id == Issue.organization_id, Project.id == Issue.project_id))
        .join(State, and_(State.organization_id == Issue.organization_id, State.id == Issue.state_id))
        .outerjoin(author, and_(author.organization_id == Issue.organization_id, author.id == Issue.created_by_id))
        .where(visible_to(member))
    )


issues = Dataset(
    name="issues",
    label="Issues",
    icon="board",
    noun="issue",
    permission=P.VIEW,
    means="Every issue of your projects, but for deleted ones.",
    select=_select,
    columns=(
        DatasetColumn("key", "Key", "text", "WEB-12"),
        DatasetColumn("title", "Title", "text"),
        DatasetColumn("project", "Project", "text"),
        DatasetColumn("state", "State", "text", "The column of the board it stands in"),
        DatasetColumn("stage", "Stage", "text", "backlog, unstarted, started, completed or cancelled"),
        DatasetColumn("priority", "Priority", "text"),
        DatasetColumn("assignees", "Assignees", "text", "Everybody who works on it, in one text"),
        DatasetColumn("labels", "Labels", "text", "All of its labels, in one text"),
        DatasetColumn("created_by", "Created by", "text"),
        DatasetColumn("created", "Created", "timestamp"),
        DatasetColumn("completed", "Completed", "timestamp", "When it entered a completed state"),
        DatasetColumn("start_date", "Start date", "date"),
        DatasetColumn("due_date", "Due date", "date"),
        DatasetColumn("days_to_complete", "Days to complete", "number", "From created to completed"),
        DatasetColumn("is_completed", "Is completed", "boolean"),
    ),
)
