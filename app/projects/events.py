"""What happens to projects. States, labels and people are told of as changes of their project."""

from __future__ import annotations

from app.kernel.events import Bulk, Event


def _project(verb: str, says: str) -> Event:
    return Event(f"project.{verb}", says=says, bulk=Bulk.ONE_NOTIFICATION)


CREATED = _project("created", "{actor} created the project {subject}")
EDITED = _project("edited", "{actor} edited the project {subject}")
DELETED = _project("deleted", "{actor} deleted the project {subject}")
RESTORED = _project("restored", "{actor} restored the project {subject}")
PEOPLE_CHANGED = _project("people_changed", "{actor} changed who works in {subject}")
STATE_ADDED = _project("state_added", "{actor} added the state {name} to {subject}")
STATE_EDITED = _project("state_edited", "{actor} changed the state {name} of {subject}")
STATE_MOVED = _project("state_moved", "{actor} moved the state {name} of {subject}")
STATE_DELETED = _project("state_deleted", "{actor} deleted the state {name} of {subject}")
LABEL_ADDED = _project("label_added", "{actor} added the label {name} to {subject}")
LABEL_EDITED = _project("label_edited", "{actor} changed the label {name} of {subject}")
LABEL_DELETED = _project("label_deleted", "{actor} deleted the label {name} of {subject}")
LABEL_MOVED = _project("label_moved", "{actor} moved the label {name} of {subject}")
LABEL_MERGED = _project("label_merged", "{actor} merged the label {name} of {subject} into {into}")
STATUS_CHANGED = _project("status_changed", "{actor} changed the status of {subject}")
TYPES_CHANGED = _project("types_changed", "{actor} changed which types of issues {subject} uses")
ESTIMATE_CHANGED = _project("estimate_changed", "{actor} changed how {subject} is estimated")
RULES_CHANGED = _project("rules_changed", "{actor} changed the rules of {subject}")
GROUPED = _project("grouped", "{actor} put {subject} into another group")


def _shared(verb: str, says: str) -> Event:
    """What all projects share is told of as a change of the organization."""
    return Event(verb, says=says, bulk=Bulk.SILENT)


SHARED_LABEL_ADDED = _shared("label.added", "{actor} added the label {name} for all projects")
SHARED_LABEL_EDITED = _shared("label.edited", "{actor} changed the label {name} of all projects")
SHARED_LABEL_MOVED = _shared("label.moved", "{actor} moved the label {name} of all projects")
SHARED_LABEL_DELETED = _shared("label.deleted", "{actor} deleted the label {name} of all projects")
SHARED_LABEL_MERGED = _shared("label.merged", "{actor} merged the label {name} of all projects into {into}")
TYPE_ADDED = _shared("issue_type.added", "{actor} added the type {name}")
TYPE_EDITED = _shared("issue_type.edited", "{actor} changed the type {name}")
TYPE_DELETED = _shared("issue_type.deleted", "{actor} deleted the type {name}")
PROPERTY_ADDED = _shared("issue_property.added", "{actor} added the property {name} to the type {type}")
PROPERTY_EDITED = _shared("issue_property.edited", "{actor} changed the property {name} of the type {type}")
PROPERTY_MOVED = _shared("issue_property.moved", "{actor} moved the property {name} of the type {type}")
PROPERTY_DELETED = _shared("issue_property.deleted", "{actor} deleted the property {name} of the type {type}")
GROUP_ADDED = _shared("project_group.added", "{actor} added the group of projects {name}")
GROUP_EDITED = _shared("project_group.edited", "{actor} changed the group of projects {name}")
GROUP_MOVED = _shared("project_group.moved", "{actor} moved the group of projects {name}")
GROUP_DELETED = _shared("project_group.deleted", "{actor} took the group of projects {name} apart")
TEMPLATE_SAVED = _shared("project_template.saved", "{actor} saved the template {name}")
TEMPLATE_EDITED = _shared("project_template.edited", "{actor} changed the template {name}")
TEMPLATE_DELETED = _shared("project_template.deleted", "{actor} deleted the template {name}")

#: What belongs to the tags that projects of the whole organization bear, and to workspaces.
TAGGED = _project("tagged", "{actor} changed the tags of {subject}")
PLACED = _project("placed", "{actor} moved {subject} to another workspace")
TAG_CREATED = Event("project_tag.created", "{actor} made the tag {subject}", Bulk.SILENT)
TAG_EDITED = Event("project_tag.edited", "{actor} changed the tag {subject}", Bulk.SILENT)
TAG_DELETED = Event("project_tag.deleted", "{actor} deleted the tag {subject}", Bulk.SILENT)
TAG_TEAMS_CHANGED = Event("project_tag.teams_changed", "{actor} changed which teams work on {subject}", Bulk.SILENT)

OF_TAGS = (TAG_CREATED, TAG_EDITED, TAG_DELETED, TAG_TEAMS_CHANGED)

ALL = (
    TAGGED,
    PLACED,
    CREATED,
    EDITED,
    DELETED,
    RESTORED,
    PEOPLE_CHANGED,
    STATE_ADDED,
    STATE_EDITED,
    STATE_MOVED,
    STATE_DELETED,
    LABEL_ADDED,
    LABEL_EDITED,
    LABEL_DELETED,
    LABEL_MOVED,
    LABEL_MERGED,
    STATUS_CHANGED,
    TYPES_CHANGED,
    ESTIMATE_CHANGED,
    RULES_CHANGED,
    GROUPED,
    SHARED_LABEL_ADDED,
    SHARED_LABEL_EDITED,
    SHARED_LABEL_MOVED,
    SHARED_LABEL_DELETED,
    SHARED_LABEL_MERGED,
    TYPE_ADDED,
    TYPE_EDITED,
    TYPE_DELETED,
    PROPERTY_ADDED,
    PROPERTY_EDITED,
    PROPERTY_MOVED,
    PROPERTY_DELETED,
    GROUP_ADDED,
    GROUP_EDITED,
    GROUP_MOVED,
    GROUP_DELETED,
    TEMPLATE_SAVED,
    TEMPLATE_EDITED,
    TEMPLATE_DELETED,
)
