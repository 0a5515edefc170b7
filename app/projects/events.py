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

ALL = (
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
)
