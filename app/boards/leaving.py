"""Open issues of who goes: to a successor where they see the project, else to nobody."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from app.boards.commands.fields import assign_issues
from app.boards.models import Issue, IssueAssignee
from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.words import lazy
from app.organizations import leaving
from app.organizations.models import Member
from app.projects.models import State
from app.projects.models.sorting import StateGroup
from app.projects.policies import in_projects_of

_TOGETHER = 500


def set_up() -> None:
    leaving.holds(
        "issues",
        lazy("Open issues"),
        count=_count,
        hand_over=_hand_over,
        otherwise=lazy("nobody is assigned"),
    )


def _theirs(member: Member) -> ColumnElement[bool]:
    over = select(State.id).where(State.group.in_((StateGroup.COMPLETED, StateGroup.CANCELLED)))
    held = select(IssueAssignee.issue_id).where(IssueAssignee.member_id == member.id)
    return Issue.deleted_at.is_(None) & Issue.id.in_(held) & Issue.state_id.not_in(over)


def _count(member: Member) -> int:
    return db.session.scalar(select(func.count()).select_from(Issue).where(_theirs(member))) or 0


def _hand_over(member: Member, to: Member | None, by: Actor) -> None:
    if to is not None:
        _assign(member, in_projects_of(to, Issue.project_id), [to.id], by)
    _assign(member, None, [], by)


def _assign(member: Member, where: ColumnElement[bool] | None, add: list[int], by: Actor) -> None:
    theirs = select(Issue).where(_theirs(member)).order_by(Issue.id).limit(_TOGETHER)
    theirs = theirs if where is None else theirs.where(where)
    while issues := db.session.scalars(theirs).all():
        assign_issues(issues, add=add, remove=[member.id], by=by)
        db.session.flush()
