"""What comes back from where a ticket was handed to. The issue is not named: not every agent may see its project."""

from __future__ import annotations

from app.kernel.events import Bulk, Event

COMPLETED = Event("handoff.completed", "The issue that {subject} was handed on as is done", Bulk.ONE_NOTIFICATION)
CANCELLED = Event("handoff.cancelled", "The issue that {subject} was handed on as was cancelled", Bulk.ONE_NOTIFICATION)
ALL = (COMPLETED, CANCELLED)
