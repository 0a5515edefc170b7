"""What happens to pages, and the sentence that a person reads.

`text` holds the numbers of the text's versions, `mentions` the members whom it names, as lists of ids. Where a page
stood and stands is in the changes but not in the sentences: the page above may be one that the reader does not see.
"""

from __future__ import annotations

from app.kernel.events import Bulk, Event


def _page(verb: str, says: str, *, bulk: Bulk = Bulk.ONE_NOTIFICATION, topic: str = "changed") -> Event:
    return Event(f"page.{verb}", says=says, bulk=bulk, topic=topic)


CREATED = _page("created", "{actor} created {subject}", topic="created")
#: Title and text at once, by the form.
EDITED = _page("edited", "{actor} edited {subject}")
RENAMED = _page("renamed", "{actor} renamed {subject}")
WRITTEN = _page("written", "{actor} changed the text of {subject}")
MOVED = _page("moved", "{actor} moved {subject}")
#: Another place among the same neighbours.
REORDERED = _page("reordered", "{actor} moved {subject} among its neighbours", bulk=Bulk.SILENT)
LOCKED = _page("locked", "{actor} locked {subject}")
UNLOCKED = _page("unlocked", "{actor} unlocked {subject}")
HIDDEN = _page("hidden", "{actor} made {subject} private")
SHARED = _page("shared", "{actor} made {subject} public")
HANDED_OVER = _page("handed_over", "{actor} gave {subject} to a successor", bulk=Bulk.SILENT)
ARCHIVED = _page("archived", "{actor} archived {subject}")
UNARCHIVED = _page("unarchived", "{actor} took {subject} out of the archive")
DELETED = _page("deleted", "{actor} deleted {subject}")
RESTORED = _page("restored", "{actor} restored {subject}")

ALL = (
    HANDED_OVER,
    CREATED,
    EDITED,
    RENAMED,
    WRITTEN,
    MOVED,
    REORDERED,
    LOCKED,
    UNLOCKED,
    HIDDEN,
    SHARED,
    ARCHIVED,
    UNARCHIVED,
    DELETED,
    RESTORED,
)
