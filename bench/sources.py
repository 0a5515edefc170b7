"""1,000,000 rows of CSV into a source, by the program's own upload and job, in a real worker; then asked.

Memory is the largest process of the worker's family, read twice a second: flat means that the last quarter of the rows
needs no more than the first to be checked. DuckDB's own process, which makes the table at the end, is told apart.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from typing import IO

import duckdb
import sqlalchemy as sa

from app.adapters import files
from app.dashboards.answers import Aggregate, Ask, Bucket, Dimension, Measure, answer
from app.dashboards.cells import Cells
from app.dashboards.charts import Chart, Kind
from app.dashboards.commands.sources import create_source, load_file
from app.dashboards.drawing import draw
from app.dashboards.models import SourceFile
from app.dashboards.models.sources import Stage
from app.dashboards.statements import statement_of
from app.dashboards.tables import table_of
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.tenancy import enter
from app.organizations.models import Member
from bench.figures import Figure, in_turns
from bench.ground import Ground
from bench.processes import family, memory
from bench.webs import web

ROWS = 1_000_000
#: Seconds without progress after which we give up.
_PATIENCE = 120
#: What anybody would write to ask a file: a script of its own.
_BARE = (
    "import duckdb, json, sys; t = json.load(sys.stdin);"
    "duckdb.connect(t['file'], read_only=True).execute(t['sql'], t['values']).fetchall()"
)


def measure(ground: Ground) -> Iterator[Figure]:
    ground.forget_owed()
    with ground.app.app_context():
        enter(ground.stock.organization_id)
        owner = db.session.scalars(sa.select(Member).order_by(Member.id).limit(1)).one()
        with tempfile.TemporaryFile() as file:
            _write(file)
            upload = create_source("Readings", file, "readings.csv", by=owner)
        db.session.commit()
        with web(ground, processes=1, worker=True) as server:
            load_file(upload, [Cells.from_json(column) for column in upload.columns], "UTC", by=owner)
            db.session.commit()
            seconds, peaks = _watch(upload, server.others[0])
        ask = Ask(
            source=upload.source_id,
            measures=(Measure(Aggregate.SUM, "Value"), Measure(Aggregate.MEDIAN, "Value")),
            dimensions=(Dimension("Day", Bucket.MONTH), Dimension("Place")),
        )
        asked = [answer(ask, member=owner, fresh=True).seconds for _ in range(5)]
        times = _beside_bare(ask, upload, owner)
        db.session.remove()
    yield Figure(f"source of {ROWS:,} rows: memory, last quarter ÷ first", max(peaks[3]) / max(peaks[0]), "×", 1.1)
    yield Figure("  largest process while rows are checked", max(map(max, peaks[:4])), "MB")
    yield Figure("  DuckDB, making the table", max(peaks[4]), "MB")
    yield Figure("  rows a second", ROWS / seconds, "")
    yield Figure("  sum and median by month and place, in a process of its own", sorted(asked)[2] * 1000, "ms")
    drawing = times["drawing"]
    yield Figure(
        "chart question ÷ (bare DuckDB in a process of its own + drawing)",
        (times["answer"] + drawing) / (times["process"] + drawing),
        "×",
        1.3,
    )
    yield Figure(
        "  ÷ (bare DuckDB in this process + drawing)", (times["answer"] + drawing) / (times["here"] + drawing), "×"
    )
    yield Figure("  the question; its drawing", times["answer"], "ms")


def _beside_bare(ask: Ask, upload: SourceFile, member: Member) -> dict[str, float]:
    """The same question to the same file: as the program asks it; as a bare script does, here and in a process."""
    table = table_of(ask, member)
    statement = statement_of(ask, table, zone="UTC", today=now().date())
    assert table.source is not None
    assert table.source.data_file is not None
    task = {"file": str(files.place_of(table.source.data_file)), "sql": statement.sql, "values": statement.values}
    found = answer(ask, member=member, fresh=True)
    shades = cycle(range(10_000))
    return in_turns(
        {
            "answer": lambda: answer(ask, member=member, fresh=True),
            "process": lambda: subprocess.run(
                [sys.executable, "-c", _BARE], input=json.dumps(task).encode(), check=True
            ),
            "here": lambda: (
                duckdb.connect(task["file"], read_only=True).execute(task["sql"], task["values"]).fetchall()
            ),
            # Another title each time, so that no drawing is had from the kept ones.
            "drawing": lambda: draw(f"Readings {next(shades)}", found, ask, Chart(Kind.LINE)),
        },
        rounds=8,
        warm=2,
    )


def _watch(upload: SourceFile, worker: int) -> tuple[float, list[list[float]]]:
    """Seconds until the rows are there, and the largest RSS (MB) seen in each quarter of them, and after."""
    began = heard = time.monotonic()
    done, peaks = 0, [[0.0], [0.0], [0.0], [0.0], [0.0]]
    while True:
        time.sleep(0.5)
        db.session.rollback()
        db.session.refresh(upload)
        assert upload.stage in (Stage.LOADING, Stage.DONE), upload.error
        largest = max(memory([pid])[1] for pid in family(worker))
        peaks[4 * upload.rows_done // ROWS].append(largest)
        if upload.stage is Stage.DONE:
            return time.monotonic() - began, peaks
        if upload.rows_done != done:
            done, heard = upload.rows_done, time.monotonic()
        assert time.monotonic() - heard < _PATIENCE, f"no progress after row {done:,}"


def _write(file: IO[bytes]) -> None:
    file.write(b"Day,At,Place,Sensor,Value,Good\n")
    for row in range(ROWS):
        day = f"202{4 + row % 3}-{1 + row % 12:02d}-{1 + row % 28:02d}"
        line = f"{day},{day}T{row % 24:02d}:15:00Z,Place {row % 40},s-{row % 5000},{row % 977 / 7:.3f},{row % 3 > 0}\n"
        file.write(line.encode())
    file.seek(0)
