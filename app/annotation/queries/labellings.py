"""Finding labelling projects, and how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.annotation.models import Annotation, Labelling, LabellingConfig, Task
from app.annotation.policies import P, visible_to
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member
from app.projects.models import Project
from app.projects.policies import height, in_projects_of, know


def labelling_by_project(member: Member, identifier: str) -> Labelling:
    """The labelling beside a project, with the project and the instructions. One statement; raises NotFound."""
    row = db.session.execute(
        select(Labelling, height(member))
        .join(Labelling.project)
        .where(visible_to(member), Project.identifier == identifier.upper())
        .options(joinedload(Labelling.project), joinedload(Labelling.instruction))
    ).first()
    if row is None:
        raise NotFound
    found: Labelling = row[0]
    know(member, [(found.project_id, row[1])])
    return found


def deleted_labelling(member: Member, identifier: str) -> Labelling:
    """A deleted labelling of a project that `member` sees. Raises NotFound."""
    found = db.session.scalar(
        select(Labelling)
        .join(Labelling.project)
        .where(
            in_projects_of(member, Labelling.project_id),
            Labelling.deleted_at.is_not(None),
            Project.identifier == identifier.upper(),
        )
        .options(joinedload(Labelling.project))
    )
    if found is None:
        raise NotFound
    return found


def labelling_of(project: Project) -> Labelling | None:
    """The labelling beside a project, deleted or not."""
    return db.session.scalar(
        select(Labelling)
        .where(Labelling.project_id == project.id)
        .options(joinedload(Labelling.project), joinedload(Labelling.instruction))
    )


def labellings_of(member: Member) -> Sequence[Labelling]:
    """The labelling projects a member sees, by name."""
    return db.session.scalars(
        select(Labelling)
        .join(Labelling.project)
        .where(visible_to(member))
        .options(joinedload(Labelling.project))
        .order_by(func.lower(Project.name), Labelling.id)
    ).all()


def unlabelled_projects(member: Member) -> Sequence[Project]:
    """The projects a member sees that have no labelling yet, by name."""
    return db.session.scalars(
        select(Project)
        .where(in_projects_of(member, Project.id), Project.id.not_in(select(Labelling.project_id)))
        .order_by(func.lower(Project.name), Project.id)
    ).all()


@dataclass(frozen=True)
class Progress:
    """How far a labelling project is."""

    tasks: int = 0
    finished: int = 0
    annotations: int = 0
    skipped: int = 0

    @property
    def percent(self) -> int:
        return self.finished * 100 // self.tasks if self.tasks else 0


def progress_of(labellings: Sequence[Labelling]) -> dict[int, Progress]:
    """{labelling id: how far it is}. One statement."""
    rows = db.session.execute(
        select(
            Task.labelling_id,
            func.count(),
            func.count().filter(Task.is_labeled),
            func.coalesce(func.sum(Task.total_annotations), 0),
            func.coalesce(func.sum(Task.cancelled_annotations), 0),
        )
        .where(Task.labelling_id.in_([labelling.id for labelling in labellings]), Task.deleted_at.is_(None))
        .group_by(Task.labelling_id)
    )
    return {row[0]: Progress(row[1], row[2], int(row[3]), int(row[4])) for row in rows}


@dataclass(frozen=True)
class Worker:
    """What one person has done in a labelling project."""

    member: Member
    annotations: int
    skipped: int
    #: Seconds an annotation took, on average.
    pace: float | None
    last: datetime


def workers_of(labelling: Labelling, *, only: Member | None = None) -> list[Worker]:
    """Who has labelled, the busiest first. What was imported was said elsewhere. One statement."""
    kept = ~Annotation.was_cancelled
    counted = (
        select(
            Annotation.member_id,
            func.count().filter(kept).label("annotations"),
            func.count().filter(Annotation.was_cancelled).label("skipped"),
            func.avg(Annotation.lead_time_seconds).filter(kept).label("pace"),
            func.max(Annotation.created_at).label("last"),
        )
        .where(Annotation.labelling_id == labelling.id, Annotation.deleted_at.is_(None), Annotation.import_id.is_(None))
        .group_by(Annotation.member_id)
    )
    if only is not None:
        counted = counted.where(Annotation.member_id == only.id)
    counts = counted.subquery()
    rows = db.session.execute(
        select(Member, counts)
        .join(counts, Member.id == counts.c.member_id)
        .order_by(counts.c.annotations.desc(), func.lower(Member.name), Member.id)
    )
    return [Worker(row[0], row.annotations, row.skipped, row.pace, row.last) for row in rows]


def work_of(labelling: Labelling, member: Member) -> list[Worker]:
    """What the overview shows of people: all of them to whoever sees the tasks, else only oneself."""
    return workers_of(labelling, only=None if member.may(P.VIEW_TASKS) else member)


def columns_of(labelling: Labelling) -> tuple[list[str], dict[str, Any] | None]:
    """The columns of the first task's data, and that data; none when there is no task. One statement."""
    data = db.session.scalar(
        select(Task.data)
        .where(Task.labelling_id == labelling.id, Task.deleted_at.is_(None))
        .order_by(Task.number)
        .limit(1)
    )
    return (sorted(data), data) if data else ([], None)


def config_versions(labelling: Labelling) -> Sequence[LabellingConfig]:
    """The latest thirty saved configurations with their authors, newest first."""
    return db.session.scalars(
        select(LabellingConfig)
        .where(LabellingConfig.labelling_id == labelling.id)
        .options(joinedload(LabellingConfig.author))
        .order_by(LabellingConfig.number.desc())
        .limit(30)
    ).all()
