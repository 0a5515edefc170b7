"""What happens to organizations, their members and invitations."""

from __future__ import annotations

from app.kernel.events import Bulk, Event

ORGANIZATION_CREATED = Event("organization.created", "{actor} made {subject}", Bulk.SILENT)
ORGANIZATION_CHANGED = Event("organization.changed", "{actor} changed the settings of {subject}", Bulk.SILENT)
ORGANIZATION_DELETED = Event("organization.deleted", "{actor} deleted {subject}", Bulk.SILENT)
ORGANIZATION_RESTORED = Event("organization.restored", "{actor} brought back {subject}", Bulk.SILENT)

ROLE_CREATED = Event("role.created", "{actor} made the role {subject}", Bulk.SILENT)
ROLE_EDITED = Event("role.changed", "{actor} changed the role {subject}", Bulk.SILENT)
ROLE_DELETED = Event("role.deleted", "{actor} deleted the role {name}", Bulk.SILENT)

MEMBER_JOINED = Event("member.joined", "{actor} joined", Bulk.ONE_NOTIFICATION)
ROLE_CHANGED = Event("member.role_changed", "{actor} changed the role of {subject}", Bulk.SILENT)
ROLE_RESTORED = Event("member.role_restored", "{actor} gave {subject} the former role back", Bulk.SILENT)
OWNER_MADE = Event("member.made_owner", "{actor} made {subject} an owner", Bulk.SILENT)
GRANTED = Event("member.granted", "{actor} gave {subject} a permission: {permission}", Bulk.ONLY_NAMED)
GRANT_REVOKED = Event("member.grant_revoked", "{actor} took a permission of {subject} back: {permission}", Bulk.SILENT)
GRANT_ENDED = Event("member.grant_ended", "A permission of {subject} has ended: {permission}", Bulk.SILENT)
AVAILABILITY_CHANGED = Event("member.availability_changed", "{actor} changed when {subject} is there", Bulk.SILENT)
SKILLS_CHANGED = Event("member.skills_changed", "{actor} changed the skills of {subject}: {skill}", Bulk.SILENT)
CERTIFICATIONS_CHANGED = Event(
    "member.certifications_changed", "{actor} changed the certifications of {subject}: {certification}", Bulk.SILENT
)
CERTIFICATION_ENDS = Event(
    "member.certification_ends", "{certification} of {subject} runs out on {until}", Bulk.ONLY_NAMED
)
MEMBER_REMOVED = Event("member.removed", "{actor} removed {subject}", Bulk.SILENT)
MEMBER_RENAMED = Event("member.renamed", "{actor} changed the name of {subject}", Bulk.SILENT)
MEMBER_LEFT = Event("member.left", "{actor} left", Bulk.SILENT)
MEMBER_ANONYMISED = Event("member.anonymised", "{actor} made {subject} nameless", Bulk.SILENT)

INVITED = Event("invitation.created", "{actor} invited {subject}", Bulk.SILENT)
INVITATION_RENEWED = Event("invitation.renewed", "{actor} made a new link for {subject}", Bulk.SILENT)
INVITATION_REVOKED = Event("invitation.revoked", "{actor} took back {subject}", Bulk.SILENT)
INVITATION_USED = Event("invitation.used", "{actor} joined by {subject}", Bulk.SILENT)

CONNECTION_ADDED = Event("sso.connection_added", "{actor} added the sign-in {subject}", Bulk.SILENT)
CONNECTION_EDITED = Event("sso.connection_edited", "{actor} changed the sign-in {subject}", Bulk.SILENT)
CONNECTION_REMOVED = Event("sso.connection_removed", "{actor} removed the sign-in {subject}", Bulk.SILENT)
DOMAIN_CHANGED = Event("sso.domain_changed", "{actor} changed the mail domains of {subject}", Bulk.SILENT)

KEY_MADE = Event("api_key.created", "{actor} made the API key {subject}", Bulk.SILENT)
KEY_REVOKED = Event("api_key.revoked", "{actor} revoked the API key {subject}", Bulk.SILENT)

OF_CONNECTIONS = (CONNECTION_ADDED, CONNECTION_EDITED, CONNECTION_REMOVED, DOMAIN_CHANGED)
OF_KEYS = (KEY_MADE, KEY_REVOKED)
OF_ORGANIZATIONS = (ORGANIZATION_CREATED, ORGANIZATION_CHANGED, ORGANIZATION_DELETED, ORGANIZATION_RESTORED)
OF_ROLES = (ROLE_CREATED, ROLE_EDITED, ROLE_DELETED)
OF_MEMBERS = (
    MEMBER_JOINED,
    ROLE_CHANGED,
    ROLE_RESTORED,
    OWNER_MADE,
    GRANTED,
    GRANT_REVOKED,
    GRANT_ENDED,
    AVAILABILITY_CHANGED,
    SKILLS_CHANGED,
    CERTIFICATIONS_CHANGED,
    CERTIFICATION_ENDS,
    MEMBER_REMOVED,
    MEMBER_RENAMED,
    MEMBER_LEFT,
    MEMBER_ANONYMISED,
)
OF_INVITATIONS = (INVITED, INVITATION_RENEWED, INVITATION_REVOKED, INVITATION_USED)
