"""What happens to organizations, their members and invitations."""

from __future__ import annotations

from app.kernel.events import Bulk, Event

ORGANIZATION_CREATED = Event("organization.created", "{actor} made {subject}", Bulk.SILENT)
ORGANIZATION_CHANGED = Event("organization.changed", "{actor} changed the settings of {subject}", Bulk.SILENT)

MEMBER_JOINED = Event("member.joined", "{actor} joined", Bulk.ONE_NOTIFICATION)
ROLE_CHANGED = Event("member.role_changed", "{actor} changed the role of {subject}", Bulk.SILENT)
MEMBER_REMOVED = Event("member.removed", "{actor} removed {subject}", Bulk.SILENT)
MEMBER_RENAMED = Event("member.renamed", "{actor} changed the name of {subject}", Bulk.SILENT)
MEMBER_LEFT = Event("member.left", "{actor} left", Bulk.SILENT)

INVITED = Event("invitation.created", "{actor} invited {subject}", Bulk.SILENT)
INVITATION_RENEWED = Event("invitation.renewed", "{actor} made a new link for {subject}", Bulk.SILENT)
INVITATION_REVOKED = Event("invitation.revoked", "{actor} took back {subject}", Bulk.SILENT)
INVITATION_USED = Event("invitation.used", "{actor} joined by {subject}", Bulk.SILENT)

OF_ORGANIZATIONS = (ORGANIZATION_CREATED, ORGANIZATION_CHANGED)
OF_MEMBERS = (MEMBER_JOINED, ROLE_CHANGED, MEMBER_REMOVED, MEMBER_RENAMED, MEMBER_LEFT)
OF_INVITATIONS = (INVITED, INVITATION_RENEWED, INVITATION_REVOKED, INVITATION_USED)
