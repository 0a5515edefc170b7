"""The long work of labelling: bringing texts in, and writing exports.

An import goes in batches of one transaction each; `rows_done` is the cursor, written with its tasks, so a worker
that is killed loses one batch at most and doubles none. An export is made in one go, and anew if its worker dies.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import joinedload

from app.adapters import files
from app.annotation.commands import exports, imports
from app.annotation.commands.tasks import create_tasks, digest_of, recount_tasks
from app.annotation.config import Broken, LabelConfig, check_result, parse, tidy_result
from app.annotation.models import Annotation, Labelling, LabellingExport, TaskImport
from app.annotation.policies import P, visible_to
from app.annotation.reading import Row, rows_of
from app.kernel import access
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.kernel.jobs import ask, job
from app.kernel.timers import alarm, wake

#: Which of these digests tasks have: a probe of the index for each. The digest alone names the labelling too: were it
#: asked for besides, other indexes would look as cheap while a table is new and without statistics, and every batch
#: would read all tasks.
_HERE = text("""
    SELECT given.digest
      FROM unnest(CAST(:digests AS text[])) AS given (digest)
     CROSS JOIN LATERAL (SELECT FROM tasks WHERE tasks.digest = given.digest AND deleted_at IS NULL LIMIT 1) AS here
""")
#: Rows of one transaction.
BATCH = 1_000
#: Seconds after which a job makes room for others and asks for its own continuation.
SLICE = 15.0
#: Starts without a finished batch after which we give up.
ATTEMPTS = 5


@job
def work_on_task_import(import_id: int) -> None:
    """Import rows for a while. Does nothing when the import has stopped or another worker has it."""
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
        imports.stop_import(record, "The uploaded file is no longer there. Upload it again.")
        return
    except Invalid as error:
        imports.stop_import(record, str(error))
        return
    if cursor is not None:
        ask(work_on_task_import, import_id, key=f"{import_id}-{cursor}")


@alarm
def resume_task_import(import_id: int) -> None:
    """Rings when nothing was heard of a running import: its worker died."""
    work_on_task_import(import_id)


@alarm
def forget_task_file(import_id: int) -> None:
    """Rings when an import is done, or a week after somebody last began it."""
    record = _locked(import_id)
    if record is not None and not record.is_working:
        imports.forget_files([record])


def _take_up(import_id: int) -> TaskImport | None:
    """Count this start, in a transaction of its own, so that an import which kills its worker is given up."""
    record = _locked(import_id)
    if record is None or not record.is_working:
        return None
    if record.attempts >= ATTEMPTS:
        imports.stop_import(record, f"Something breaks on our side after row {record.rows_done:,}. It was recorded.")
        return None
    record.attempts += 1
    wake(resume_task_import, import_id, at=now() + imports.PATIENCE)
    db.session.commit()
    return record


@contextmanager
def _rows(record: TaskImport) -> Iterator[Iterator[Row]]:
    """The rows of the file that are still to be done."""
    with files.open_file(record.file or "") as file:
        found = rows_of(file, record.format, record.encoding, delimiter=record.delimiter, header=record.header)
        yield islice(found, record.rows_done, None)


def _advance(import_id: int, cursor: int, batch: Sequence[Row]) -> int | None:
    """One batch, committed. Returns the cursor after it; None when there is nothing left to do here."""
    record = _locked(import_id)
    if record is None or not record.is_working or record.rows_done != cursor:
        db.session.rollback()
        return None
    if not batch:
        imports.stop_import(record, "The file ends before its last row. Upload it again.")
    elif not _still_allowed(record):
        imports.stop_import(record, f"{record.created_by.name} may not import here any more.")
    else:
        _bring_in(record, batch)
    db.session.commit()
    going_on = record.is_working and record.rows_done < record.rows_total
    cursor = record.rows_done
    db.session.expunge_all()  # memory stays flat, however long the file is
    return cursor if going_on else None


def _bring_in(record: TaskImport, batch: Sequence[Row]) -> None:
    labelling = record.labelling
    try:
        config = parse(labelling.config)
    except Broken as error:
        imports.stop_import(record, f"The configuration cannot be used: {error}")
        return
    told: list[tuple[int, str, bool]] = []
    good = [row for row in batch if not _refused(row, config, told)]
    digests = [digest_of(labelling, row.data) for row in good]
    fresh = _fresh(digests) if record.skip_duplicates else list(range(len(good)))
    rows = [good[place] for place in fresh]
    ids = create_tasks(
        labelling,
        [row.data for row in rows],
        by=record.created_by,
        import_id=record.id,
        digests=[digests[place] for place in fresh],
    )
    said = [
        annotation
        for task_id, row in zip(ids, rows, strict=True)
        for annotation in _annotations(record, config, task_id, row, told)
    ]
    if said:
        db.session.execute(insert(Annotation), said)
        recount_tasks(labelling, sorted({annotation["task_id"] for annotation in said}))
        record.annotations_made += len(said)
    told += [(row.line, " ".join(row.remarks), False) for row in rows if row.remarks]
    imports.advance_import(record, sorted(told), rows=len(batch), duplicates=len(good) - len(rows))


def _refused(row: Row, config: LabelConfig, told: list[tuple[int, str, bool]]) -> bool:
    why = row.problem
    if why is None and (missing := [name for name in config.fields if row.data.get(name) in (None, "")]):
        why = f"It has no “{missing[0]}”, which the configuration labels."
    if why is not None:
        told.append((row.line, why, True))
    return why is not None


def _fresh(digests: Sequence[str]) -> list[int]:
    """The places of those that no task has yet, and of equal ones the first. One statement."""
    seen = set(db.session.scalars(_HERE, {"digests": list(digests)}))
    fresh = []
    for place, digest in enumerate(digests):
        if digest not in seen:
            seen.add(digest)
            fresh.append(place)
    return fresh


def _annotations(
    record: TaskImport, config: LabelConfig, task_id: int, row: Row, told: list[tuple[int, str, bool]]
) -> Iterator[dict[str, Any]]:
    """What a row brings along, as rows of our own; what does not fit the configuration is left out and told."""
    if not record.with_annotations:
        return
    for place, given in enumerate(row.annotations, 1):
        skipped = given.get("was_cancelled") is True
        result = tidy_result(config, given.get("result", []), row.data)
        if wrong := check_result(config, result, row.data, complete=False):
            told.append((row.line, f"Annotation {place} is left out: {wrong[0]}", False))
            continue
        at = _moment(given.get("created_at"))
        yield {
            "organization_id": current_organization_id(),
            "labelling_id": record.labelling_id,
            "task_id": task_id,
            "member_id": record.created_by_id,
            "result": result,
            "was_cancelled": skipped,
            "ground_truth": given.get("ground_truth") is True,
            "lead_time_seconds": _seconds(given),
            "config_version": record.labelling.config_version,
            "import_id": record.id,
            "created_at": at,
            "updated_at": at,
        }


def _seconds(given: Mapping[str, Any]) -> float:
    """How long an annotation took; never more than a day."""
    said = given.get("lead_time")
    number = float(said) if isinstance(said, int | float) and not isinstance(said, bool) and abs(said) < 1e9 else 0.0
    return min(max(number, 0.0), 86_400.0)


def _moment(said: Any) -> datetime:
    """When an annotation was made, if it says so and that was before now."""
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        found = None
    here = now()
    if found is None or found.tzinfo is None or found.year < 2000 or found > here:
        return here
    return found


def _still_allowed(record: TaskImport) -> bool:
    """Whether the importer is a member who sees the labelling and may import into it."""
    member = record.created_by
    if member.left_at is not None or not access.may(member, P.IMPORT):
        return False
    seen = select(Labelling.id).where(visible_to(member), Labelling.id == record.labelling_id)
    return db.session.scalar(seen) is not None


def _locked(import_id: int) -> TaskImport | None:
    """The import as it is now, held until the transaction ends, with its importer and its labelling."""
    wanted: Any = select(TaskImport).where(TaskImport.id == import_id)
    wanted = wanted.options(
        joinedload(TaskImport.created_by), joinedload(TaskImport.labelling).joinedload(Labelling.project)
    )
    return db.session.scalar(wanted.with_for_update(of=TaskImport), execution_options={"populate_existing": True})


@job
def work_on_export(export_id: int) -> None:
    """Write an export. Does nothing when it is made, or while another worker writes it."""
    wanted: Any = select(LabellingExport).where(LabellingExport.id == export_id)
    wanted = wanted.options(
        joinedload(LabellingExport.created_by), joinedload(LabellingExport.labelling).joinedload(Labelling.project)
    )
    held = wanted.with_for_update(of=LabellingExport, skip_locked=True)
    record = db.session.scalar(held, execution_options={"populate_existing": True})
    if record is None or not record.is_working:
        return
    if record.attempts >= ATTEMPTS:
        exports.fail_export(record, "Something breaks on our side. It was recorded.")
        return
    record.attempts += 1
    wake(resume_export, export_id, at=now() + exports.PATIENCE)
    db.session.commit()
    record = db.session.scalar(held, execution_options={"populate_existing": True})
    if record is not None and record.is_working:
        exports.write_export(record)


@alarm
def resume_export(export_id: int) -> None:
    """Rings when nothing was heard of an export: its worker died, or it is slow and still at work."""
    wake(resume_export, export_id, at=now() + exports.PATIENCE)
    work_on_export(export_id)


@alarm
def forget_export(export_id: int) -> None:
    """Rings when an export expires."""
    record = db.session.scalar(select(LabellingExport).where(LabellingExport.id == export_id))
    if record is not None:
        exports.forget_exports([record])
