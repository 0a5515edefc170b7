"""Finding projects, for a member who may see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.words import gettext as _
from app.organizations.models import Member
from app.projects.models import Feature, Project
from app.projects.policies import P, height, know, visible_to
from app.projects.ways import opened_to


def project_by_identifier(member: Member, identifier: str) -> Project:
    """Raises NotFound for a project that `member` may not see, as for one that is not there. One statement."""
    found = select(Project, height(member)).where(Project.identifier == identifier.upper(), visible_to(member))
    row = db.session.execute(found.options(joinedload(Project.lead))).first()
    if row is None:
        raise NotFound
    know(member, [(row[0].id, row[1])])
    return cast(Project, row[0])


def project_with(feature: Feature) -> Callable[..., Project]:
    """A loader of projects that do not go without something; the others are not there."""

    def load(member: Member, identifier: str) -> Project:
        project = project_by_identifier(member, identifier)
        if not project.has(feature):
            raise NotFound(_("This project does without it. Its settings say which features are on."))
        return project

    return load


def deleted_project(member: Member, identifier: str) -> Project:
    """A deleted project that `member` worked in or may see as an admin. Raises NotFound."""
    found = select(Project).where(Project.identifier == identifier.upper(), _deleted(member))
    project = db.session.scalars(found).first()
    if project is None:
        raise NotFound
    return project


def _deleted(member: Member) -> ColumnElement[bool]:
    open_to = Project.id.is_not(None) if member.may(P.EVERY) else opened_to(member, Project.id)
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


def taken_identifiers() -> set[str]:
    """Identifiers of all projects, deleted ones too."""
    return set(db.session.scalars(select(Project.identifier)))


def project_keys(member: Member) -> list[str]:
    """The keys of audience that a member holds by the projects they see. One statement."""
    return [f"project:{number}" for number in db.session.scalars(select(Project.id).where(visible_to(member)))]
