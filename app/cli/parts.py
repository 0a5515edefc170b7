"""The parts of `run` beside the web server. Each can also be started alone, any number of them, on any machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.adapters.embedded import embedded_servers
from app.cli.settings import configuration

if TYPE_CHECKING:
    from flask import Flask


@contextmanager
def application() -> Iterator[Flask]:
    """The application with its servers: those that run, or the embedded ones for this while."""
    with embedded_servers(configuration()) as servers:
        os.environ.update(servers.environment())
        from app import create_app

        yield create_app()


def worker(arguments: list[str]) -> int:
    """Perform jobs until SIGTERM; `--burst` ends when there are none."""
    from app.kernel.worker import run_worker

    with application() as app:
        run_worker(app, burst="--burst" in arguments)
    return 0


def scheduler(arguments: list[str]) -> int:
    """Wake timers until SIGTERM. Two at once share the work."""
    from app.kernel.timers import run_scheduler

    with application() as app:
        run_scheduler(app)
    return 0
