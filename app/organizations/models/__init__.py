"""Tenants and the people in them."""

from app.organizations.models.api_keys import ApiKey
from app.organizations.models.faces import initials
from app.organizations.models.invitations import Invitation, InvitationGrant, InvitationTeam, InvitationWorkspace
from app.organizations.models.members import Availability, Kind, Level, Member, MemberCertification, MemberSkill
from app.organizations.models.organizations import GRACE, CompanySize, Organization, Plan, ProjectDefaults
from app.organizations.models.retention import Fate, RetentionArchive, RetentionPolicy
from app.organizations.models.roles import FOREVER, CustomRole, PermissionGrant, RolePermission
from app.organizations.models.sso import SsoConnection, SsoDomain
from app.organizations.models.standing import Standing
from app.organizations.models.teams import Team, TeamMember, TeamRole
from app.organizations.models.workspaces import Access, Workspace, WorkspaceMember

__all__ = [
    "FOREVER",
    "GRACE",
    "Access",
    "ApiKey",
    "Availability",
    "CompanySize",
    "CustomRole",
    "Fate",
    "Invitation",
    "InvitationGrant",
    "InvitationTeam",
    "InvitationWorkspace",
    "Kind",
    "Level",
    "Member",
    "MemberCertification",
    "MemberSkill",
    "Organization",
    "PermissionGrant",
    "Plan",
    "ProjectDefaults",
    "RetentionArchive",
    "RetentionPolicy",
    "RolePermission",
    "SsoConnection",
    "SsoDomain",
    "Standing",
    "Team",
    "TeamMember",
    "TeamRole",
    "Workspace",
    "WorkspaceMember",
    "initials",
]
