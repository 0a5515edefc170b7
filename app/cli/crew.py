"""The parts of `run`: started together, each started again when it dies, stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from app.adapters.embedded.process import kill_group, open_log, spawn, wait_until

#: Seconds between a death and the next start: the first, and the most; doubled each time.
SOON, LATE = 0.5, 30.0
#: A part that lived this long has recovered, seconds.
HEALTHY = 60
#: How long requests and jobs in hand may take to finish at the end, seconds.
GRACE = 8


@dataclass
class Part:
    """A command that runs for as long as we do. `death_signal` is what it gets if we are killed."""

    name: str
    argv: list[str]
    death_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = SOON
    #: When to start it again; None while it runs.
    due: float | None = None

    @property
    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None


class Crew:
    """All parts. Entering starts them; leaving stops them."""

    def __init__(self, parts: list[Part], *, logs: Path, environment: dict[str, str], folder: Path) -> None:
        self._parts, self._logs, self._environment, self._folder = parts, logs, environment, folder

    def __enter__(self) -> Crew:
        for part in self._parts:
            self._start(part)
        return self

    def __exit__(self, *failure: object) -> None:
        running = [part.process for part in self._parts if part.process is not None]
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        wait_until(lambda: all(process.poll() is not None for process in running), seconds=GRACE)
        self.kill()

    def look(self) -> None:
        """Start again what has died, after a pause that grows while it keeps dying, and say so in one line."""
        now = time.monotonic()
        for part in self._parts:
            if part.due is None and part.process is not None and part.died:
                part.delay = SOON if now - part.started > HEALTHY else min(part.delay * 2, LATE)
                part.due = now + part.delay
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(part.process.pid, signal.SIGKILL)  # what it may have left of its own children
                how = _ending(part.process.returncode)
                where = self._logs / f"{part.name}.log"
                print(
                    f"{part.name} {how}; it starts again in {part.delay:g} s (see {where}).",
                    file=sys.stderr,
                    flush=True,
                )
            elif part.due is not None and now >= part.due:
                self._start(part)

    def kill(self) -> None:
        """End all at once, with whatever they started."""
        for part in self._parts:
            if part.process is not None and part.process.returncode is None:
                kill_group(part.process)

    def _start(self, part: Part) -> None:
        with open_log(self._logs, part.name) as log:
            part.process = spawn(
                part.argv,
                output=log,
                death_signal=part.death_signal,
                environment=self._environment,
                folder=self._folder,
            )
        part.started, part.due = time.monotonic(), None


def _ending(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
