"""What happens to comments, and the sentence that a person reads. The subject is the noun that they are about.

Activities carry the comment's id in `comment`, and in `anchor` its place on the noun's page; those of files carry the
names, as a part of the sentence, in `files`.
"""

from __future__ import annotations

from app.kernel.events import Bulk, Event

ADDED = Event("comment.added", says="{actor} commented on {subject}", bulk=Bulk.ONE_NOTIFICATION, topic="commented")
#: Told to nobody but those whom the text now names; a history shows the text itself.
EDITED = Event("comment.edited", says="{actor} edited a comment on {subject}", bulk=Bulk.ONLY_NAMED, topic="commented")
DELETED = Event("comment.deleted", says="{actor} deleted a comment on {subject}", bulk=Bulk.SILENT)
RESTORED = Event("comment.restored", says="{actor} restored a comment on {subject}", bulk=Bulk.SILENT)
RESOLVED = Event("comment.resolved", says="{actor} resolved a thread on {subject}", bulk=Bulk.SILENT)
REOPENED = Event("comment.reopened", says="{actor} reopened a thread on {subject}", bulk=Bulk.SILENT)
#: A sign put or taken away: nobody is told, and histories leave it out.
REACTED = Event("comment.reacted", says="{actor} reacted to a comment on {subject}", bulk=Bulk.SILENT)

ATTACHED = Event(
    "attachment.added", says="{actor} attached {files} to {subject}", bulk=Bulk.ONE_NOTIFICATION, topic="commented"
)
#: Told to nobody: the comment is.
ATTACHED_TO_COMMENT = Event(
    "comment.attached", says="{actor} attached {files} to a comment on {subject}", bulk=Bulk.SILENT
)
DETACHED = Event("attachment.deleted", says="{actor} deleted {files} from {subject}", bulk=Bulk.SILENT)
REATTACHED = Event("attachment.restored", says="{actor} brought {files} back to {subject}", bulk=Bulk.SILENT)

ALL = (
    ADDED,
    EDITED,
    DELETED,
    RESTORED,
    RESOLVED,
    REOPENED,
    REACTED,
    ATTACHED,
    ATTACHED_TO_COMMENT,
    DETACHED,
    REATTACHED,
)
