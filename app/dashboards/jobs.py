"""The long work of a file: its rows are checked part by part, then DuckDB makes a table of them.

Checked rows are appended as plain text to a file of ours; `rows_done` and `clean_bytes` are committed with each part,
and what was written past them is cut off when a worker takes the file up. So a worker that is killed loses one part at
most, and a file of any length needs no more memory than one part of it.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from app.adapters import duck, files
from app.adapters.tables.reading import Record, records
from app.dashboards.cells import Cells, Unfit, reader_of
from app.dashboards.commands.sources import (
    PATIENCE,
    advance_file,
    fail_file,
    finish_file,
    forget_files,
    lock_file,
)
from app.dashboards.models import SourceFile
from app.dashboards.models.sources import Stage
from app.dashboards.policies import P
from app.dashboards.statements import STORED
from app.kernel import access
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.jobs import ask, job
from app.kernel.timers import alarm, wake

#: Rows of one part, and rows a table may have.
PART = 5000
ROWS_MOST = 5_000_000
#: Seconds after which a job makes room for others and asks for its own continuation.
SLICE = 15.0
#: Starts without a finished part after which we give up.
ATTEMPTS = 4
_VALUE_SHOWN = 200


class _Part(NamedTuple):
    """Some rows as text for DuckDB, and what is wrong with those that are left out."""

    text: bytes
    problems: list[dict[str, Any]]


@job
def load_source(file_id: int) -> None:
    """Check rows for a while, and make the table after the last. Does nothing when loading was stopped meanwhile."""
    upload = _take_up(file_id)
    if upload is None:
        return
    until = time.monotonic() + SLICE
    cursor: int | None = upload.rows_done
    try:
        with files.open_file(upload.file or "") as file, _clean(upload) as target:
            rows = islice(records(file, upload.encoding, upload.delimiter), 1 + upload.rows_done, None)
            while cursor is not None:
                cursor = _advance(file_id, cursor, list(islice(rows, PART)), file, target)
                if time.monotonic() > until:
                    break
    except FileNotFoundError:
        _give_up(file_id, "The uploaded file is no longer there. Upload it again.")
    except Invalid as error:
        _give_up(file_id, str(error))
    else:
        if cursor is not None:
            ask(load_source, file_id, key=f"{file_id}-{cursor}")


def load_at_once(upload: SourceFile) -> None:
    """Check all rows and make the table in this transaction, for small files of our own."""
    with files.open_file(upload.file or "") as file, _clean(upload) as target:
        rows = islice(records(file, upload.encoding, upload.delimiter), 1, None)
        while upload.stage is Stage.LOADING:
            _do(upload, list(islice(rows, PART)), file, target)


@alarm
def resume_source(file_id: int) -> None:
    """Rings when nothing was heard of a file that is being loaded: its worker died."""
    load_source(file_id)


@alarm
def forget_source_file(file_id: int) -> None:
    """Rings when a file is loaded, or when nobody has loaded it for a week."""
    upload = lock_file(file_id)
    if upload is not None and upload.stage is not Stage.LOADING:
        forget_files(upload)


@alarm
def forget_rows(_: int | None, name: str) -> None:
    """Rings an hour after rows were replaced."""
    files.delete(name)


def _take_up(file_id: int) -> SourceFile | None:
    """Count this start, in a transaction of its own, so that a file which kills its worker is given up."""
    upload = lock_file(file_id)
    if upload is None or upload.stage is not Stage.LOADING:
        return None
    if upload.attempts >= ATTEMPTS:
        fail_file(upload, f"Something breaks on our side after row {upload.rows_done:,}. It was recorded.")
        return None
    if not _is_still_allowed(upload):
        return None
    upload.attempts += 1
    wake(resume_source, file_id, at=now() + PATIENCE)
    db.session.commit()
    return upload


def _is_still_allowed(upload: SourceFile) -> bool:
    """Whether who brings it in still may; else it has failed, and says so."""
    allowed = upload.created_by.left_at is None and access.may(upload.created_by, P.EDIT_SOURCES)
    if not allowed:
        fail_file(upload, f"{upload.created_by.name} may not bring data in any more.")
    return allowed


@contextmanager
def _clean(upload: SourceFile) -> Any:
    """The checked rows, cut where they are certain."""
    place = files.place_of(upload.clean_file or "")
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("r+b" if upload.rows_done else "wb") as target:
        place.chmod(0o600)
        target.truncate(upload.clean_bytes)
        target.seek(upload.clean_bytes)
        yield target


def _advance(file_id: int, cursor: int, rows: Sequence[Record], file: BinaryIO, target: BinaryIO) -> int | None:
    """One part, committed. Returns the cursor after it; None when there is nothing left to do here."""
    upload = lock_file(file_id)
    if upload is None or upload.stage is not Stage.LOADING or upload.rows_done != cursor:
        db.session.rollback()
        return None
    if _is_still_allowed(upload):
        _do(upload, rows, file, target)
    db.session.commit()
    going_on = upload.stage is Stage.LOADING
    cursor = upload.rows_done
    db.session.expunge_all()  # memory stays flat, however long the file is
    return cursor if going_on else None


def _do(upload: SourceFile, rows: Sequence[Record], file: BinaryIO, target: BinaryIO) -> None:
    """Check these rows; when there are none left, make the table."""
    if upload.rows_done + len(rows) > ROWS_MOST:
        fail_file(upload, f"The file has more than {ROWS_MOST:,} rows. Load a part of it, or leave older rows out.")
    elif rows:
        part = _check(upload, rows)
        target.write(part.text)
        target.flush()
        advance_file(
            upload,
            rows=len(rows),
            read=min(file.tell(), upload.size_bytes),
            clean=target.tell(),
            problems=part.problems,
            refused=len(part.problems),
        )
    else:
        _make_table(upload)


def _check(upload: SourceFile, rows: Sequence[Record]) -> _Part:
    columns = [Cells.from_json(column) for column in upload.columns]
    readers = [
        (place, column.name, reader_of(column, upload.timezone)) for place, column in enumerate(columns) if column.kept
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    problems: list[dict[str, Any]] = []
    for row in rows:
        if problem := row.problem or _too_wide(row, len(columns)):
            problems.append({"line": row.line, "column": "", "value": "", "why": problem})
            continue
        given = row.cells + [""] * (len(columns) - len(row.cells))
        cells = ["1"]
        try:
            cells.extend(read(given[place]) for place, _, read in readers)
        except Unfit as error:
            place, name, _ = readers[len(cells) - 1]
            problems.append({"line": row.line, "column": name, "value": _shown(given[place]), "why": str(error)})
            continue
        writer.writerow(cells)
    return _Part(out.getvalue().encode(), problems)


def _too_wide(row: Record, width: int) -> str | None:
    if len(row.cells) <= width or not any(cell.strip() for cell in row.cells[width:]):
        return None
    return (
        f"The row has {len(row.cells)} cells, but only {width} columns have a name. A cell that holds the delimiter"
        " needs quotes around it."
    )


def _shown(cell: str) -> str:
    line = " ".join("".join(mark for mark in cell[:1000] if mark.isprintable() or mark.isspace()).split())
    return line if len(line) <= _VALUE_SHOWN else f"{line[: _VALUE_SHOWN - 1]}…"


def _make_table(upload: SourceFile) -> None:
    """All rows are checked: DuckDB reads them into a file of its own. The lock is held meanwhile."""
    if upload.rows_done == upload.rows_refused:
        fail_file(upload, "No row could be read as its columns say. Look at the problems and change the columns.")
        return
    name = files.reserve()
    columns = [(column["key"], STORED[column["type"]]) for column in upload.columns if column["kept"]]
    try:
        rows = duck.load(files.place_of(upload.clean_file or ""), files.place_of(name), columns)
    except duck.DuckFailed as error:
        fail_file(upload, f"The rows could not be made a table: {error}")
        return
    finish_file(upload, name, rows, files.place_of(name).stat().st_size)


def _give_up(file_id: int, why: str) -> None:
    db.session.rollback()
    upload = lock_file(file_id)
    if upload is not None and upload.stage is Stage.LOADING:
        fail_file(upload, why)
