"""Changing what was said about a task, taking it away, and marking what is known to be right."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.annotation import events
from app.annotation.commands.stream import checked
from app.annotation.commands.tasks import is_done, tell
from app.annotation.config import LabelConfig
from app.annotation.models import Annotation, AnnotationDraft, Labelling, Result, Task
from app.documents.commands import StaleEdit
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Refused
from app.kernel.events import Event
from app.kernel.words import gettext as _


def revise_annotation(
    annotation: Annotation,
    task: Task,
    labelling: Labelling,
    config: LabelConfig,
    result: Result,
    *,
    by: Actor,
    seen: int,
    seconds: float = 0.0,
) -> bool:
    """Say something else about a task, or something at all about one that was skipped; whether that changed anything.

    `seen` is the version that the page was opened with. Raises StaleEdit when the annotation has moved on to another
    result, Invalid for a result that does not fit.
    """
    _hold(annotation, task)
    if annotation.deleted_at is not None:
        raise Refused(_("This annotation was deleted meanwhile, so nothing was saved."))
    tidy = checked(labelling, config, result, task)
    _forget_draft(task, by)
    if tidy == annotation.result and not annotation.was_cancelled:
        return False
    if seen != annotation.version:
        raise StaleEdit
    before, skipped = annotation.version, annotation.was_cancelled
    if skipped:
        annotation.extra = task.is_labeled
        task.cancelled_annotations -= 1
        task.total_annotations += 1
    annotation.result, annotation.was_cancelled, annotation.reason = tidy, False, ""
    annotation.version, annotation.updated_by_id = before + 1, by.id
    annotation.config_version = labelling.config_version
    annotation.lead_time_seconds = round(annotation.lead_time_seconds + max(0.0, min(seconds, 3600.0)), 1)
    task.is_labeled = is_done(labelling, task)
    _tell(events.ANNOTATED if skipped else events.REVISED, annotation, task, by)
    return True


def delete_annotation(annotation: Annotation, task: Task, labelling: Labelling, *, by: Actor) -> None:
    """Take an annotation away. Its place is free again, also for whoever made it."""
    _hold(annotation, task)
    if annotation.deleted_at is None:
        annotation.deleted_at = now()
        _count(annotation, task, labelling, -1)
        _tell(events.ANNOTATION_DELETED, annotation, task, by)


def restore_annotation(annotation: Annotation, task: Task, labelling: Labelling, *, by: Actor) -> None:
    """Bring a deleted annotation back. Raises Refused when its author has labelled the task anew since."""
    _hold(annotation, task)
    if annotation.deleted_at is None:
        return
    another = select(Annotation.id).where(
        Annotation.task_id == task.id,
        Annotation.member_id == annotation.member_id,
        Annotation.import_id.is_(None),
        Annotation.deleted_at.is_(None),
    )
    if annotation.import_id is None and db.session.scalar(another) is not None:
        raise Refused(_("Its author has labelled the task anew since, so it stays deleted."))
    annotation.deleted_at = None
    _count(annotation, task, labelling, 1)
    _tell(events.ANNOTATION_RESTORED, annotation, task, by)


def mark_annotation(annotation: Annotation, task: Task, *, true: bool, by: Actor) -> None:
    """Say that an annotation is known to be right, or take that back. Raises Refused for a skip."""
    _hold(annotation, task)
    if annotation.was_cancelled or annotation.deleted_at is not None:
        raise Refused(_("There is nothing here that could be right."))
    if annotation.ground_truth != true:
        annotation.ground_truth = true
        _tell(events.MARKED_TRUE if true else events.UNMARKED_TRUE, annotation, task, by)


def _hold(annotation: Annotation, task: Task) -> None:
    """The task first, as everybody does, then the annotation."""
    columns = ["overlap", "total_annotations", "cancelled_annotations", "is_labeled", "deleted_at"]
    db.session.refresh(task, columns, with_for_update={"key_share": True})
    if task.deleted_at is not None:
        raise Refused(_("This task was deleted meanwhile, so nothing was changed."))
    kept = ["result", "was_cancelled", "ground_truth", "version", "deleted_at"]
    db.session.refresh(annotation, kept, with_for_update={"key_share": True})


def _count(annotation: Annotation, task: Task, labelling: Labelling, one: int) -> None:
    if annotation.was_cancelled:
        task.cancelled_annotations += one
    else:
        task.total_annotations += one
    task.is_labeled = is_done(labelling, task)


def _forget_draft(task: Task, by: Actor) -> None:
    db.session.execute(
        delete(AnnotationDraft).where(AnnotationDraft.task_id == task.id, AnnotationDraft.member_id == by.id),
        execution_options={"synchronize_session": False},
    )


def _tell(event: Event, annotation: Annotation, task: Task, by: Actor) -> None:
    db.session.flush()
    ledger.record(event, [(task, {})], by=by, payload={"annotation": annotation.id})
    tell(task.labelling_id, task.id)
