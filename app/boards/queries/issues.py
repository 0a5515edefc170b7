"""Finding single issues, with all that their pages show."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.boards.models import Issue
from app.boards.policies import visible_to
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.ledger import Activity, Change
from app.organizations.models import Member
from app.projects.models import Project
from app.projects.policies import height, in_projects_of, know

_KEY = re.compile(r"([A-Za-z][A-Za-z0-9]{0,9})-([0-9]{1,9})")


def issue_by_key(member: Member, key: str) -> Issue:
    """WEB-12, with project, state, description, people and labels. Raises NotFound for what `member` may not see.

    Three statements.
    """
    return _one(member, visible_to(member), key)


def deleted_issue(member: Member, key: str) -> Issue:
    """An issue in the bin of a project that `member` sees. Raises NotFound."""
    return _one(member, _in_bin(member), key)


def deleted_issues_of(member: Member, project: Project) -> Sequence[Issue]:
    """The bin of a project, latest first, at most 200. One statement."""
    return db.session.scalars(
        select(Issue)
        .where(Issue.project_id == project.id, _in_bin(member))
        .options(joinedload(Issue.project), joinedload(Issue.state))
        .order_by(Issue.deleted_at.desc(), Issue.id.desc())
        .limit(200)
    ).all()


def activity_to_undo(member: Member, activity_id: int) -> tuple[Activity, Sequence[Issue]]:
    """An activity on issues, and those issues, deleted ones too. Three statements.

    Raises NotFound when one of them is in a project that is not open to `member`.
    """
    # What was said about issues is an activity of theirs too, but not one that is taken back here.
    own = Activity.id == activity_id, Activity.noun == "issue", Activity.verb.startswith("issue.")
    activity = db.session.scalars(select(Activity).where(*own)).first()
    if activity is None:
        raise NotFound
    mine = select(Change.subject_id).where(Change.activity_id == activity.id, Change.noun == "issue")
    issues = db.session.scalars(
        select(Issue)
        .where(Issue.id.in_(mine), in_projects_of(member, Issue.project_id))
        .options(joinedload(Issue.project))
        .order_by(Issue.id)
    ).all()
    if not issues or len(issues) != activity.count:
        raise NotFound
    return activity, issues


def issues_in(state_id: int) -> int:
    """How many issues stand in a state, those in the bin not counted."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Issue).where(Issue.state_id == state_id, Issue.deleted_at.is_(None))
        )
        or 0
    )


def _in_bin(member: Member) -> ColumnElement[bool]:
    return Issue.deleted_at.is_not(None) & in_projects_of(member, Issue.project_id)


def _one(member: Member, visible: ColumnElement[bool], key: str) -> Issue:
    found = _KEY.fullmatch(key)
    if not found:
        raise NotFound
    row = db.session.execute(
        select(Issue, height(member))
        .join(Issue.project)
        .where(Project.identifier == found[1].upper(), Issue.number == int(found[2]), visible)
        .options(
            joinedload(Issue.project),
            joinedload(Issue.state),
            joinedload(Issue.document),
            joinedload(Issue.issue_type),
            joinedload(Issue.estimate_point),
            joinedload(Issue.created_by),
            selectinload(Issue.assignees),
            selectinload(Issue.labels),
        )
    ).first()
    if row is None:
        raise NotFound
    issue: Issue = row[0]
    know(member, [(issue.project_id, row[1])])
    return issue
