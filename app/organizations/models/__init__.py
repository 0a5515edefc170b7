"""Tenants and the people in them."""

from app.organizations.models.faces import initials
from app.organizations.models.invitations import Invitation, InvitationGrant, InvitationTeam, InvitationWorkspace
from app.organizations.models.members import Kind, Member
from app.organizations.models.organizations import Organization
from app.organizations.models.standing import Standing
from app.organizations.models.teams import Team, TeamMember, TeamRole
from app.organizations.models.workspaces import Access, Workspace, WorkspaceMember

__all__ = [
    "Access",
    "Invitation",
    "InvitationGrant",
    "InvitationTeam",
    "InvitationWorkspace",
    "Kind",
    "Member",
    "Organization",
    "Standing",
    "Team",
    "TeamMember",
    "TeamRole",
    "Workspace",
    "WorkspaceMember",
    "initials",
]
