"""The long work of an import, in batches of one transaction each.

`rows_done` is the cursor: it is written with the batch's issues, so a worker that is killed loses one batch at most and
doubles none. A timer that every batch moves forward takes up what a dead worker left (`resume_import`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.adapters import files
from app.adapters.tables.reading import Record, records
from app.boards.commands.making import IssueDraft, create_issues
from app.boards.policies import P
from app.exchange import commands
from app.exchange.mapping import Mapping, caseless
from app.exchange.models import Import, Status
from app.exchange.queries import vocabulary_of
from app.exchange.rows import Reader, Row, Vocabulary
from app.kernel import access
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.jobs import ask, job
from app.kernel.timers import alarm, wake
from app.projects.commands import labels
from app.projects.models import Project
from app.projects.policies import visible_to

#: Rows of one transaction.
BATCH = 250
#: Seconds after which a job makes room for others and asks for its own continuation.
SLICE = 15.0
#: Starts without a finished batch after which we give up.
ATTEMPTS = 5
_HUES = 8


@job
def work_on_import(import_id: int) -> None:
    """Check or import rows for a while. Does nothing when the import has stopped or another worker has it."""
    record = _take_up(import_id)
    if record is None:
        return
    until = time.monotonic() + SLICE
    cursor: int | None = record.rows_done
    try:
        with _rows(record) as rows:
            while cursor is not None and time.monotonic() < until:
                cursor = _advance(import_id, cursor, list(islice(rows, BATCH)))
    except FileNotFoundError:
        commands.stop_import(record, "The uploaded file is no longer there. Upload it again.")
        return
    if cursor is not None:
        ask(work_on_import, import_id, key=f"{import_id}-{cursor}")


@alarm
def resume_import(import_id: int) -> None:
    """Rings when nothing was heard of a running import: its worker died."""
    work_on_import(import_id)


@alarm
def forget_file(import_id: int) -> None:
    """Rings when an import is done, or when nobody has touched it for a week."""
    record = _locked(import_id)
    if record is not None and not record.is_working:
        commands.forget_files([record])


def _take_up(import_id: int) -> Import | None:
    """Count this start, in a transaction of its own, so that an import which kills its worker is given up."""
    record = _locked(import_id)
    if record is None or not record.is_working:
        return None
    if record.attempts >= ATTEMPTS:
        commands.stop_import(record, f"Something breaks on our side after row {record.rows_done:,}. It was recorded.")
        return None
    record.attempts += 1
    wake(resume_import, import_id, at=now() + commands.PATIENCE)
    db.session.commit()
    return record


@contextmanager
def _rows(record: Import) -> Iterator[Iterator[Record]]:
    """The records of the file that are still to be done."""
    with files.open_file(record.file or "") as file:
        yield islice(records(file, record.encoding, record.delimiter), 1 + record.rows_done, None)


def _advance(import_id: int, cursor: int, batch: Sequence[Record]) -> int | None:
    """One batch, committed. Returns the cursor after it; None when there is nothing left to do here."""
    record = _locked(import_id)
    if record is None or not record.is_working or record.rows_done != cursor:
        db.session.rollback()
        return None
    project = _project_if_still_allowed(record)
    if project is None:
        commands.stop_import(record, f"{record.created_by.name} may not import into this project any more.")
    else:
        _do(record, project, batch)
    db.session.commit()
    going_on = record.is_working and record.rows_done < record.rows_total
    cursor = record.rows_done
    db.session.expunge_all()  # memory stays flat, however long the file is
    return cursor if going_on else None


def _do(record: Import, project: Project, batch: Sequence[Record]) -> None:
    mapping, known = Mapping.from_json(record.mapping), vocabulary_of(project.id)
    reader = Reader(record.header, mapping, known)
    rows = [reader.read(line) for line in batch]
    if not _labels_fit(record, rows, known):
        return
    ids: list[int | None] = [None] * len(rows)
    if record.status is Status.RUNNING:
        _make_labels(record, project, rows)
        good = [place for place, row in enumerate(rows) if not row.refused]
        drafts = [IssueDraft(**commands.draft_values(rows[place])) for place in good]  # type: ignore[arg-type]
        made = create_issues(project, drafts, by=record.created_by, import_id=record.id) if drafts else []
        for place, issue in zip(good, made, strict=True):
            ids[place] = issue.id
    commands.advance_import(record, rows, ids)


def _labels_fit(record: Import, rows: Sequence[Row], known: Vocabulary) -> bool:
    """Remember which labels the import makes; stop it when they are too many to be labels."""
    before = {caseless(name): name for name in record.survey.get("new_labels", ())}
    names = {caseless(name): name for row in rows if not row.refused for name in row.new_labels} | before
    if len(names.keys() | known.labels.keys()) > labels.MOST:
        commands.stop_import(
            record,
            f"With the labels of this file the project would have more than {labels.MOST}. Choose another"
            " column for labels, or leave out those that do not exist here.",
        )
        return False
    if len(names) > len(before):
        record.survey = {**record.survey, "new_labels": sorted(names.values(), key=caseless)}
    return True


def _make_labels(record: Import, project: Project, rows: Sequence[Row]) -> None:
    """Make the labels that these rows want, and put their ids into the rows."""
    wanted = {caseless(name): name for row in rows if not row.refused for name in row.new_labels}
    made = {
        key: labels.add_label(
            project, name, crc32(key.encode()) % _HUES + 1, by=record.created_by, import_id=record.id
        ).id
        for key, name in wanted.items()
    }
    for row in rows:
        row.label_ids += [made[caseless(name)] for name in row.new_labels if not row.refused]


def _project_if_still_allowed(record: Import) -> Project | None:
    """The project, while the importer is a member who sees it and may import into it."""
    member = record.created_by
    if member.left_at is not None:
        return None
    project = db.session.scalar(select(Project).where(visible_to(member), Project.id == record.project_id))
    return project if project is not None and access.may(member, P.IMPORT, project) else None


def _locked(import_id: int) -> Import | None:
    """The import as it is now, held until the transaction ends, with its importer."""
    wanted: Any = select(Import).where(Import.id == import_id).options(joinedload(Import.created_by))
    return db.session.scalar(wanted.with_for_update(of=Import), execution_options={"populate_existing": True})
