"""Copies of one's own data: asked for, made by a job, kept for a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts import exporting, notices
from app.accounts.models import DataExport, Stage, User
from app.adapters import files
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.jobs import ask

log = structlog.get_logger(__name__)

#: How long a copy can be taken, and how long a worker may be silent before another takes over.
KEPT, LEASE = timedelta(days=7), timedelta(minutes=20)
#: Times it is tried.
TRIES = 3
#: Bytes of an archive that is kept.
MOST = 4 * 2**30


def ask_for_export(user_id: int) -> bool:
    """Have a copy made; False when one is being made already. Former ones go."""
    _drop_former(user_id)
    made = insert(DataExport).values(user_id=user_id, stage=Stage.WORKING, due_at=now(), asked_at=now())
    export_id = db.session.scalar(made.on_conflict_do_nothing().returning(DataExport.id))
    if export_id is None:
        return False
    ask("attend_export", export_id, key=str(export_id))
    return True


def exports_of(user_id: int) -> Sequence[DataExport]:
    """The newest copies, the newest first."""
    return db.session.scalars(
        select(DataExport).where(DataExport.user_id == user_id).order_by(DataExport.id.desc()).limit(5)
    ).all()


def export_to_take(user_id: int, export_id: int) -> DataExport:
    """A copy that is ready, of this person and nobody else. Raises NotFound."""
    found = db.session.scalar(
        select(DataExport).where(
            DataExport.id == export_id,
            DataExport.user_id == user_id,
            DataExport.stage == Stage.READY,
            DataExport.due_at > now(),
        )
    )
    if found is None or found.file is None:
        raise NotFound
    return found


def attend_export(export_id: int, *, page: str) -> None:
    """Make a copy that is wanted, or take one away whose time is over. Of two workers one does it."""
    export = db.session.scalar(
        select(DataExport)
        .where(DataExport.id == export_id, DataExport.due_at <= now())
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if export is None:
        return
    if export.stage is not Stage.WORKING:
        _take_away(export)
    elif export.tries >= TRIES:
        export.stage, export.due_at = Stage.FAILED, None
    else:
        export.tries += 1
        export.due_at = now() + LEASE
        user_id = export.user_id
        db.session.commit()
        _make(export_id, user_id, page)


def _make(export_id: int, user_id: int, page: str) -> None:
    def done(steps: int) -> None:
        _note(export_id, parts_done=steps, due_at=now() + LEASE)
        db.session.commit()

    _note(export_id, parts_total=exporting.count_steps(user_id))
    with files.scratch() as place:
        exporting.write_archive(user_id, place, done)
        with place.open("rb") as source:
            stored = files.store(source, most=MOST, with_transaction=True)
    user = db.session.get(User, user_id)
    ready = user and _note(
        export_id, stage=Stage.READY, file=stored.name, size_bytes=stored.size, ready_at=now(), due_at=now() + KEPT
    )
    if user and ready:
        notices.export_ready(user, page, KEPT.days)
    else:
        files.delete_on_commit(stored.name)  # they are gone, or another worker was first


def _note(export_id: int, **values: object) -> bool:
    """Write into a copy that is still being made; whether it is."""
    row = update(DataExport).where(DataExport.id == export_id, DataExport.stage == Stage.WORKING).values(values)
    noted = db.session.execute(row.returning(DataExport.id), execution_options={"synchronize_session": False})
    return noted.first() is not None


def _drop_former(user_id: int) -> None:
    former = select(DataExport).where(DataExport.user_id == user_id, DataExport.stage == Stage.READY)
    for export in db.session.scalars(former.with_for_update()):
        _take_away(export)
    db.session.flush()


def _take_away(export: DataExport) -> None:
    if export.file:
        files.delete_on_commit(export.file)
    export.stage, export.file, export.due_at = Stage.GONE, None, None
