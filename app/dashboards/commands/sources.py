"""What is done to sources: brought in, described, refreshed, deleted; and, by the job, loaded part by part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import IO

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import joinedload

from app.adapters import files
from app.dashboards import events
from app.dashboards.cells import Cells
from app.dashboards.models import Source, SourceFile, SourceProblem
from app.dashboards.models.sources import Stage, Status
from app.dashboards.survey import look_over
from app.inbox.commands import watch
from app.kernel import ledger, live
from app.kernel.access import CLOCK, Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.jobs import ask
from app.kernel.ledger import change
from app.kernel.numbers import next_numbers
from app.kernel.timers import cancel, wake
from app.kernel.words import gettext as _
from app.organizations.models import Member

#: Bytes a file may have, and sources an organization.
MOST, SOURCES_MOST = 256 * 2**20, 500
#: How long a file is kept that nobody loads; how long rows that were replaced are there for questions under way.
FILE_KEPT, DATA_KEPT = timedelta(days=7), timedelta(hours=1)
#: A job that says nothing for so long is dead, and the file is taken up again.
PATIENCE = timedelta(seconds=90)
#: Problems that are listed of one file; of those beyond only their number is known.
PROBLEMS_MOST = 10_000


class WrongMoment(Refused):
    """A file is not where this can be done to it."""


def create_source(name: str, source: IO[bytes], filename: str, *, by: Member) -> SourceFile:
    """Bring in a new table: its first file is stored and looked over. Raises Invalid, and then keeps nothing."""
    held = db.session.scalar(select(func.count()).select_from(Source).where(Source.deleted_at.is_(None))) or 0
    if held >= SOURCES_MOST:
        raise Invalid(
            _(
                "There are %(sources_most)s sources already. Delete one that nobody asks any more.",
                sources_most=SOURCES_MOST,
            )
        )
    record = Source(number=next_numbers("source")[0], name=name, created_by=by)
    db.session.add(record)
    ledger.record_created(events.SOURCE_CREATED, [record], by=by)
    watch([record], [by])
    live.touch("sources")
    return upload_file(record, source, filename, by=by)


def upload_file(record: Source, source: IO[bytes], filename: str, *, by: Member) -> SourceFile:
    """Store a file for a source and look it over; what its columns hold is guessed, or known from the last one.

    The rows that are there stay until the new ones are loaded. Raises Invalid, and then keeps nothing.
    """
    stored = files.store(source, most=MOST)
    try:
        with files.open_file(stored.name) as file:
            survey = look_over(file, [Cells.from_json(column) for column in record.columns])
        upload = SourceFile(
            source=record,
            number=next_numbers(f"source:{record.id}")[0],
            created_by=by,
            filename=filename[-255:] or "table.csv",
            file=stored.name,
            size_bytes=stored.size,
            encoding=survey.encoding,
            delimiter=survey.delimiter,
            columns=[column.as_json() for column in survey.columns],
            sample=survey.sample,
        )
        db.session.add(upload)
        db.session.flush()
        with change(record, event=events.SOURCE_UPLOADED, by=by, always=True, file=upload.filename):
            pass
        wake("forget_source_file", upload.id, at=now() + FILE_KEPT)
        live.touch(f"source-{record.id}")
    except BaseException:
        files.delete(stored.name)
        raise
    return upload


def load_file(upload: SourceFile, columns: Sequence[Cells], timezone: str, *, by: Member) -> None:
    """Say what the columns hold and begin to load. Raises WrongMoment for a file that was loaded or is being loaded,
    Invalid when no column is kept.
    """
    lock_file(upload.id)
    if upload.stage not in (Stage.TYPING, Stage.FAILED, Stage.CANCELLED) or upload.file is None:
        raise WrongMoment("This file is being loaded, or was loaded already. Look at it again.")
    if not any(column.kept for column in columns):
        raise Invalid(_("Keep at least one column."))
    if upload.clean_file is None:
        upload.clean_file = files.reserve()
    db.session.execute(delete(SourceProblem).where(SourceProblem.source_file_id == upload.id))
    upload.columns, upload.timezone, upload.created_by_id = [found.as_json() for found in columns], timezone, by.id
    upload.stage, upload.error, upload.attempts, upload.finished_at = Stage.LOADING, None, 0, None
    upload.rows_done = upload.rows_refused = upload.bytes_done = upload.clean_bytes = 0
    ask("load_source", upload.id, key=f"{upload.id}-{now().timestamp():.0f}")
    wake("resume_source", upload.id, at=now() + PATIENCE)
    live.touch(f"source-{upload.source_id}", "sources")


def cancel_file(upload: SourceFile) -> None:
    """Stop loading; the source keeps the rows it had. Raises WrongMoment when there is nothing to stop."""
    lock_file(upload.id)
    if upload.stage is not Stage.LOADING:
        raise WrongMoment("There is nothing to stop: it is over already.")
    upload.stage, upload.finished_at = Stage.CANCELLED, now()
    cancel("resume_source", upload.id)
    live.touch(f"source-{upload.source_id}", "sources")


def advance_file(
    upload: SourceFile, *, rows: int, read: int, clean: int, problems: Sequence[dict[str, object]], refused: int
) -> None:
    """Note how far the checking came. The caller has the lock."""
    room = PROBLEMS_MOST - upload.rows_refused
    if problems and room > 0:
        db.session.execute(insert(SourceProblem), [{**one, "source_file_id": upload.id} for one in problems[:room]])
    upload.rows_done += rows
    upload.bytes_done, upload.clean_bytes = read, clean
    upload.rows_refused += refused
    upload.attempts = 0
    wake("resume_source", upload.id, at=now() + PATIENCE)
    live.touch(f"source-{upload.source_id}")


def finish_file(upload: SourceFile, data_file: str, rows: int, size: int) -> None:
    """The rows are there: from now on questions are asked of them, and the former ones go."""
    source = upload.source
    outcome = f"{rows:,} {'row' if rows == 1 else 'rows'}"
    if upload.rows_refused:
        outcome += f", {upload.rows_refused:,} left out"
    former = source.data_file
    with change(source, event=events.SOURCE_LOADED, by=CLOCK, always=True, file=upload.filename, outcome=outcome):
        source.columns, source.row_count, source.refused_count = upload.columns, rows, upload.rows_refused
        source.data_file, source.size_bytes, source.status = data_file, size, Status.READY
        source.version += 1
        source.last_refreshed_at = upload.finished_at = now()
    upload.stage = Stage.DONE
    cancel("resume_source", upload.id)
    if former:
        wake("forget_rows", at=now() + DATA_KEPT, key=f"forget_rows:{former}", name=former)
    wake("forget_source_file", upload.id, at=now())
    live.touch(f"source-{source.id}", "sources")


def fail_file(upload: SourceFile, why: str) -> None:
    """Give a file up, and say why. The source keeps the rows it had."""
    source = upload.source
    with change(source, event=events.SOURCE_FAILED, by=CLOCK, always=True, file=upload.filename, outcome=why):
        if source.data_file is None:
            source.status = Status.FAILED
    upload.stage, upload.error, upload.finished_at = Stage.FAILED, why, now()
    cancel("resume_source", upload.id)
    live.touch(f"source-{source.id}", "sources")


def forget_files(upload: SourceFile) -> None:
    """Throw away what was uploaded; the rows that were made of it stay."""
    for name in (upload.file, upload.clean_file):
        if name is not None:
            files.delete(name)
    upload.file = upload.clean_file = None


def edit_source(record: Source, *, name: str, description: str, by: Actor) -> None:
    """Call a source something else."""
    with change(record, event=events.SOURCE_EDITED, by=by):
        record.name, record.description = name, description
    live.touch(f"source-{record.id}", "sources")


def delete_sources(records: Sequence[Source], *, by: Actor) -> None:
    """Put sources into the bin. Questions to them have no answer until they are restored."""
    at = now()
    with change(*records, event=events.SOURCE_DELETED, by=by):
        for record in records:
            record.deleted_at = record.deleted_at or at
    live.touch("sources", *(f"source-{record.id}" for record in records))


def restore_sources(records: Sequence[Source], *, by: Actor) -> None:
    with change(*records, event=events.SOURCE_RESTORED, by=by):
        for record in records:
            record.deleted_at = None
    live.touch("sources", *(f"source-{record.id}" for record in records))


def lock_file(file_id: int) -> SourceFile | None:
    """A file as it is now, held until the transaction ends, with its source and who uploaded it."""
    wanted = select(SourceFile).where(SourceFile.id == file_id).with_for_update(of=SourceFile)
    wanted = wanted.options(joinedload(SourceFile.source), joinedload(SourceFile.created_by))
    return db.session.scalar(wanted, execution_options={"populate_existing": True})
