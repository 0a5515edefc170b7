"""What the page of the stream shows: how far all are, how far one is, and what they did before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.annotation.models import Annotation, AnnotationDraft, Labelling, Task, TaskLock
from app.annotation.queries.labellings import labelling_by_project
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member

#: Lines of one's own work that stand beside the canvas.
RECENT = 12


class Progress(NamedTuple):
    tasks: int
    done: int
    mine: int
    skipped: int
    #: Held by others at this moment.
    held: int

    @property
    def left(self) -> int:
        return self.tasks - self.done


@dataclass(frozen=True)
class Neighbours:
    """Numbers of the tasks before and after one in a member's own work; `after` None: on to the next task."""

    before: int | None
    after: int | None


def progress_of(labelling: Labelling, member: Member) -> Progress:
    """Three statements, the widest of which counts by an index."""
    tasks = select(func.count(), func.count().filter(Task.is_labeled)).where(
        Task.labelling_id == labelling.id, Task.deleted_at.is_(None)
    )
    there = Task.organization_id == Annotation.organization_id, Task.id == Annotation.task_id
    mine = (
        select(func.count().filter(Annotation.was_cancelled.is_(False)), func.count().filter(Annotation.was_cancelled))
        .select_from(Annotation)
        .join(Task, (there[0]) & (there[1]))
        .where(*_own(labelling, member), Task.deleted_at.is_(None))
    )
    held = (
        select(func.count())
        .select_from(TaskLock)
        .join(Task, (Task.organization_id == TaskLock.organization_id) & (Task.id == TaskLock.task_id))
        .where(
            Task.labelling_id == labelling.id,
            Task.is_labeled.is_(False),
            Task.deleted_at.is_(None),
            TaskLock.member_id != member.id,
            TaskLock.expires_at > now(),
        )
    )
    total, done = db.session.execute(tasks).one()
    labelled, skipped = db.session.execute(mine).one()
    return Progress(total, done, labelled, skipped, db.session.scalar(held) or 0)


def task_of_stream(member: Member, identifier: str, number: int) -> tuple[Labelling, Task]:
    """A task by its number and the labelling that it is in, for who labels there. Raises NotFound. Two statements."""
    labelling = labelling_by_project(member, identifier)
    task = db.session.scalar(
        select(Task).where(Task.labelling_id == labelling.id, Task.number == number, Task.deleted_at.is_(None))
    )
    if task is None:
        raise NotFound
    return labelling, task


def touched_task(member: Member, identifier: str, number: int) -> tuple[Labelling, Task]:
    """The same, deleted ones too: what is sent about a task that was deleted meanwhile is told so."""
    labelling = labelling_by_project(member, identifier)
    task = db.session.scalar(select(Task).where(Task.labelling_id == labelling.id, Task.number == number))
    if task is None or (own_annotation(task, member) is None and own_lock(task, member) is None):
        raise NotFound
    return labelling, task


def own_annotation(task: Task, member: Member) -> Annotation | None:
    """What the member said about the task, or that they skipped it."""
    return db.session.scalar(
        select(Annotation).where(
            Annotation.task_id == task.id,
            Annotation.member_id == member.id,
            Annotation.import_id.is_(None),
            Annotation.deleted_at.is_(None),
        )
    )


def own_lock(task: Task, member: Member) -> TaskLock | None:
    """The hand-out of the task to the member, expired or not."""
    return db.session.scalar(select(TaskLock).where(TaskLock.task_id == task.id, TaskLock.member_id == member.id))


def own_draft(task: Task, member: Member) -> AnnotationDraft | None:
    return db.session.scalar(
        select(AnnotationDraft).where(AnnotationDraft.task_id == task.id, AnnotationDraft.member_id == member.id)
    )


def recent_work(labelling: Labelling, member: Member, *, skipped: bool = False) -> Sequence[Annotation]:
    """The member's latest annotations and skips with their tasks, or only skips, the latest first. One statement."""
    wanted = (
        select(Annotation)
        .join(Annotation.task)
        .where(*_own(labelling, member), Task.deleted_at.is_(None))
        .options(joinedload(Annotation.task))
        .order_by(Annotation.id.desc())
        .limit(RECENT)
    )
    return db.session.scalars(wanted.where(Annotation.was_cancelled) if skipped else wanted).all()


def neighbours(labelling: Labelling, member: Member, annotation: Annotation | None) -> Neighbours:
    """What one's own history has before and after an annotation. Before a new task stands the latest.

    Two statements.
    """
    own = (
        select(Task.number)
        .join(Annotation, (Annotation.organization_id == Task.organization_id) & (Annotation.task_id == Task.id))
        .where(*_own(labelling, member), Task.deleted_at.is_(None))
        .limit(1)
    )
    if annotation is None:
        return Neighbours(db.session.scalar(own.order_by(Annotation.id.desc())), None)
    before = own.where(Annotation.id < annotation.id).order_by(Annotation.id.desc())
    after = own.where(Annotation.id > annotation.id).order_by(Annotation.id)
    return Neighbours(db.session.scalar(before), db.session.scalar(after))


def _own(labelling: Labelling, member: Member) -> tuple[ColumnElement[bool], ...]:
    return (
        Annotation.labelling_id == labelling.id,
        Annotation.member_id == member.id,
        Annotation.import_id.is_(None),
        Annotation.deleted_at.is_(None),
    )
