"""Projects that people join by an invitation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.kernel.database import db
from app.kernel.words import lazy
from app.organizations.joins import Place
from app.organizations.models import Member, Standing
from app.projects.commands.people import add_people
from app.projects.models import InvitationProject, Project, ProjectMember
from app.projects.policies import may_admit, role_in, roles_in
from app.projects.queries import projects_of
from app.projects.queries.people import projects_of_invitations


def _offered(member: Member) -> Sequence[Project]:
    seen = projects_of(member)
    roles_in(member, [project.id for project in seen])
    return [project for project in seen if may_admit(member, project, Standing.GUEST)]


def _keep(invitations: Sequence[int], ids: Sequence[int], standing: Standing) -> None:
    db.session.add_all(
        InvitationProject(invitation_id=one, project_id=project_id, role=standing)
        for one in invitations
        for project_id in ids
    )


def _named(invitations: Sequence[int]) -> dict[int, list[str]]:
    found = projects_of_invitations(invitations)
    return {number: [project.name for project, _role in places] for number, places in found.items()}


def _join(invitation: Any, member: Member, inviter: Member) -> bool:
    """Where the inviter may not give as much any more, they give what they may: at most what they are themselves."""
    mine = set(db.session.scalars(select(ProjectMember.project_id).where(ProjectMember.member_id == member.id)))
    joined = False
    for project, role in projects_of_invitations([invitation.id]).get(invitation.id, []):
        own = role_in(inviter, project.id)
        if project.id in mine or own is None:
            continue
        given = min(role, own, key=lambda standing: standing.height)
        if may_admit(inviter, project, given):
            add_people(project, [member], role=given, by=inviter)
            joined = True
    return joined


projects = Place(lazy("Projects"), "folder", _offered, _keep, _named, _join)
