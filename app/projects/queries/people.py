"""Who works in projects, and who sees them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from app.kernel.access import Role, granted_to
from app.kernel.database import db
from app.organizations.models import Kind, Member
from app.projects.models import Project, ProjectMember
from app.projects.policies import P


def people_counts(projects: Sequence[Project]) -> dict[int, int]:
    """{project id: how many work in it}. One statement."""
    rows = db.session.execute(
        select(ProjectMember.project_id, func.count())
        .where(ProjectMember.project_id.in_([project.id for project in projects]))
        .group_by(ProjectMember.project_id)
    )
    return {row[0]: row[1] for row in rows}


def members_of(project_id: int) -> Sequence[Member]:
    """Who works in a project, by name; people who left the organization are not among them."""
    return db.session.scalars(
        select(Member)
        .join(
            ProjectMember,
            (ProjectMember.organization_id == Member.organization_id) & (ProjectMember.member_id == Member.id),
        )
        .where(ProjectMember.project_id == project_id, Member.left_at.is_(None))
        .order_by(func.lower(Member.name), Member.id)
    ).all()


def people_of(project_id: int) -> Sequence[Member]:
    """Everybody who sees a project, so can be assigned and mentioned: who works there, and the admins. By name."""
    inside = select(ProjectMember.member_id).where(ProjectMember.project_id == project_id)
    admins = [role for role in Role if P.EVERY in granted_to(role)]
    viewers = [role for role in Role if P.VIEW in granted_to(role)]
    return db.session.scalars(
        select(Member)
        .where(
            or_(Member.id.in_(inside), Member.role.in_(admins)),
            Member.role.in_(viewers),
            Member.kind != Kind.CUSTOMER,
            Member.left_at.is_(None),
        )
        .order_by(func.lower(Member.name), Member.id)
    ).all()
