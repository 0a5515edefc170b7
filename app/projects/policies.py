"""Who sees a project, and who may shape it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from app.kernel.access import ADMINS, COLLEAGUES, Role, grant
from app.organizations.models import Member
from app.projects.models import Project, ProjectMember


class P(StrEnum):
    VIEW = "project:view"
    CREATE = "project:create"
    #: Sees and shapes every project, also without being in it.
    EVERY = "project:every"
    EDIT = "project:edit"
    DELETE = "project:delete"


grant(P.VIEW, *COLLEAGUES)
grant(P.CREATE, *ADMINS, Role.MANAGER, Role.MEMBER)
grant(P.EVERY, *ADMINS)
grant(P.EDIT, *ADMINS, Role.MANAGER, Role.MEMBER)
grant(P.DELETE, *ADMINS, Role.MANAGER)


def in_projects_of(member: Member, project_id: Any) -> ColumnElement[bool]:
    """Whether the project that a column names is open to `member`. The one rule under every noun inside projects."""
    if not member.may(P.VIEW):
        return project_id.is_(None) & project_id.is_not(None)  # never: customers work in no project
    if member.may(P.EVERY):
        return project_id.in_(select(Project.id).where(Project.deleted_at.is_(None)))
    mine = (
        select(ProjectMember.project_id)
        .join(
            Project,
            and_(Project.organization_id == ProjectMember.organization_id, Project.id == ProjectMember.project_id),
        )
        .where(ProjectMember.member_id == member.id, Project.deleted_at.is_(None))
    )
    return project_id.in_(mine)


def visible_to(member: Member) -> ColumnElement[bool]:
    """Members see the projects they are in, owners and admins all; nobody sees deleted ones here."""
    return in_projects_of(member, Project.id)
