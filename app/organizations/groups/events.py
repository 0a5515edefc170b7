"""What happens to teams and workspaces. Their people are told of as changes of theirs."""

from __future__ import annotations

from app.kernel.events import Bulk, Event

TEAM_CREATED = Event("team.created", "{actor} made the team {subject}", Bulk.SILENT)
TEAM_EDITED = Event("team.edited", "{actor} changed the team {subject}", Bulk.SILENT)
TEAM_DELETED = Event("team.deleted", "{actor} deleted the team {subject}", Bulk.SILENT)
TEAM_RESTORED = Event("team.restored", "{actor} restored the team {subject}", Bulk.SILENT)
TEAM_PEOPLE_CHANGED = Event("team.people_changed", "{actor} changed who is in the team {subject}", Bulk.SILENT)

WORKSPACE_CREATED = Event("workspace.created", "{actor} made the workspace {subject}", Bulk.SILENT)
WORKSPACE_EDITED = Event("workspace.edited", "{actor} changed the workspace {subject}", Bulk.SILENT)
WORKSPACE_ARCHIVED = Event("workspace.archived", "{actor} put the workspace {subject} into the archive", Bulk.SILENT)
WORKSPACE_RETURNED = Event("workspace.returned", "{actor} took {subject} out of the archive", Bulk.SILENT)
WORKSPACE_DELETED = Event("workspace.deleted", "{actor} deleted the workspace {subject}", Bulk.SILENT)
WORKSPACE_RESTORED = Event("workspace.restored", "{actor} restored the workspace {subject}", Bulk.SILENT)
WORKSPACE_JOINED = Event("workspace.joined", "{actor} joined the workspace {subject}", Bulk.SILENT)
WORKSPACE_LEFT = Event("workspace.left", "{actor} left the workspace {subject}", Bulk.SILENT)
WORKSPACE_PEOPLE_CHANGED = Event(
    "workspace.people_changed", "{actor} changed who is in the workspace {subject}", Bulk.SILENT
)

OF_TEAMS = (TEAM_CREATED, TEAM_EDITED, TEAM_DELETED, TEAM_RESTORED, TEAM_PEOPLE_CHANGED)
OF_WORKSPACES = (
    WORKSPACE_CREATED,
    WORKSPACE_EDITED,
    WORKSPACE_ARCHIVED,
    WORKSPACE_RETURNED,
    WORKSPACE_DELETED,
    WORKSPACE_RESTORED,
    WORKSPACE_JOINED,
    WORKSPACE_LEFT,
    WORKSPACE_PEOPLE_CHANGED,
)
