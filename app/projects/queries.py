"""Finding projects and what belongs to them, for a member who may see them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.kernel.access import Role, granted_to
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Kind, Member
from app.projects.models import Label, Project, ProjectMember, State
from app.projects.policies import P, visible_to


def project_by_identifier(member: Member, identifier: str) -> Project:
    """Raises NotFound for a project that `member` may not see, as for one that is not there. One statement."""
    found = select(Project).where(Project.identifier == identifier.upper(), visible_to(member))
    project = db.session.scalars(found.options(joinedload(Project.lead))).first()
    if project is None:
        raise NotFound
    return project


def deleted_project(member: Member, identifier: str) -> Project:
    """A deleted project that `member` worked in or may see as an admin. Raises NotFound."""
    found = select(Project).where(Project.identifier == identifier.upper(), _deleted(member))
    project = db.session.scalars(found).first()
    if project is None:
        raise NotFound
    return project


def _deleted(member: Member) -> ColumnElement[bool]:
    mine = select(ProjectMember.project_id).where(ProjectMember.member_id == member.id)
    open_to = Project.id.is_not(None) if member.may(P.EVERY) else Project.id.in_(mine)
    return Project.deleted_at.is_not(None) & open_to


def projects_of(member: Member) -> Sequence[Project]:
    """The projects a member sees, by name: sidebar, list, palette. One statement."""
    return db.session.scalars(
        select(Project).where(visible_to(member)).order_by(func.lower(Project.name), Project.id)
    ).all()


def deleted_projects_of(member: Member) -> Sequence[Project]:
    """Deleted projects a member could restore, the latest first."""
    return db.session.scalars(select(Project).where(_deleted(member)).order_by(Project.deleted_at.desc())).all()


def leads_of(projects: Sequence[Project]) -> dict[int, Member]:
    """{project id: who leads it}. One statement."""
    leads = {project.lead_id for project in projects if project.lead_id}
    found = {member.id: member for member in db.session.scalars(select(Member).where(Member.id.in_(leads)))}
    return {project.id: found[project.lead_id] for project in projects if project.lead_id in found}


def people_counts(projects: Sequence[Project]) -> dict[int, int]:
    """{project id: how many work in it}. One statement."""
    rows = db.session.execute(
        select(ProjectMember.project_id, func.count())
        .where(ProjectMember.project_id.in_([project.id for project in projects]))
        .group_by(ProjectMember.project_id)
    )
    return {row[0]: row[1] for row in rows}


def states_of(project_id: int) -> Sequence[State]:
    """In the order of the board."""
    return db.session.scalars(select(State).where(State.project_id == project_id).order_by(State.rank, State.id)).all()


def labels_of(project_id: int) -> Sequence[Label]:
    """By name."""
    return db.session.scalars(
        select(Label).where(Label.project_id == project_id).order_by(func.lower(Label.name), Label.id)
    ).all()


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


def state_of(project: Project, state_id: int) -> State:
    """Raises NotFound for a state of another project."""
    state = db.session.scalars(select(State).where(State.project_id == project.id, State.id == state_id)).first()
    if state is None:
        raise NotFound
    return state


def label_of(project: Project, label_id: int) -> Label:
    """Raises NotFound for a label of another project."""
    label = db.session.scalars(select(Label).where(Label.project_id == project.id, Label.id == label_id)).first()
    if label is None:
        raise NotFound
    return label


def taken_identifiers() -> set[str]:
    """Identifiers of all projects, deleted ones too."""
    return set(db.session.scalars(select(Project.identifier)))


def project_keys(member: Member) -> list[str]:
    """The keys of audience that a member holds by the projects they see. One statement."""
    return [f"project:{number}" for number in db.session.scalars(select(Project.id).where(visible_to(member)))]
