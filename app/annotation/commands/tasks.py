"""Making tasks, deleting them, and keeping their counters true."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Update, and_, case, func, select, text, update
from sqlalchemy.orm import aliased

from app.annotation import events
from app.annotation.models import Annotation, Labelling, SkipQueue, Task
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.kernel.numbers import next_numbers
from app.kernel.words import gettext as _

#: Bytes that the data of one task takes at most, as JSON.
DATA_MOST = 256 * 1024
#: Arrays travel whole, where a parameter a value would make an import of very many rows five times slower.
_INSERT = text("""
    INSERT INTO tasks (organization_id, labelling_id, number, data, meta, overlap, shuffle, digest, total_annotations,
                       cancelled_annotations, is_labeled, import_id, created_by_id, created_at, updated_at)
    SELECT :organization_id, :labelling_id, number, CAST(data AS jsonb), CAST(meta AS jsonb), :overlap, shuffle, digest,
           0, 0, false, :import_id, :created_by_id, :at, :at
      FROM unnest(CAST(:numbers AS bigint[]), CAST(:data AS text[]), CAST(:metas AS text[]),
                  CAST(:shuffles AS bigint[]), CAST(:digests AS text[])) AS given (number, data, meta, shuffle, digest)
    RETURNING id, number
""")
#: Ids of one command that pages are told of one by one; the list of all is told anyway.
_FEW = 50


def create_tasks(
    labelling: Labelling,
    rows: Sequence[Mapping[str, Any]],
    *,
    by: Actor,
    import_id: int | None = None,
    metas: Sequence[Mapping[str, Any]] = (),
    digests: Sequence[str] = (),
) -> list[int]:
    """Add tasks, in order, each with its data (and what the import said beside it); their ids. Three statements.

    `digests` are those of the rows, where the caller knows them already.

    A task of an import is told by the import itself, so nothing is recorded for it here. Raises Invalid for data that
    is too large.
    """
    texts = [json.dumps(row, ensure_ascii=False) for row in rows]
    if any(len(one.encode()) > DATA_MOST for one in texts):
        raise Invalid(_("The data of one task may take %(value)s KB at most.", value=DATA_MOST // 1024))
    if not rows:
        return []
    numbers = next_numbers(f"task:{labelling.id}", len(rows))
    given = {
        "organization_id": current_organization_id(),
        "labelling_id": labelling.id,
        "overlap": labelling.overlap,
        "import_id": import_id,
        "created_by_id": by.id,
        "at": now(),
        "numbers": list(numbers),
        "data": texts,
        "metas": [json.dumps(meta, ensure_ascii=False) for meta in metas] or ["{}"] * len(rows),
        "shuffles": [secrets.randbelow(2**53) for _ in rows],
        "digests": list(digests) or [digest_of(labelling, row) for row in rows],
    }
    ids = {number: task_id for task_id, number in db.session.execute(_INSERT, given)}
    made = [ids[number] for number in numbers]
    tell(labelling.id)
    if import_id is None:
        tasks = db.session.scalars(select(Task).where(Task.id.in_(made)).order_by(Task.number)).all()
        ledger.record_created(events.TASKS_CREATED, tasks, by=by)
    return made


def digest_of(labelling: Labelling, data: Mapping[str, Any]) -> str:
    """Names the data of a task in its labelling: what is equal has the same, whatever the order of its columns."""
    whole = f"{labelling.id} {json.dumps(data, sort_keys=True)}"
    return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()


def delete_tasks(tasks: Sequence[Task], *, by: Actor) -> ledger.Activity | None:
    """Put tasks of one labelling into the bin; whoever holds one is told when they hand it in.

    None when all were there.
    """
    return _set_deleted([task for task in tasks if task.deleted_at is None], True, by)


def restore_tasks(tasks: Sequence[Task], *, by: Actor) -> ledger.Activity | None:
    """Take tasks out of the bin, with all that was said about them. None when none was there."""
    return _set_deleted([task for task in tasks if task.deleted_at is not None], False, by)


def _set_deleted(tasks: Sequence[Task], deleted: bool, by: Actor) -> ledger.Activity | None:
    if not tasks:
        return None
    at = now()
    before = [ledger.snapshot(task) for task in tasks]
    db.session.execute(
        update(Task)
        .where(Task.id.in_([task.id for task in tasks]))
        .values(deleted_at=at if deleted else None, updated_at=at)
        .execution_options(synchronize_session=False)
    )
    for task in tasks:
        db.session.expire(task, ["updated_at"])
        task.__dict__["deleted_at"] = at if deleted else None
    differing = [(task, ledger.compare(was, ledger.snapshot(task))) for task, was in zip(tasks, before, strict=True)]
    tell(tasks[0].labelling_id, *(task.id for task in tasks))
    return ledger.record(events.TASKS_DELETED if deleted else events.TASKS_RESTORED, differing, by=by)


def recount_tasks(labelling: Labelling, ids: Sequence[int] | None = None) -> None:
    """Count what stands about these tasks (None: all of the labelling) anew. Imports and settings call it; two
    statements, whatever their number.
    """
    stands = and_(Annotation.labelling_id == labelling.id, Annotation.deleted_at.is_(None))
    counted = select(
        Annotation.task_id,
        func.count().filter(Annotation.was_cancelled.is_(False)).label("total"),
        func.count().filter(Annotation.was_cancelled).label("cancelled"),
    ).where(stands)
    if ids is not None:
        counted = counted.where(Annotation.task_id.in_(ids))
    said = counted.group_by(Annotation.task_id).subquery()
    mine = [Task.labelling_id == labelling.id] + ([Task.id.in_(ids)] if ids is not None else [])
    # Those about which nothing is said any more count nothing.
    one = aliased(Task)
    counts = (
        select(
            one.id,
            func.coalesce(said.c.total, 0).label("total"),
            func.coalesce(said.c.cancelled, 0).label("cancelled"),
        )
        .outerjoin(said, said.c.task_id == one.id)
        .where(one.labelling_id == labelling.id)
        .subquery()
    )
    with_counts = (
        update(Task)
        .where(*mine, Task.id == counts.c.id)
        .values(total_annotations=counts.c.total, cancelled_annotations=counts.c.cancelled)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(with_counts)
    db.session.execute(_settled(labelling).where(*mine))
    tell(labelling.id)


def is_done(labelling: Labelling, task: Task) -> bool:
    """Whether nobody is wanted for the task any more."""
    return task.total_annotations + _skips(labelling, task.cancelled_annotations) >= task.overlap


def _settled(labelling: Labelling) -> Update:
    answers: Any = Task.total_annotations
    if labelling.skip_queue is SkipQueue.IGNORE:
        answers = answers + Task.cancelled_annotations
    done = case((answers >= Task.overlap, True), else_=False)
    return update(Task).values(is_labeled=done).execution_options(synchronize_session=False)


def _skips(labelling: Labelling, cancelled: int) -> int:
    return cancelled if labelling.skip_queue is SkipQueue.IGNORE else 0


def tell(labelling_id: int, *task_ids: int) -> None:
    """Pages that show the labelling, or one of these tasks, look again."""
    live.touch(f"labelling-{labelling_id}", *(f"task-{task_id}" for task_id in task_ids[:_FEW]))
