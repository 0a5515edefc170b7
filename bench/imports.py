"""100,000 issues out of a CSV file, by the program's own upload, dry run and job, in a real worker.

The file has titles, descriptions, states, priorities, labels and dates. Memory is the largest process of the worker's
family (each slice of the work is a process of its own), read twice a second: flat means that the last quarter of the
rows needs no more than the first. Rows a second are of the import itself, without the dry run.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import sqlalchemy as sa

from app.exchange.commands import map_imports, start_imports, upload_import
from app.exchange.mapping import Mapping
from app.exchange.models import Import, Status
from app.kernel.database import db
from app.kernel.tenancy import enter
from app.organizations.models import Member
from app.projects.commands.projects import create_project
from bench.figures import Figure
from bench.ground import Ground
from bench.processes import family, memory
from bench.webs import web

ROWS = 100_000
#: Seconds without progress after which we give up.
_PATIENCE = 120


def measure(ground: Ground) -> Iterator[Figure]:
    ground.forget_owed()
    with ground.app.app_context():
        enter(ground.stock.organization_id)
        owner = db.session.scalars(sa.select(Member).order_by(Member.id).limit(1)).one()
        project = create_project("Brought along", "IMPORT", by=owner)
        record = upload_import(project, io.BytesIO(_file().encode()), "issues.csv", by=owner)
        db.session.commit()
        map_imports([record], Mapping.from_json(record.mapping), by=owner)
        db.session.commit()
        with web(ground, processes=1, worker=True) as server:
            worker = server.others[0]
            checking, _ = _watch(record, Status.CHECKED, worker)
            start_imports([record], by=owner)
            db.session.commit()
            importing, peaks = _watch(record, Status.DONE, worker)
        db.session.remove()
    yield Figure(f"import of {ROWS:,} rows: memory, last quarter ÷ first", max(peaks[3]) / max(peaks[0]), "×", 1.1)
    yield Figure("  largest process", max(map(max, peaks)), "MB")
    yield Figure("  rows a second", ROWS / importing, "")
    yield Figure("  rows a second in the dry run", ROWS / checking, "")


def _watch(record: Import, wanted: Status, worker: int) -> tuple[float, list[list[float]]]:
    """Seconds until the import is there, and the largest RSS (MB) as it was seen in each quarter of the rows."""
    began = heard = time.monotonic()
    done, peaks = 0, [[0.0], [0.0], [0.0], [0.0]]
    while True:
        time.sleep(0.5)
        db.session.rollback()
        db.session.refresh(record)
        assert record.status not in (Status.FAILED, Status.CANCELLED, Status.MAPPING), record.error
        largest = max(memory([pid])[1] for pid in family(worker))
        peaks[min(3, 4 * record.rows_done // ROWS)].append(largest)
        if record.status is wanted:
            return time.monotonic() - began, peaks
        if record.rows_done != done:
            done, heard = record.rows_done, time.monotonic()
        assert time.monotonic() - heard < _PATIENCE, f"no progress after row {done:,}"


def _file() -> str:
    states, priorities = ("Backlog", "Todo", "In progress", "Done"), ("low", "medium", "high", "urgent", "none")
    lines = ["Title,Description,Status,Priority,Labels,Due date"]
    lines += [
        f"Thing {row} that somebody wrote down elsewhere,Found in the old system under number {row}. "
        f"Why?,{states[row % 4]},{priorities[row % 5]},{'Bug' if row % 3 else 'Chore'},2031-0{1 + row % 9}-11"
        for row in range(ROWS)
    ]
    return "\n".join(lines)
