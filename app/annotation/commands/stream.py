"""The stream: handing out tasks so that nobody is given a slot that somebody else holds, and taking in what they say.

Whoever changes a task's slots holds the task's row first. A task is handed out while its annotations and the locks of
others that have not expired are fewer than its overlap. A lock is looked at twice: by the query that finds a free task,
and, once its row is held, by one that sees what was committed meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from app.annotation import events
from app.annotation.commands.tasks import is_done, tell
from app.annotation.config import LabelConfig, check_result, tidy_result
from app.annotation.models import (
    Annotation,
    AnnotationDraft,
    Labelling,
    Result,
    Sampling,
    SkipQueue,
    StreamPlace,
    Task,
    TaskLock,
)
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.crypto import new_token
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Forbidden, Invalid, Refused
from app.kernel.timers import every_day
from app.kernel.words import gettext as _
from app.organizations.models import Member

#: Days that an expired lock is remembered, so that what comes late is known to have been handed out.
REMEMBERED = 7
#: Seconds of work that an annotation can claim.
LEAD_MOST = 24 * 3600.0


@dataclass(frozen=True)
class Handed:
    """A task in somebody's hands, and the lock that says so."""

    task: Task
    lock: TaskLock


class Overtaken(Refused):
    """The configuration has changed since the page was opened; nothing was saved."""

    def __init__(self) -> None:
        super().__init__(
            "The questions have changed since you began. What still fits is kept: look it over and submit."
        )


class Gone(Refused):
    """The task is not there any more; nothing was saved."""

    def __init__(self) -> None:
        super().__init__("This task was deleted meanwhile, so nothing was saved.")


def take_next(labelling: Labelling, *, by: Member) -> Handed | None:
    """The member's open task, else the next that wants them; None when nothing does.

    What they skipped comes back at the very end, where the labelling says so. A few statements, whatever the number of
    tasks; a task that somebody is about to take is stepped over, and waited for only if there is no other.
    """
    return (
        _resume(labelling, by)
        or _take(labelling, by, _ahead(labelling, by))
        or _take(labelling, by)
        or _take(labelling, by, patient=True)
        or (_take_skipped(labelling, by) if labelling.skip_queue is SkipQueue.FOR_ME else None)
    )


def take_task(task: Task, labelling: Labelling, *, by: Member) -> Handed | None:
    """Hand out this very task. None when others have filled it or hold it, or the member has labelled it already."""
    return _claim(labelling, by, task.id)


def prolong(task: Task, labelling: Labelling, token: str, *, by: Member) -> bool:
    """Hold a task longer, because its page is in use; whether the member still holds it. An expired lock comes alive
    again only while there is room.
    """
    lock = _lock_of(task.id, by, token)
    if lock is None:
        return False
    if lock.expires_at > now():
        lock.expires_at = _until(labelling)
        return True
    return _claim(labelling, by, task.id) is not None


def save_draft(
    task: Task,
    labelling: Labelling,
    result: Result,
    *,
    by: Member,
    token: str | None = None,
    annotation: Annotation | None = None,
    seconds: float = 0.0,
) -> bool:
    """Keep what is half-said about a task that the member holds (`token`), or about an annotation of theirs. Whether
    they still hold it. Raises Forbidden for a task that was not handed to them.
    """
    if annotation is None and (token is None or _lock_of(task.id, by, token) is None):
        if token is not None and _of_token(token, by) is not None:
            return True  # it has been handed in meanwhile
        raise Forbidden(_("This task was not handed to you."))
    at = now()
    row = insert(AnnotationDraft).values(
        organization_id=current_organization_id(),
        task_id=task.id,
        member_id=by.id,
        annotation_id=annotation.id if annotation else None,
        result=result,
        lead_time_seconds=_worked(seconds, LEAD_MOST),
        created_at=at,
        updated_at=at,
    )
    given = row.excluded
    fresh = {name: given[name] for name in ("annotation_id", "result", "lead_time_seconds", "updated_at")}
    keys = ["organization_id", "task_id", "member_id"]
    db.session.execute(row.on_conflict_do_update(index_elements=keys, set_=fresh))
    return annotation is not None or prolong(task, labelling, token or "", by=by)


@dataclass(frozen=True)
class Submitted:
    annotation: Annotation
    #: It was sent before; nothing was changed now.
    repeated: bool = False


def submit_annotation(
    task: Task,
    labelling: Labelling,
    config: LabelConfig,
    result: Result,
    *,
    by: Member,
    token: str,
    seen_config: int,
    seconds: float | None = None,
) -> Submitted:
    """Take in what a member says about a task that was handed to them. The same token sent twice is taken in once.

    What comes after the lock has expired counts as if it had come in time, while nobody else has taken the place;
    otherwise it is kept as an extra. Raises Overtaken, Gone, Invalid for a result that does not fit, and Forbidden for
    a task that was not handed to the member.
    """
    _hold(task)
    if (before := _of_token(token, by)) is not None:
        return Submitted(before, repeated=True)
    lock = _handed(task, by, token)
    if seen_config != labelling.config_version:
        raise Overtaken
    tidy = checked(labelling, config, result, task)
    made = _make(task, labelling, lock, by=by, seconds=seconds, result=tidy)
    _tell(events.ANNOTATED, task, made, by)
    return Submitted(made)


def skip_task(
    task: Task, labelling: Labelling, *, by: Member, token: str, reason: str = "", seconds: float | None = None
) -> Submitted:
    """Take note that a member would rather not label a task. Raises Gone and Forbidden as `submit_annotation` does."""
    if not labelling.show_skip:
        raise Forbidden(_("Tasks of this labelling project cannot be skipped."))
    _hold(task)
    if (before := _of_token(token, by)) is not None:
        return Submitted(before, repeated=True)
    lock = _handed(task, by, token)
    made = _make(task, labelling, lock, by=by, seconds=seconds, was_cancelled=True, reason=reason.strip())
    _tell(events.SKIPPED, task, made, by)
    return Submitted(made)


def release_tasks(member: Member, labelling: Labelling) -> None:
    """Let go of everything the member holds there; drafts stay."""
    held = select(Task.id).where(Task.labelling_id == labelling.id)
    db.session.execute(
        delete(TaskLock).where(TaskLock.member_id == member.id, TaskLock.task_id.in_(held)),
        execution_options={"synchronize_session": False},
    )
    tell(labelling.id)


@every_day
def purge_task_locks() -> None:
    """Forget what was handed out long ago. Drafts are kept."""
    old = now() - timedelta(days=REMEMBERED)
    db.session.execute(
        delete(TaskLock).where(TaskLock.expires_at < old), execution_options={"synchronize_session": False}
    )


def checked(labelling: Labelling, config: LabelConfig, result: Result, task: Task) -> Result:
    """The result as it is kept. Raises Invalid for one that does not fit the configuration or says nothing."""
    tidy: Result = tidy_result(config, result, task.data)
    if problems := check_result(config, tidy, task.data):
        raise Invalid(" ".join(problems[:3]), "result")
    if not tidy and not labelling.allow_empty:
        raise Invalid(_("Say something about this task first. If you cannot, skip it."), "result")
    return tidy


def _make(
    task: Task, labelling: Labelling, lock: TaskLock, *, by: Member, seconds: float | None, **values: Any
) -> Annotation:
    draft = db.session.execute(
        delete(AnnotationDraft)
        .where(AnnotationDraft.task_id == task.id, AnnotationDraft.member_id == by.id)
        .returning(AnnotationDraft.created_at)
    ).first()
    skipped = _standing(task.id, by)
    if skipped is not None and not skipped.was_cancelled:
        raise Refused(_("You have labelled this task already. Open it in your history to change what you said."))
    elapsed = max(0.0, (now() - lock.created_at).total_seconds())
    worked = min(elapsed, labelling.lock_minutes * 60) if seconds is None else min(seconds, elapsed)
    in_time = lock.expires_at > now()
    made = skipped or Annotation(labelling_id=labelling.id, task_id=task.id, member_id=by.id, created_at=now())
    made.config_version = labelling.config_version
    made.extra = not in_time and (task.is_labeled or _taken(task, labelling, by) >= task.overlap)
    made.lead_time_seconds = _worked(worked, LEAD_MOST)
    made.token, made.draft_created_at = lock.token, draft.created_at if draft else None
    made.result, made.was_cancelled, made.reason = [], False, ""
    if skipped is not None:
        task.cancelled_annotations -= 1
        made.version += 1
    for name, value in values.items():
        setattr(made, name, value)
    db.session.add(made)
    db.session.delete(lock)
    if made.was_cancelled:
        task.cancelled_annotations += 1
    else:
        task.total_annotations += 1
    task.is_labeled = is_done(labelling, task)
    db.session.flush()
    return made


def _tell(event: Any, task: Task, annotation: Annotation, by: Actor) -> None:
    ledger.record(event, [(task, {})], by=by, payload={"annotation": annotation.id})
    tell(task.labelling_id, task.id)


def _hold(task: Task) -> None:
    """Read it anew and keep it until the transaction ends. Raises Gone for a deleted one."""
    columns = ["overlap", "total_annotations", "cancelled_annotations", "is_labeled", "deleted_at"]
    db.session.refresh(task, columns, with_for_update={"key_share": True})
    if task.deleted_at is not None:
        raise Gone


def _handed(task: Task, by: Member, token: str) -> TaskLock:
    lock = _lock_of(task.id, by, token)
    if lock is None:
        raise Forbidden(_("This task was not handed to you."))
    return lock


def _lock_of(task_id: int, by: Member, token: str) -> TaskLock | None:
    return db.session.scalar(
        select(TaskLock).where(TaskLock.task_id == task_id, TaskLock.member_id == by.id, TaskLock.token == token)
    )


def _of_token(token: str, by: Member) -> Annotation | None:
    return db.session.scalar(select(Annotation).where(Annotation.token == token, Annotation.member_id == by.id))


def _standing(task_id: int, by: Member) -> Annotation | None:
    """What the member has said about the task in the stream, or that they skipped it."""
    return db.session.scalar(
        select(Annotation).where(
            Annotation.task_id == task_id,
            Annotation.member_id == by.id,
            Annotation.import_id.is_(None),
            Annotation.deleted_at.is_(None),
        )
    )


def _until(labelling: Labelling) -> Any:
    return now() + timedelta(minutes=labelling.lock_minutes)


def _worked(seconds: float, most: float) -> float:
    return round(max(0.0, min(seconds, most)), 1) if seconds == seconds else 0.0  # a NaN is no time


# Finding -------------------------------------------------------------------------------------------------------------


def _place(labelling: Labelling) -> InstrumentedAttribute[int]:
    return Task.number if labelling.sampling is Sampling.SEQUENTIAL else Task.shuffle


def _ahead(labelling: Labelling, by: Member) -> ColumnElement[bool] | None:
    """Behind where the member is: so what they have labelled is not walked over again and again."""
    place = db.session.scalar(
        select(StreamPlace.position).where(StreamPlace.labelling_id == labelling.id, StreamPlace.member_id == by.id)
    )
    return None if place is None else _place(labelling) > place


def _locked_by_others(by: Member) -> Any:
    return (
        select(func.count())
        .select_from(TaskLock)
        .where(TaskLock.task_id == Task.id, TaskLock.member_id != by.id, TaskLock.expires_at > now())
        .correlate(Task)
        .scalar_subquery()
    )


def _answers(labelling: Labelling) -> Any:
    ignored = labelling.skip_queue is SkipQueue.IGNORE
    return Task.total_annotations + Task.cancelled_annotations if ignored else Task.total_annotations


def _wanted(labelling: Labelling, by: Member) -> list[ColumnElement[bool]]:
    return [
        Task.labelling_id == labelling.id,
        ~Task.is_labeled,
        Task.deleted_at.is_(None),
        _answers(labelling) + _locked_by_others(by) < Task.overlap,
    ]


def _mine(by: Member, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Annotation.organization_id == Task.organization_id,
        Annotation.task_id == Task.id,
        Annotation.member_id == by.id,
        Annotation.import_id.is_(None),
        Annotation.deleted_at.is_(None),
        *more,
    )


def _resume(labelling: Labelling, by: Member) -> Handed | None:
    """What the member holds, the latest first; also what they held too long, while there is room for them."""
    held = db.session.scalars(
        select(Task.id)
        .join(TaskLock, and_(TaskLock.organization_id == Task.organization_id, TaskLock.task_id == Task.id))
        .where(TaskLock.member_id == by.id, *_wanted(labelling, by))
        .order_by(TaskLock.created_at.desc(), TaskLock.id.desc())
        .limit(20)
    ).all()
    return next((found for task_id in held if (found := _claim(labelling, by, task_id))), None)


def _take(
    labelling: Labelling, by: Member, behind: ColumnElement[bool] | None = None, *, patient: bool = False
) -> Handed | None:
    place = _place(labelling)
    wanted = (
        select(Task.id)
        .where(*_wanted(labelling, by), ~_mine(by), *([] if behind is None else [behind]))
        .order_by(place)
        .limit(1)
        .with_for_update(skip_locked=not patient, key_share=True, of=Task)
    )
    while (found := db.session.scalar(wanted)) is not None:
        if (handed := _claim(labelling, by, found)) is not None:
            return handed
    return None


def _take_skipped(labelling: Labelling, by: Member) -> Handed | None:
    """What the member skipped longest ago."""
    skipped = db.session.scalars(
        select(Task.id)
        .join(Annotation, and_(Annotation.organization_id == Task.organization_id, Annotation.task_id == Task.id))
        .where(
            Annotation.member_id == by.id,
            Annotation.was_cancelled,
            Annotation.import_id.is_(None),
            Annotation.deleted_at.is_(None),
            *_wanted(labelling, by),
        )
        .order_by(Annotation.updated_at, Annotation.id)
        .limit(20)
    ).all()
    return next((found for task_id in skipped if (found := _claim(labelling, by, task_id))), None)


def _claim(labelling: Labelling, by: Member, task_id: int) -> Handed | None:
    """Lock a task for the member if, with its row held, there is still room; None otherwise."""
    task = db.session.scalar(
        select(Task)
        .where(Task.id == task_id, Task.labelling_id == labelling.id)
        .with_for_update(key_share=True, of=Task)
        .execution_options(populate_existing=True)
    )
    if task is None or task.deleted_at is not None or task.is_labeled:
        return None
    said = _standing(task.id, by)
    if (said is not None and not said.was_cancelled) or _taken(task, labelling, by) >= task.overlap:
        return None
    at = now()
    row = insert(TaskLock).values(
        organization_id=current_organization_id(),
        task_id=task.id,
        member_id=by.id,
        token=new_token(),
        created_at=at,
        expires_at=_until(labelling),
    )
    keys = ["organization_id", "task_id", "member_id"]
    made = row.on_conflict_do_update(index_elements=keys, set_={"expires_at": row.excluded.expires_at})
    lock = db.session.scalars(made.returning(TaskLock), execution_options={"populate_existing": True}).one()
    _remember_place(labelling, by, task)
    return Handed(task, lock)


def _taken(task: Task, labelling: Labelling, by: Member) -> int:
    """Slots of a held task that are not open to the member: answers, and what others hold."""
    others = db.session.scalar(
        select(func.count())
        .select_from(TaskLock)
        .where(TaskLock.task_id == task.id, TaskLock.member_id != by.id, TaskLock.expires_at > now())
    )
    skips = task.cancelled_annotations if labelling.skip_queue is SkipQueue.IGNORE else 0
    return task.total_annotations + skips + (others or 0)


def _remember_place(labelling: Labelling, by: Member, task: Task) -> None:
    position, at = getattr(task, _place(labelling).key), now()
    row = insert(StreamPlace).values(
        organization_id=current_organization_id(),
        labelling_id=labelling.id,
        member_id=by.id,
        position=position,
        created_at=at,
        updated_at=at,
    )
    moved = or_(StreamPlace.position != row.excluded.position)
    keys = ["organization_id", "labelling_id", "member_id"]
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=keys,
            set_={"position": row.excluded.position, "updated_at": row.excluded.updated_at},
            where=moved,
        )
    )
