"""Tenants and the people in them."""

from app.organizations.models.faces import initials
from app.organizations.models.invitations import Invitation
from app.organizations.models.members import Kind, Member
from app.organizations.models.organizations import Organization

__all__ = ["Invitation", "Kind", "Member", "Organization", "initials"]
