"""What is done to imports of texts: uploaded, stopped, taken up again; and, by the job, advanced batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import IO

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from app.adapters import files
from app.adapters.tables.reading import delimiter_of, encoding_of
from app.annotation import events
from app.annotation.config import Broken, parse
from app.annotation.models import Format, Labelling, TaskImport, TaskImportRow, Work
from app.annotation.reading import Row, columns_in, format_of, rows_of
from app.inbox.commands import watch
from app.kernel import ledger, live
from app.kernel.access import CLOCK, Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.events import Event
from app.kernel.jobs import ask
from app.kernel.numbers import next_numbers
from app.kernel.timers import cancel, wake
from app.kernel.words import gettext as _
from app.organizations.models import Member

#: Bytes that a file may have.
MOST = 200 * 2**20
#: Problems that are listed; those beyond are counted.
LISTED = 1_000
#: How long a file that was not imported to its end is kept.
FILE_KEPT = timedelta(days=7)
#: A job that says nothing for so long is dead, and the import is taken up again.
PATIENCE = timedelta(seconds=60)


class WrongMoment(Refused):
    """An import is not where this can be done to it."""


def start_import(
    labelling: Labelling,
    source: IO[bytes],
    filename: str,
    *,
    by: Member,
    skip_duplicates: bool = True,
    with_annotations: bool = True,
) -> TaskImport:
    """Store a file, look it over and begin to import it. Raises Invalid, and then keeps nothing."""
    stored = files.store(source, most=MOST)
    try:
        record = _surveyed(labelling, stored, filename, by)
        record.skip_duplicates, record.with_annotations = skip_duplicates, with_annotations
        db.session.add(record)
        db.session.flush()
        _record(record, events.IMPORT_STARTED, by)
        watch([labelling], [by])
        _send(record)
    except BaseException:
        files.delete(stored.name)
        raise
    return record


def _surveyed(labelling: Labelling, stored: files.Stored, filename: str, by: Member) -> TaskImport:
    """The import of a stored file, whose rows have been counted. Raises Invalid for a file of which nothing fits."""
    with files.open_file(stored.name) as file:
        encoding = encoding_of(file)
        kind = format_of(file, encoding, filename)
        delimiter, header = ",", list[str]()
        if kind is Format.CSV:
            delimiter = delimiter_of(file, encoding)
            with files.open_file(stored.name) as again:
                header = columns_in(again, encoding, delimiter)
        total, first = 0, None
        for row in rows_of(file, kind, encoding, delimiter=delimiter, header=header):
            total += 1
            first = first or (row if not row.problem else None)
    if not total:
        raise Invalid(_("There are no rows in the file, so there is nothing to import."), "file")
    if first is None:
        raise Invalid("None of its rows can be read. " + _hint(kind), "file")
    _fits(labelling, first)
    return TaskImport(
        labelling=labelling,
        number=next_numbers(f"task_import:{labelling.id}")[0],
        created_by=by,
        format=kind,
        filename=filename[-255:] or "texts",
        file=stored.name,
        size_bytes=stored.size,
        encoding=encoding,
        delimiter=delimiter,
        header=header,
        rows_total=total,
    )


def _hint(kind: Format) -> str:
    if kind is Format.CSV:
        return "The first line names the columns; each line below it is a task."
    return "Each item is an object with the fields of a task." if kind is Format.JSON else "Each line is an object."


def _fits(labelling: Labelling, row: Row) -> None:
    """Raises Invalid where the configuration asks for columns that the file does not have at all."""
    try:
        missing = [name for name in parse(labelling.config).fields if name not in row.data]
    except Broken:
        return
    if missing:
        here = ", ".join(list(row.data)[:12])
        wanted = ", ".join(f"“{name}”" for name in missing)
        raise Invalid(
            _(
                "The configuration labels %(wanted)s, and the file has %(here)s. Name the"
                " column so, or change the configuration.",
                wanted=wanted,
                here=here,
            ),
            "file",
        )


def continue_imports(imports: Sequence[TaskImport], *, by: Member) -> None:
    """Go on where imports stopped; from now on it is `by` who imports. Raises WrongMoment."""
    _lock(imports)
    if not all(record.can_go_on for record in imports):
        raise WrongMoment("This import runs already, or is over. Look at it again.")
    for record in imports:
        record.status, record.error, record.attempts, record.finished_at = Work.RUNNING, None, 0, None
        record.created_by_id = by.id
        _record(record, events.IMPORT_STARTED, by)
        _send(record)


def cancel_imports(imports: Sequence[TaskImport], *, by: Actor) -> None:
    """Stop; the tasks that were made stay. Raises WrongMoment."""
    _lock(imports)
    if not all(record.is_working for record in imports):
        raise WrongMoment("There is nothing to stop: it is over already.")
    for record in imports:
        record.status, record.finished_at = Work.CANCELLED, now()
        _record(record, events.IMPORT_STOPPED, by)
        _settle(record)


def advance_import(record: TaskImport, told: Sequence[tuple[int, str, bool]], *, rows: int, duplicates: int) -> None:
    """Note what became of the next `rows`: `told` are (line, problem, refused). The caller has the lock."""
    room = max(0, LISTED - record.rows_failed)
    if listed := list(told)[:room]:
        db.session.execute(
            insert(TaskImportRow),
            [
                {"import_id": record.id, "line": line, "problem": problem, "refused": refused}
                for line, problem, refused in listed
            ],
        )
    record.rows_done += rows
    record.rows_failed += sum(refused for _, _, refused in told)
    record.rows_duplicate += duplicates
    record.attempts = 0
    if record.rows_done < record.rows_total:
        wake("resume_task_import", record.id, at=now() + PATIENCE)
    else:
        record.status, record.finished_at = Work.DONE, now()
        _record(record, events.IMPORTED, CLOCK)
        _settle(record)
        wake("forget_task_file", record.id, at=now())
    live.touch(f"task-import-{record.id}")


def stop_import(record: TaskImport, why: str) -> None:
    """Stop an import that cannot go on, and say why."""
    record.status, record.error, record.finished_at = Work.FAILED, why, now()
    _record(record, events.IMPORT_FAILED, CLOCK, why)
    _settle(record)


def forget_files(imports: Sequence[TaskImport]) -> None:
    """Throw the uploaded files away; what was told about their rows stays."""
    for record in imports:
        if record.file is not None:
            files.delete(record.file)
        record.file = None


def outcome(record: TaskImport) -> str:
    """ "240 tasks made, 3 rows refused": what came of it so far, in words."""
    said = [_count(record.tasks_made, "task", "tasks") + " made"]
    if record.annotations_made:
        said.append(_count(record.annotations_made, "annotation", "annotations"))
    if record.rows_duplicate:
        said.append(_count(record.rows_duplicate, "row", "rows") + " here already")
    if record.rows_failed:
        said.append(_count(record.rows_failed, "row", "rows") + " refused")
    if left := record.rows_total - record.rows_done:
        said.append(_count(left, "row", "rows") + " not reached")
    return ", ".join(said)


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _record(record: TaskImport, event: Event, by: Actor, why: str | None = None) -> None:
    payload = {"file": record.filename, "outcome": why or outcome(record), "import": record.number}
    ledger.record(event, [(record.labelling, {})], by=by, payload=payload)


def _settle(record: TaskImport) -> None:
    cancel("resume_task_import", record.id)
    live.touch(f"task-import-{record.id}", f"labelling-{record.labelling_id}", "labellings")


def _send(record: TaskImport) -> None:
    """Ask for the job, and set the timer that asks again if nothing is heard of it."""
    ask("work_on_task_import", record.id, key=f"{record.id}-{record.rows_done}")
    wake("resume_task_import", record.id, at=now() + PATIENCE)
    wake("forget_task_file", record.id, at=now() + FILE_KEPT)
    live.touch(f"task-import-{record.id}")


def _lock(imports: Sequence[TaskImport]) -> None:
    """Hold the rows, as they are now, until this transaction ends."""
    ids = [record.id for record in imports]
    locked = select(TaskImport).where(TaskImport.id.in_(ids)).order_by(TaskImport.id).with_for_update(of=TaskImport)
    loaded = joinedload(TaskImport.labelling).joinedload(Labelling.project)
    db.session.scalars(locked.options(loaded), execution_options={"populate_existing": True}).all()
