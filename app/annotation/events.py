"""What happens in labelling projects, and the sentence that a person reads.

What people say about a task is told as an activity of the task: its payload names the `annotation`.
"""

from __future__ import annotations

from app.kernel.events import Bulk, Event


def _task(verb: str, says: str) -> Event:
    """Tasks come and go by the hundred: it is recorded, and told to nobody."""
    return Event(f"task.{verb}", says=says, bulk=Bulk.SILENT)


def _labelling(verb: str, says: str, *, bulk: Bulk = Bulk.ONE_NOTIFICATION) -> Event:
    return Event(f"labelling.{verb}", says=says, bulk=bulk)


CREATED = _labelling("created", "{actor} began to label {subject}")
SET_UP = _labelling("set_up", "{actor} changed how {subject} is labelled", bulk=Bulk.SILENT)
CONFIGURED = _labelling("configured", "{actor} changed what is asked in {subject}")
INSTRUCTED = _labelling("instructed", "{actor} changed the instructions of {subject}")
DELETED = _labelling("deleted", "{actor} deleted the labelling of {subject}")
RESTORED = _labelling("restored", "{actor} restored the labelling of {subject}")
IMPORT_STARTED = _labelling("import_started", "{actor} began to import {file} into {subject}", bulk=Bulk.SILENT)
IMPORT_STOPPED = _labelling(
    "import_stopped", "{actor} stopped importing {file} into {subject}: {outcome}", bulk=Bulk.SILENT
)
IMPORTED = _labelling("imported", "{actor} finished importing {file} into {subject}: {outcome}")
IMPORT_FAILED = _labelling("import_failed", "{actor} had to stop importing {file} into {subject}: {outcome}")
EXPORT_ASKED = _labelling("export_asked", "{actor} asked for the labels of {subject} as {file}", bulk=Bulk.SILENT)
EXPORT_DELETED = _labelling("export_deleted", "{actor} deleted an export of {subject}: {file}", bulk=Bulk.SILENT)

LABELLINGS = (
    CREATED,
    SET_UP,
    CONFIGURED,
    INSTRUCTED,
    DELETED,
    RESTORED,
    IMPORT_STARTED,
    IMPORT_STOPPED,
    IMPORTED,
    IMPORT_FAILED,
    EXPORT_ASKED,
    EXPORT_DELETED,
)

TASKS_CREATED = _task("created", "{actor} added {subject}")
TASKS_DELETED = _task("deleted", "{actor} deleted {subject}")
TASKS_RESTORED = _task("restored", "{actor} restored {subject}")
ANNOTATED = _task("annotated", "{actor} labelled {subject}")
SKIPPED = _task("skipped", "{actor} skipped {subject}")
REVISED = _task("revised", "{actor} changed an annotation of {subject}")
ANNOTATION_DELETED = _task("annotation_deleted", "{actor} deleted an annotation of {subject}")
ANNOTATION_RESTORED = _task("annotation_restored", "{actor} restored an annotation of {subject}")
MARKED_TRUE = _task("marked_true", "{actor} marked an annotation of {subject} as ground truth")
UNMARKED_TRUE = _task("unmarked_true", "{actor} took the mark of ground truth from an annotation of {subject}")

TASKS = (
    TASKS_CREATED,
    TASKS_DELETED,
    TASKS_RESTORED,
    ANNOTATED,
    SKIPPED,
    REVISED,
    ANNOTATION_DELETED,
    ANNOTATION_RESTORED,
    MARKED_TRUE,
    UNMARKED_TRUE,
)
