"""What is done to imports: uploaded, mapped, started, stopped; and, by the job, advanced batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import IO

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import joinedload

from app.adapters import files
from app.exchange import events
from app.exchange.mapping import Mapping, guess
from app.exchange.models import Import, ImportRow, Status
from app.exchange.rows import Row
from app.exchange.survey import look_over
from app.inbox.commands import watch
from app.kernel import ledger, live
from app.kernel.access import CLOCK
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Refused
from app.kernel.jobs import ask
from app.kernel.ledger import change
from app.kernel.numbers import next_numbers
from app.kernel.timers import cancel, wake
from app.organizations.models import Member
from app.projects.models import Project
from app.projects.queries import states_of

#: Bytes a file may have.
MOST = 50 * 2**20
#: How long a file is kept when nobody imports it, or goes on importing it.
FILE_KEPT = timedelta(days=7)
#: A job that says nothing for so long is dead, and the import is taken up again.
PATIENCE = timedelta(seconds=60)


class WrongMoment(Refused):
    """An import is not where this can be done to it."""


def upload_import(project: Project, source: IO[bytes], filename: str, *, by: Member) -> Import:
    """Store a file and look it over; what its columns mean is guessed. Raises Invalid, and then keeps nothing."""
    stored = files.store(source, most=MOST)
    try:
        with files.open_file(stored.name) as file:
            survey = look_over(file)
        record = Import(
            project=project,
            number=next_numbers(f"import:{project.id}")[0],
            created_by=by,
            filename=filename[-255:] or "issues.csv",
            file=stored.name,
            size_bytes=stored.size,
            digest=stored.digest,
            encoding=survey.encoding,
            delimiter=survey.delimiter,
            header=survey.header,
            survey=survey.as_json(),
            mapping=guess(survey.header, survey.values, states_of(project.id)).as_json(),
            rows_total=survey.rows,
        )
        db.session.add(record)
        ledger.record_created(events.UPLOADED, [record], by=by)
        watch([record], [by])
        wake("forget_file", record.id, at=now() + FILE_KEPT)
    except BaseException:
        files.delete(stored.name)
        raise
    return record


def map_imports(imports: Sequence[Import], mapping: Mapping, *, by: Member) -> None:
    """Say what the columns mean and begin the dry run. Raises WrongMoment once rows have been imported."""
    _lock(imports)
    if any(record.status not in (Status.MAPPING, Status.CHECKED) for record in imports):
        raise WrongMoment("The columns can only be changed before anything was imported. Look at the import again.")
    with change(*imports, event=events.MAPPED, by=by):
        for record in imports:
            record.mapping = mapping.as_json()
            record.survey = {name: value for name, value in record.survey.items() if name != "new_labels"}
            _begin(record, Status.CHECKING)


def start_imports(imports: Sequence[Import], *, by: Member) -> None:
    """Import what was checked, or go on where an import stopped. From now on it is `by` who imports.

    Raises WrongMoment for one that runs already or is done.
    """
    _lock(imports)
    if any(record.status is not Status.CHECKED and not record.can_go_on for record in imports):
        raise WrongMoment("This import runs already, or is over. Look at it again.")
    with change(*imports, event=events.STARTED, by=by):
        for record in imports:
            record.created_by_id = by.id
            if record.status is Status.CHECKED:
                _begin(record, Status.RUNNING)
            else:
                record.status, record.error, record.attempts = Status.RUNNING, None, 0
                _send(record)
    watch(imports, [by])


def cancel_imports(imports: Sequence[Import], *, by: Member) -> None:
    """Stop: a dry run goes back to the mapping, an import keeps the issues it has made. Raises WrongMoment."""
    _lock(imports)
    if not all(record.is_working for record in imports):
        raise WrongMoment("There is nothing to stop: it is over already.")
    for record in imports:
        with change(record, event=events.CANCELLED, by=by, outcome=outcome(record)):
            checking = record.status is Status.CHECKING
            record.status = Status.MAPPING if checking else Status.CANCELLED
            record.finished_at = None if checking else now()
        cancel("resume_import", record.id)
        live.touch(f"import-{record.id}")


def advance_import(record: Import, rows: Sequence[Row], issue_ids: Sequence[int | None]) -> None:
    """Note what became of the next rows; the last ones finish the import, or its dry run. The caller has the lock."""
    importing = record.status is Status.RUNNING
    told = [
        {
            "import_id": record.id,
            "line": row.line,
            "issue_id": issue_id,
            "refused": row.refused,
            "problem": " ".join(row.remarks) or None,
        }
        for row, issue_id in zip(rows, issue_ids, strict=True)
        if importing or row.remarks
    ]
    if told:
        db.session.execute(insert(ImportRow), told)
    record.rows_done += len(rows)
    record.rows_failed += sum(row.refused for row in rows)
    record.attempts = 0
    if record.rows_done < record.rows_total:
        wake("resume_import", record.id, at=now() + PATIENCE)
    else:
        _finish(record)
    live.touch(f"import-{record.id}")


def _finish(record: Import) -> None:
    importing = record.status is Status.RUNNING
    event = events.FINISHED if importing else events.CHECKED
    with change(record, event=event, by=CLOCK, outcome=outcome(record)):
        record.status = Status.DONE if importing else Status.CHECKED
    cancel("resume_import", record.id)
    if importing:
        record.finished_at = now()
        wake("forget_file", record.id, at=now())


def stop_import(record: Import, why: str) -> None:
    """Stop an import that cannot go on, and say why. A dry run goes back to its mapping."""
    with change(record, event=events.FAILED, by=CLOCK, outcome=why):
        checking = record.status is Status.CHECKING
        record.status, record.error = Status.MAPPING if checking else Status.FAILED, why
        record.finished_at = None if checking else now()
    cancel("resume_import", record.id)
    live.touch(f"import-{record.id}")


def forget_files(imports: Sequence[Import]) -> None:
    """Throw the uploaded files away. An import that nobody started goes with its file; reports stay."""
    for record in imports:
        if record.file is not None:
            files.delete(record.file)
        record.file = None
        if record.status in (Status.MAPPING, Status.CHECKED):
            db.session.delete(record)


def outcome(record: Import) -> str:
    """ "240 of 243 issues imported, 3 rows refused": what came of it so far, in words."""
    if record.status is Status.CHECKING:
        return f"{record.rows_created:,} of {record.rows_total:,} rows can be imported"
    made = f"{record.rows_created:,} {'issue' if record.rows_created == 1 else 'issues'} made"
    refused = f"{record.rows_failed:,} {'row' if record.rows_failed == 1 else 'rows'} refused"
    left = record.rows_total - record.rows_done
    return ", ".join([made] + [refused] * bool(record.rows_failed) + [f"{left:,} rows not reached"] * bool(left))


def draft_values(row: Row) -> dict[str, object]:
    """The values of an issue's draft."""
    unwanted = ("line", "new_labels", "remarks", "refused")
    return {name: value for name, value in asdict(row).items() if name not in unwanted}


def _begin(record: Import, status: Status) -> None:
    """From the first row, with an empty report."""
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == record.id))
    record.status, record.error, record.attempts, record.finished_at = status, None, 0, None
    record.rows_done = record.rows_failed = 0
    _send(record)


def _send(record: Import) -> None:
    """Ask for the job, and set the timer that asks again if nothing is heard of it."""
    ask("work_on_import", record.id, key=f"{record.id}-{record.status}-{record.rows_done}")
    wake("resume_import", record.id, at=now() + PATIENCE)
    wake("forget_file", record.id, at=now() + FILE_KEPT)
    live.touch(f"import-{record.id}")


def _lock(imports: Sequence[Import]) -> None:
    """Hold the rows, as they are now, until this transaction ends."""
    ids = [record.id for record in imports]
    locked = select(Import).where(Import.id.in_(ids)).order_by(Import.id).with_for_update(of=Import)
    locked = locked.options(joinedload(Import.project), joinedload(Import.created_by))
    db.session.scalars(locked, execution_options={"populate_existing": True}).all()
