"""What happens to links. The other side is not named: not everybody who sees the one may see the other."""

from __future__ import annotations

from app.kernel.events import Bulk, Event

LINKED = Event("link.added", says="{actor} linked {subject} to something else", bulk=Bulk.SILENT)
UNLINKED = Event("link.removed", says="{actor} removed a link of {subject}", bulk=Bulk.SILENT)

ALL = (LINKED, UNLINKED)
