"""Finding organizations, members and invitations."""

from app.organizations.queries.entering import (
    come_in,
    here,
    home_of,
    lock_organization,
    organization_id_of,
    organizations_of,
    switchable,
    works_somewhere,
)
from app.organizations.queries.invitations import (
    invitation_behind,
    invitation_by_id,
    list_invitations,
    open_invitations,
)
from app.organizations.queries.members import (
    MEMBERS_A_PAGE,
    colleagues,
    count_members,
    list_members,
    member_by_id,
    member_of,
    members_by_ids,
)

__all__ = [
    "MEMBERS_A_PAGE",
    "colleagues",
    "come_in",
    "count_members",
    "here",
    "home_of",
    "invitation_behind",
    "invitation_by_id",
    "list_invitations",
    "list_members",
    "lock_organization",
    "member_by_id",
    "member_of",
    "members_by_ids",
    "open_invitations",
    "organization_id_of",
    "organizations_of",
    "switchable",
    "works_somewhere",
]
