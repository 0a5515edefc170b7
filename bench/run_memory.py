"""What all of `make run` holds when nobody asks for anything: PSS of the supervisor and everything below it.

Started as people start it, in an instance folder of its own, with the demo organization; read once the parts have been
quiet for a while.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from app.adapters.embedded.process import spawn, stop
from bench.figures import Figure
from bench.ground import Ground
from bench.processes import family, memory, time_taken
from bench.webs import ROOT, free_port

#: Quiet is when all together use less than this share of one core for two seconds. Waited for at most a minute.
_QUIET, _PATIENCE = 0.15, 60


def measure(ground: Ground) -> Iterator[Figure]:
    servers = ("DATABASE_URL", "REDIS_URL", "TRESTLE_EMBEDDED", "TRESTLE_DEMO")
    environment = {name: value for name, value in os.environ.items() if name not in servers}
    with tempfile.TemporaryDirectory(prefix="trestle-idle-", ignore_cleanup_errors=True) as folder:
        environment |= {"TRESTLE_INSTANCE": f"{folder}/instance", "PORT": str(free_port())}
        process = spawn(
            [sys.executable, "-m", "app.cli", "run"],
            output=subprocess.PIPE,
            errors=sys.stderr.fileno(),
            death_signal=signal.SIGTERM,
            environment=environment,
            folder=ROOT,
        )
        began = time.monotonic()
        try:
            assert process.stdout
            said = process.stdout.readline().decode()
            assert "Trestleboard is at" in said, said
            started = time.monotonic() - began
            _wait_until_quiet(process.pid)
            people = family(process.pid)
            pss, _ = memory(people)
        finally:
            stop(process, signal.SIGTERM, seconds=20)
    yield Figure("all of `make run`, idle, PSS", pss, "MB", 500)
    yield Figure("  in processes", len(people), "")
    yield Figure("  from nothing to the first page, with migrations and demo data", started, "s")


def _wait_until_quiet(pid: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    before = time_taken(family(pid))
    while time.monotonic() < deadline:
        time.sleep(2)
        now = time_taken(family(pid))
        if now - before < 2 * _QUIET:
            return
        before = now
