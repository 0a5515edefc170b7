"""Real web processes, as `make run` starts them, and a plain connection to one."""

from __future__ import annotations

import http.client
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from app.adapters.embedded.process import open_log, spawn, stop, wait_until
from app.cli.listening import answers
from bench.browser import HTMX, Refused
from bench.ground import Ground

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Web:
    port: int
    #: Of gunicorn's first process; those that answer are its children.
    pid: int
    #: Of the worker and the scheduler.
    others: tuple[int, ...] = ()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web(ground: Ground, *, processes: int, worker: bool = False) -> Iterator[Web]:
    """Gunicorn with the program's own settings, and on demand a worker and the scheduler, as `make run` has them."""
    port = free_port()
    environment = ground.environment | {"PORT": str(port), "WEB_PROCESSES": str(processes)}
    command = [sys.executable, "-m", "app.cli"]
    with ExitStack() as running:
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:app.cli.web", "wsgi:app"]
        first = running.enter_context(_process("web", gunicorn, ground, environment))
        others = tuple(
            running.enter_context(_process(name, [*command, name], ground, environment))
            for name in (("worker", "scheduler") if worker else ())
        )
        if not wait_until(lambda: answers("127.0.0.1", port, "/healthz"), seconds=60, every=0.1):
            raise Refused(f"the web process does not answer; see {ground.config.instance / 'log'}")
        time.sleep(0.5)
        yield Web(port, first, others)


@contextmanager
def _process(name: str, argv: list[str], ground: Ground, environment: Mapping[str, str]) -> Iterator[int]:
    with open_log(ground.config.instance / "log", name) as log:
        process = spawn(argv, output=log, death_signal=signal.SIGTERM, environment=environment, folder=ROOT)
    try:
        yield process.pid
    finally:
        stop(process, signal.SIGTERM, seconds=10)


class Connection:
    """One kept connection of somebody who is signed in. Opened anew after a long silence, as browsers do."""

    _KEPT = 10.0

    def __init__(self, port: int, cookie: str, csrf: str = "") -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers, self._csrf = {"Cookie": cookie, "User-Agent": "bench"}, csrf
        self._spoke = 0.0

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._line.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> bytes:
        return self._ask("GET", path, self._headers | dict(headers or {}), None)

    def post(self, path: str, body: bytes) -> bytes:
        """As htmx sends a change."""
        form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return self._ask("POST", path, self._headers | HTMX | form | {"X-CSRFToken": self._csrf}, body)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> bytes:
        if time.monotonic() - self._spoke > self._KEPT:
            self._line.close()
        self._line.request(method, path, body, headers)
        reply = self._line.getresponse()
        whole = reply.read()
        self._spoke = time.monotonic()
        if reply.status >= 400:
            raise Refused(f"{path}: {reply.status} {whole[:200]!r}")
        return whole
