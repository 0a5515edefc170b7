"""Every change of organizations, members and invitations."""

from app.organizations.commands.founding import create_organization, edit_organization
from app.organizations.commands.invitations import accept_invitation, invite, renew_invitation, revoke_invitations
from app.organizations.commands.members import change_roles, leave, remove_members

__all__ = (
    "accept_invitation",
    "change_roles",
    "create_organization",
    "edit_organization",
    "invite",
    "leave",
    "remove_members",
    "renew_invitation",
    "revoke_invitations",
)
