"""What happens to issues, and the sentence that a person reads.

Rows of their own stand in the changes as lists of ids, old and new: `assignees`, `labels`, `mentions` (members whom the
description names). `description` holds the numbers of the document's versions.
"""

from __future__ import annotations

from app.kernel.events import Bulk, Event


def _issue(verb: str, says: str, *, bulk: Bulk = Bulk.ONE_NOTIFICATION, topic: str = "changed") -> Event:
    return Event(f"issue.{verb}", says=says, bulk=bulk, topic=topic)


CREATED = _issue("created", "{actor} created {subject}", topic="created")
#: Several fields at once, by the form.
EDITED = _issue("edited", "{actor} edited {subject}")
RENAMED = _issue("renamed", "{actor} renamed {subject}")
DESCRIBED = _issue("described", "{actor} changed the description of {subject}")
#: Another place on the board; with a state when it changed column.
MOVED = _issue("moved", "{actor} moved {subject}")
#: Another place in the same column.
REORDERED = _issue("reordered", "{actor} moved {subject} within its column", bulk=Bulk.SILENT)
STATE_CHANGED = _issue("state_changed", "{actor} changed the state of {subject}")
PRIORITISED = _issue("prioritised", "{actor} changed the priority of {subject}")
ASSIGNED = _issue("assigned", "{actor} changed who works on {subject}", topic="assigned")
UNASSIGNED = _issue("unassigned", "{actor} took people off {subject}", topic="assigned")
LABELLED = _issue("labelled", "{actor} changed the labels of {subject}")
DATED = _issue("dated", "{actor} changed the dates of {subject}")
#: What it says of the properties of its kind.
SAID = _issue("said", "{actor} changed the properties of {subject}")
RETYPED = _issue("retyped", "{actor} changed the type of {subject}")
ESTIMATED = _issue("estimated", "{actor} changed the estimate of {subject}")
DELETED = _issue("deleted", "{actor} deleted {subject}")
RESTORED = _issue("restored", "{actor} restored {subject}")
#: The inverse of an earlier activity (payload `activity`).
UNDONE = _issue("undone", "{actor} took back a change to {subject}")

ALL = (
    CREATED,
    EDITED,
    RENAMED,
    DESCRIBED,
    MOVED,
    REORDERED,
    STATE_CHANGED,
    PRIORITISED,
    ASSIGNED,
    UNASSIGNED,
    LABELLED,
    DATED,
    SAID,
    RETYPED,
    ESTIMATED,
    DELETED,
    RESTORED,
    UNDONE,
)
