"""The process that DuckDB runs in: one task from standard input, one answer to standard output, then it ends.

It is started alone (`python -I child.py`), imports nothing of ours, and shuts itself in before DuckDB is there: limits
on memory, processor time and files from the kernel; inside DuckDB no access to files, network, extensions or settings.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from typing import Any

#: Address space beyond DuckDB's own limit, for Python, the library and its maps.
_BESIDE = 1536 << 20
#: Bytes that an answer may have.
_ANSWER_MOST = 16 << 20


def main() -> None:
    task = json.loads(sys.stdin.buffer.readline())
    _shut_in(task)
    import duckdb

    try:
        with contextlib.closing(_connect(duckdb, task)) as connection:
            found = _load(connection) if task.get("target") else _query(duckdb, connection, task)
    except (duckdb.OutOfMemoryException, MemoryError):
        found = {"fault": "memory"}
    except (duckdb.PermissionException, duckdb.InvalidInputException) as error:
        found = {"fault": "refused", "says": str(error)[:500]}
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        found = {"fault": "value", "says": str(error)[:500]}
    except duckdb.Error as error:
        found = {"fault": "broken", "says": str(error)[:500]}
    text = json.dumps(found, default=str)
    if len(text) > _ANSWER_MOST:
        text = json.dumps({"fault": "large"})
    sys.stdout.write(text)
    sys.stdout.flush()
    os._exit(0)  # nothing is left to be closed, and nothing of the library's needs to unwind


def _shut_in(task: dict[str, Any]) -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)  # PR_SET_PDEATHSIG: do not outlive who asked
        space = _BESIDE + (task["megabytes"] << 20)
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
    seconds = task["seconds"] + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    written = task.get("file_most", 0) if task.get("target") else 0
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))


def _connect(duckdb: Any, task: dict[str, Any]) -> Any:
    """A connection that reaches one database file, and the one table of text that was handed over, if any."""
    file = task.get("target") or task.get("file")
    connection = duckdb.connect(
        file or ":memory:",
        read_only=bool(task.get("file")),
        config={
            "threads": "1",
            "memory_limit": f"{task['megabytes']}MB",
            "temp_directory": "",
            "max_temp_directory_size": "0KB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "preserve_insertion_order": "true",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    if task.get("rows"):
        _read(connection, task)  # our own statement, on our own file; from here on no file can be named
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _read(connection: Any, task: dict[str, Any]) -> None:
    """The rows that were handed over, as a table: text of a shape that we wrote ourselves.

    Every line begins with a 1, so that none is empty; that column goes where there are others.
    """
    kinds = ", ".join(f"'{name}': '{kind}'" for name, kind in [["_", "TINYINT"], *task["columns"]])
    chosen = "* EXCLUDE (_)" if task["columns"] else "*"
    connection.execute(
        f"CREATE TABLE t AS SELECT {chosen} FROM read_csv(?, header=false, auto_detect=false, delim=',', quote='\"',"  # noqa: S608 - ours
        f" escape='\"', nullstr='', new_line='\\n', max_line_size=8388608, parallel=false, columns={{{kinds}}})",
        [task["rows"]],
    )


def _load(connection: Any) -> dict[str, Any]:
    return {"rows": [list(connection.execute("SELECT count(*) FROM t").fetchone())]}


def _query(duckdb: Any, connection: Any, task: dict[str, Any]) -> dict[str, Any]:
    statements = connection.extract_statements(task["sql"])
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        return {"fault": "refused", "says": "not one SELECT"}
    cursor = connection.execute(task["sql"], task["values"])
    rows = cursor.fetchmany(task["most"] + 1)
    return {"rows": [list(row) for row in rows[: task["most"]]], "more": len(rows) > task["most"]}


if __name__ == "__main__":
    main()
