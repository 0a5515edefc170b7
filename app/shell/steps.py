"""The first steps of somebody in an organization: what they may do and nobody has done yet. Home shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import exists, select, update

from app.boards.models import Issue
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.words import lazy
from app.organizations.models import Invitation, Kind, Member
from app.projects.models import Project
from app.projects.policies import visible_to
from app.web.guard import leads_to


@dataclass(frozen=True)
class Step:
    """`url` is where it is done."""

    title: Any
    hint: Any
    icon: str
    url: str
    done: bool


def first_steps(member: Member) -> Sequence[Step]:
    """What is left and what is done; empty for who put them away, and once all is done. One statement, or none."""
    if member.steps_hidden_at is not None or not member.is_colleague:
        return ()
    invited = exists().where(Invitation.organization_id == member.organization_id)
    others = exists().where(
        Member.organization_id == member.organization_id,
        Member.id != member.id,
        Member.kind == Kind.PERSON,
        Member.left_at.is_(None),
    )
    project = select(Project.id).where(visible_to(member)).exists()
    issue = exists().where(Issue.organization_id == member.organization_id, Issue.created_by_id == member.id)
    row = db.session.execute(
        select((invited | others).label("people"), project.label("project"), issue.label("issue"))
    ).one()
    offered = (
        ("accounts.show_profile", lazy("Show who you are"), lazy("A picture and a title"), "user", _is_known(member)),
        ("organizations.list_invitations", lazy("Invite people"), lazy("By mail, or by a link"), "users", row.people),
        ("projects.new_project", lazy("Make a project"), lazy("A name and a short key"), "folder", row.project),
        ("projects.list_projects", lazy("Write an issue"), lazy("In a project, press c"), "check", row.issue),
    )
    steps = [
        Step(title, hint, icon, url_for(endpoint), bool(done))
        for endpoint, title, hint, icon, done in offered
        if leads_to(endpoint, member)
    ]
    return steps if not all(step.done for step in steps) else ()


def hide_steps(member: Member) -> None:
    """Show them no more to this member. By statement: no history tells of it."""
    hidden = update(Member).where(Member.organization_id == member.organization_id, Member.id == member.id)
    db.session.execute(
        hidden.values(steps_hidden_at=now(), updated_at=Member.updated_at),
        execution_options={"synchronize_session": False},
    )


def _is_known(member: Member) -> bool:
    return bool(member.avatar or member.job_title)
