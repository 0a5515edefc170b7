"""Parts of the application as real processes on this test's own database and Redis, and ways to end them badly."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import outbox, timers
from app.kernel.ledger import Activity
from app.kernel.outbox import consumer
from app.kernel.timers import alarm
from config import Config
from tests.faults.work import write_down
from tests.postoffice import folder, office, smtp

__all__ = ["folder", "office", "smtp"]

ROOT = Path(__file__).resolve().parents[2]


def soon(answer: Callable[[], object], *, seconds: float = 20, what: str = "it") -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not answer():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


@pytest.fixture
def start(settings: Config, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """`start("worker", file)` starts a part (tests.faults.part); whatever still runs is killed at the end."""
    started: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {
        "DATABASE_URL": settings.database_url or "",
        "REDIS_URL": settings.redis_url or "",
        "TRESTLE_INSTANCE": str(settings.instance),
        "TRESTLE_SECRET": settings.secret,
        "BASE_URL": settings.base_url,
    }

    def run(*arguments: object, **more: str) -> subprocess.Popen[bytes]:
        with (tmp_path / f"{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.part", *map(str, arguments)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env=environment | more,
                process_group=0,
            )
        started.append(process)
        return process

    yield run
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def well(app: Flask) -> Iterator[None]:
    """In this process the consumer and the alarm `slow` do their work at once."""

    @consumer("slow")
    def consume(activity: Activity) -> None:
        write_down(activity.id, activity.actor_id)

    @alarm
    def slow(subject_id: int) -> None:
        write_down(subject_id, None)

    yield
    del outbox._consumers["slow"], timers._alarms["slow"]
