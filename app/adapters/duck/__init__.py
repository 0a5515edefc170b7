"""DuckDB, in a sandbox: every query and every load runs in a process of its own, on one table called `t`.

A process that takes too long is killed; one that wants too much memory fails alone. What it may reach stands in
`child.py`. The SQL is ours alone (`dashboards.answering` builds it from an ask); the sandbox holds if it were not.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from app.kernel.errors import Refused

log = structlog.get_logger(__name__)

#: Seconds and megabytes of one query, and of loading one file.
SECONDS, MEGABYTES = 10, 256
LOAD_SECONDS, LOAD_MEGABYTES, FILE_MOST = 300, 384, 4 << 30
#: Queries that this process runs at once; others wait, for as long as a query may take.
_AT_ONCE = threading.BoundedSemaphore(2)

_CHILD = str(Path(__file__).with_name("child.py"))
_SENTENCES = {
    "time": "This takes longer than {seconds} seconds. Ask for less: filter rows, or leave a column out.",
    "memory": "This needs more memory than a question may have. Ask for less: filter rows, or leave a column out.",
    "large": "The answer is too large to show. Ask for fewer rows or columns.",
    "value": "A value does not fit its column's type. Look at the filters.",
    "refused": "This cannot be asked.",
    "broken": "The table cannot be read. Bring its file in again.",
    "busy": "Too many questions are being answered right now. Try again in a moment.",
}


class DuckFailed(Refused):
    """A query had no result. `fault`: time, memory, large, value, refused, broken or busy."""

    def __init__(self, fault: str, seconds: int = SECONDS) -> None:
        super().__init__(_SENTENCES.get(fault, _SENTENCES["broken"]).format(seconds=seconds))
        self.fault = fault


class Rows(NamedTuple):
    """What a query gave, as JSON holds it (days and moments are text), and whether there was more."""

    rows: list[list[Any]]
    more: bool
    seconds: float


def query(
    sql: str,
    values: Sequence[Any],
    *,
    most: int,
    file: Path | None = None,
    rows: Path | None = None,
    columns: Sequence[tuple[str, str]] = (),
    seconds: int = SECONDS,
    megabytes: int = MEGABYTES,
) -> Rows:
    """Run one SELECT on a database file, or on rows of text (`columns`: name and DuckDB type). Raises DuckFailed.

    Rows of text are lines as `csv.writer` makes them, ended by LF, that begin with a 1; an empty cell is NULL.
    """
    task = {"sql": sql, "values": list(values), "most": most, "columns": list(columns)}
    if file:
        task["file"] = str(file)
    if rows:
        task["rows"] = str(rows)
    began = time.monotonic()
    if not _AT_ONCE.acquire(timeout=seconds):
        raise DuckFailed("busy")
    try:
        found = _run(task, seconds=seconds, megabytes=megabytes)
    finally:
        _AT_ONCE.release()
    return Rows(found["rows"], bool(found["more"]), time.monotonic() - began)


def load(rows: Path, target: Path, columns: Sequence[tuple[str, str]]) -> int:
    """Make a database file of rows of text; how many there are. Raises DuckFailed and leaves no file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    task = {"rows": str(rows), "target": str(target), "columns": list(columns), "file_most": FILE_MOST}
    try:
        found = _run(task, seconds=LOAD_SECONDS, megabytes=LOAD_MEGABYTES)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
    target.chmod(0o600)
    return int(found["rows"][0][0])


def _run(task: dict[str, Any], *, seconds: int, megabytes: int) -> dict[str, Any]:
    task |= {"seconds": seconds, "megabytes": megabytes}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
        [sys.executable, "-I", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
        cwd="/",
    )
    try:
        out, _ = process.communicate(json.dumps(task).encode() + b"\n", timeout=seconds)
    except subprocess.TimeoutExpired:
        raise DuckFailed("time", seconds) from None
    finally:
        process.kill()
        process.communicate()
    if not out:
        # Killed by the kernel: out of processor time (SIGXCPU, SIGKILL), or out of address space (any other way).
        fault = "time" if process.returncode in (-24, -9) else "memory"
        log.warning("duck.ended", fault=fault, code=process.returncode)
        raise DuckFailed(fault, seconds)
    found: dict[str, Any] = json.loads(out)
    if "fault" in found:
        log.warning("duck.failed", fault=found["fault"], says=found.get("says"))
        raise DuckFailed(found["fault"], seconds)
    return found
