"""How the noun `issue` shows itself to those who list it, tell its history or link to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.boards import policies
from app.boards.models import Issue, Priority
from app.kernel.database import db
from app.kernel.events import Field, Noun
from app.organizations.models import Member
from app.projects.models import EstimatePoint, IssueType, Label, State
from app.projects.queries import people_of


def _names(model: type[State] | type[Label] | type[Member] | type[IssueType], ids: set[Any]) -> Mapping[Any, str]:
    return {row.id: row.name for row in db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))}


def _estimates(ids: set[Any]) -> Mapping[Any, str]:
    found = select(EstimatePoint.id, EstimatePoint.value).where(EstimatePoint.id.in_(ids))
    return {row.id: row.value for row in db.session.execute(found)}


def _priorities(levels: set[Any]) -> Mapping[Any, str]:
    return {level: Priority(level).label for level in levels}


def _days(days: set[Any]) -> Mapping[Any, str]:
    return {day: f"{date.fromisoformat(day):%-d %B %Y}" for day in days}


issue = Noun(
    name="issue",
    model=Issue,
    icon="board",
    title=lambda issue: f"{issue.key} {issue.title}",
    url=lambda issue: url_for("boards.show_issue", key=issue.key),
    visible=policies.visible_to,
    audience=lambda issue: [f"project:{issue.project_id}"],
    text=lambda issue: (),
    topics=lambda issue: [f"board-{issue.project_id}", f"issue-{issue.id}"],
    readers=lambda issue: people_of(issue.project_id),
    load=(joinedload(Issue.project), joinedload(Issue.state)),
    fields={
        "title": Field("title"),
        "description": Field("description", silent=True),
        "state_id": Field("state", read=lambda ids: _names(State, ids)),
        "priority": Field("priority", read=_priorities),
        "assignees": Field("assignees", read=lambda ids: _names(Member, ids)),
        "labels": Field("labels", read=lambda ids: _names(Label, ids)),
        "issue_type_id": Field("type", read=lambda ids: _names(IssueType, ids)),
        "estimate_point_id": Field("estimate", read=_estimates),
        "properties": Field("properties"),
        "start_date": Field("start date", read=_days),
        "due_date": Field("due date", read=_days),
    },
)
