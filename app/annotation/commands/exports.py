"""Exports: asked for, written by the job, thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta

from app.adapters import files
from app.annotation import events
from app.annotation.config import Broken, parse
from app.annotation.models import Format, Labelling, LabellingExport, Work
from app.annotation.queries.exports import data_columns, told_tasks
from app.annotation.writing import Told, pieces
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Refused
from app.kernel.jobs import ask
from app.kernel.numbers import next_numbers
from app.kernel.timers import cancel, wake
from app.kernel.words import gettext as _
from app.organizations.models import Member

#: How long an export is kept; exports of one labelling that can be made at the same time; bytes of one.
KEPT = timedelta(days=7)
AT_ONCE = 3
MOST = 4 * 2**30
#: A job that says nothing for so long is dead, or slow; both are looked at again.
PATIENCE = timedelta(seconds=60)


def start_export(
    labelling: Labelling, kind: Format, *, by: Member, only_finished: bool = False, running: int = 0
) -> LabellingExport:
    """Ask for a file. Raises Refused where as many as may be are `running` already."""
    if running >= AT_ONCE:
        raise Refused(_("%(at_once)s exports are being made already. Wait for one of them.", at_once=AT_ONCE))
    record = LabellingExport(
        labelling=labelling,
        number=next_numbers(f"labelling_export:{labelling.id}")[0],
        created_by=by,
        format=kind,
        only_finished=only_finished,
        expires_at=now() + KEPT,
    )
    db.session.add(record)
    db.session.flush()
    _record(record, events.EXPORT_ASKED, by)
    ask("work_on_export", record.id, key=str(record.id))
    wake("resume_export", record.id, at=now() + PATIENCE)
    wake("forget_export", record.id, at=record.expires_at)
    _tell(record)
    return record


def write_export(record: LabellingExport) -> None:
    """Make the file. The caller holds the row; called by the job."""
    try:
        config = parse(record.labelling.config)
    except Broken as error:
        fail_export(record, f"The configuration cannot be used: {error}")
        return
    columns = data_columns(record.labelling) if record.format is Format.CSV else []
    with tempfile.TemporaryFile() as target:
        for piece in pieces(record.format, _counted(record), config, columns):
            target.write(piece.encode())
        target.seek(0)
        stored = files.store(target, most=MOST)
    record.file, record.size_bytes, record.digest = stored.name, stored.size, stored.digest
    record.status, record.finished_at = Work.DONE, now()
    cancel("resume_export", record.id)
    _tell(record)


def _counted(record: LabellingExport) -> Iterator[Told]:
    for task in told_tasks(record.labelling, only_finished=record.only_finished):
        record.tasks += 1
        yield task


def fail_export(record: LabellingExport, why: str) -> None:
    """Give an export up, and say why."""
    record.status, record.error, record.finished_at = Work.FAILED, why, now()
    cancel("resume_export", record.id)
    _tell(record)


def delete_exports(exports: Sequence[LabellingExport], *, by: Actor) -> None:
    """Throw exports away, also while they are made."""
    for record in exports:
        _record(record, events.EXPORT_DELETED, by)
    forget_exports(exports)


def forget_exports(exports: Sequence[LabellingExport]) -> None:
    """Forget exports with their files: their time is over."""
    for record in exports:
        if record.file is not None:
            files.delete(record.file)
        cancel("resume_export", record.id)
        cancel("forget_export", record.id)
        _tell(record)
        db.session.delete(record)


def _record(record: LabellingExport, event: events.Event, by: Actor) -> None:
    ledger.record(event, [(record.labelling, {})], by=by, payload={"file": record.filename, "export": record.number})


def _tell(record: LabellingExport) -> None:
    live.touch(f"labelling-exports-{record.labelling_id}")
