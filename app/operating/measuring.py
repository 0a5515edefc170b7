"""What the process counts as it works: requests, statements, memory, connections. Some additions a request, no SQL.

With `PROMETHEUS_MULTIPROC_DIR` (gunicorn's settings in `app.cli.web` name a folder) each process counts in a file of
its own and any of them answers for all. Names of endpoints are few; nothing is counted by person or organization.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from flask import Flask, Response, g, request
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import event

from app.kernel.database import db

REQUESTS = Counter("trestle_requests", "Requests answered", ("endpoint", "method", "status"))
SECONDS = Histogram(
    "trestle_request_seconds",
    "How long answers took, by room",
    ("room",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
STATEMENTS = Counter("trestle_sql_statements", "Statements sent to the database by web processes")
CONNECTIONS = Gauge("trestle_db_connections_in_use", "Connections in use", multiprocess_mode="livesum")
MEMORY = Gauge("trestle_resident_bytes", "Memory of the web processes", multiprocess_mode="livesum")

_METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
#: Seconds between two looks at our own memory.
_EVERY = 10.0
_looked = 0.0


def init_app(app: Flask) -> None:
    @app.after_request
    def count(response: Response) -> Response:
        global _looked
        known = request.endpoint or "none"
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(known, method, str(response.status_code)).inc()
        at = time.perf_counter()
        SECONDS.labels(known.partition(".")[0]).observe(at - g.get("began", at))
        if at - _looked > _EVERY:
            _looked = at
            MEMORY.set(resident_bytes())
            CONNECTIONS.set(_in_use())
        return response

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", _count_statement)


def _count_statement(*statement: object) -> None:
    STATEMENTS.inc()


def _in_use() -> int:
    pool = db.engine.pool
    return int(getattr(pool, "checkedout", lambda: 0)())


def resident_bytes() -> int:
    """What this process takes of memory; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
