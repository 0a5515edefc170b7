"""Every change of organizations, members and invitations."""

from app.organizations.commands.anonymising import anonymise_members
from app.organizations.commands.founding import create_organization
from app.organizations.commands.grants import grant_permission, revoke_grants
from app.organizations.commands.invitations import accept_invitation, invite, renew_invitation, revoke_invitations
from app.organizations.commands.members import leave, make_owner, remove_members
from app.organizations.commands.roles import change_roles, create_role, delete_role, edit_role
from app.organizations.commands.settings import edit_organization

__all__ = (
    "accept_invitation",
    "anonymise_members",
    "change_roles",
    "create_organization",
    "create_role",
    "delete_role",
    "edit_organization",
    "edit_role",
    "grant_permission",
    "invite",
    "leave",
    "make_owner",
    "remove_members",
    "renew_invitation",
    "revoke_grants",
    "revoke_invitations",
)
