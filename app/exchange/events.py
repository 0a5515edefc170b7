"""What happens to an import. Only its end is told, to whoever imported: the rest they see on its page."""

from __future__ import annotations

from app.kernel.events import Bulk, Event

UPLOADED = Event("import.uploaded", says="{actor} uploaded {subject}", bulk=Bulk.SILENT)
MAPPED = Event("import.mapped", says="{actor} said what the columns of {subject} mean", bulk=Bulk.SILENT)
CHECKED = Event("import.checked", says="{actor} checked {subject}: {outcome}", bulk=Bulk.SILENT)
STARTED = Event("import.started", says="{actor} began to import {subject}", bulk=Bulk.SILENT)
CANCELLED = Event("import.cancelled", says="{actor} stopped {subject}: {outcome}", bulk=Bulk.SILENT)
FINISHED = Event("import.finished", says="{actor} finished importing {subject}: {outcome}", bulk=Bulk.ONE_NOTIFICATION)
FAILED = Event("import.failed", says="{actor} had to stop importing {subject}: {outcome}", bulk=Bulk.ONE_NOTIFICATION)

ALL = (UPLOADED, MAPPED, CHECKED, STARTED, CANCELLED, FINISHED, FAILED)
