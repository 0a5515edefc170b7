"""Finding exports, and reading what they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.annotation.models import Annotation, Labelling, LabellingExport, Task
from app.annotation.policies import visible_to
from app.annotation.writing import Said, Told
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member
from app.projects.models import Project

#: Tasks that are read at once, and exports of a list.
PAGE, LIST = 500, 50


def export_by_number(member: Member, identifier: str, number: int) -> LabellingExport:
    """An export with its labelling. One statement; NotFound when it is not the member's to see."""
    found = db.session.scalar(
        select(LabellingExport)
        .join(LabellingExport.labelling)
        .join(Labelling.project)
        .where(visible_to(member), Project.identifier == identifier.upper(), LabellingExport.number == number)
        .options(
            joinedload(LabellingExport.labelling).joinedload(Labelling.project), joinedload(LabellingExport.created_by)
        )
    )
    if found is None:
        raise NotFound
    return found


def exports_of(labelling: Labelling) -> Sequence[LabellingExport]:
    """The latest fifty exports, newest first."""
    return db.session.scalars(
        select(LabellingExport)
        .where(LabellingExport.labelling_id == labelling.id)
        .options(joinedload(LabellingExport.created_by))
        .order_by(LabellingExport.number.desc())
        .limit(LIST)
    ).all()


def data_columns(labelling: Labelling) -> list[str]:
    """The names of all fields that tasks have, by name. One statement."""
    keys = select(func.jsonb_object_keys(Task.data).label("name")).where(
        Task.labelling_id == labelling.id, Task.deleted_at.is_(None)
    )
    return sorted(db.session.scalars(select(keys.subquery().c.name).distinct()))


def told_tasks(labelling: Labelling, *, only_finished: bool) -> Iterator[Told]:
    """Every task with its annotations, by number; two statements for each five hundred, and no more in memory."""
    after = 0
    while page := _page(labelling, after, only_finished):
        after = page[-1].number
        yield from page


def _page(labelling: Labelling, after: int, only_finished: bool) -> list[Told]:
    wanted = select(Task.id, Task.number, Task.data, Task.meta, Task.created_at, Task.updated_at).where(
        Task.labelling_id == labelling.id, Task.deleted_at.is_(None), Task.number > after
    )
    if only_finished:
        wanted = wanted.where(Task.is_labeled)
    rows = db.session.execute(wanted.order_by(Task.number).limit(PAGE)).all()
    tasks = {row.id: Told(*row) for row in rows}
    for task_id, *said in _said(list(tasks)):
        tasks[task_id].annotations.append(Said(*said))
    return list(tasks.values())


def _said(task_ids: list[int]) -> Sequence[Any]:
    if not task_ids:
        return ()
    return db.session.execute(
        select(
            Annotation.task_id,
            Annotation.id,
            Annotation.member_id,
            Member.name,
            Annotation.result,
            Annotation.was_cancelled,
            Annotation.ground_truth,
            Annotation.lead_time_seconds,
            Annotation.created_at,
            Annotation.updated_at,
        )
        .join(Member, Member.id == Annotation.member_id)
        .where(Annotation.task_id.in_(task_ids), Annotation.deleted_at.is_(None))
        .order_by(Annotation.id)
    ).all()
