"""What happens to tickets, queues and customers, and the sentence that a person reads.

Rows of their own stand in the changes as lists of ids, old and new: `assignees` (one agent at most) and `tags`.
"""

from __future__ import annotations

from app.kernel.events import Bulk, Event


def _ticket(verb: str, says: str, *, bulk: Bulk = Bulk.ONE_NOTIFICATION, topic: str = "changed") -> Event:
    return Event(f"ticket.{verb}", says=says, bulk=bulk, topic=topic)


CREATED = _ticket("created", "{actor} opened {subject}", topic="created")
RENAMED = _ticket("renamed", "{actor} changed the subject of {subject}")
STATUS_CHANGED = _ticket("status_changed", "{actor} changed the status of {subject}")
#: A customer wrote to what was resolved or waited for them.
REOPENED = _ticket("reopened", "{actor} opened {subject} again", bulk=Bulk.SILENT)
PRIORITISED = _ticket("prioritised", "{actor} changed the priority of {subject}")
ASSIGNED = _ticket("assigned", "{actor} changed who answers {subject}", topic="assigned")
MOVED = _ticket("moved", "{actor} moved {subject} to another queue")
TAGGED = _ticket("tagged", "{actor} changed the tags of {subject}")
SORTED = _ticket("sorted", "{actor} changed the category of {subject}")
JOINED = _ticket("joined", "{actor} brought {who} into {subject}", bulk=Bulk.SILENT)
PARTED = _ticket("parted", "{actor} took {who} out of {subject}", bulk=Bulk.SILENT)
UNDELIVERED = _ticket("undelivered", "A reply on {subject} could not be delivered")
DELETED = _ticket("deleted", "{actor} deleted {subject}")
RESTORED = _ticket("restored", "{actor} restored {subject}")
#: The inverse of an earlier activity (payload `activity`).
UNDONE = _ticket("undone", "{actor} took back a change to {subject}")

OF_TICKETS = (
    CREATED,
    RENAMED,
    STATUS_CHANGED,
    REOPENED,
    PRIORITISED,
    ASSIGNED,
    MOVED,
    TAGGED,
    SORTED,
    JOINED,
    PARTED,
    UNDELIVERED,
    DELETED,
    RESTORED,
    UNDONE,
)

QUEUE_CREATED = Event("queue.created", "{actor} made the queue {subject}", Bulk.SILENT)
QUEUE_EDITED = Event("queue.edited", "{actor} edited the queue {subject}", Bulk.SILENT)
QUEUE_ARCHIVED = Event("queue.archived", "{actor} archived the queue {subject}", Bulk.SILENT)
QUEUE_RESTORED = Event("queue.restored", "{actor} brought the queue {subject} back", Bulk.SILENT)
OF_QUEUES = (QUEUE_CREATED, QUEUE_EDITED, QUEUE_ARCHIVED, QUEUE_RESTORED)

#: A member's address is a person's who signs in, from now on.
CUSTOMER_CAME = Event("member.customer_came", "{subject} signed in to the portal for the first time", Bulk.SILENT)
CUSTOMER_ADDED = Event("member.customer_added", "{subject} became a customer", Bulk.SILENT)
