"""`make run`: the embedded servers, one preparation, then web, worker and scheduler until Ctrl-C or SIGTERM.

This process only watches, so it imports neither Flask nor SQLAlchemy. Whatever ends it, also `kill -9`, ends all that
it started: every child has a parent-death signal.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from app.adapters.embedded import EmbeddedError, Servers, embedded_servers
from app.adapters.embedded.process import last_line, open_log, spawn, stop
from app.cli.crew import Crew, Part
from app.cli.listening import answers, check_port, shown_host
from app.cli.settings import configuration
from app.cli.signals import Stopped, StopSignals
from app.kernel.parent import die_with_parent
from config import Config

ROOT = Path(__file__).resolve().parents[2]
#: How long the web server may take until its first answer, seconds.
PATIENCE = 120


class CannotRun(EmbeddedError):
    """A part that the rest needs does not come up, or went away."""


def run(arguments: list[str]) -> int:
    """Serve until told to stop (exit code 0) or until the database is gone (CannotRun).

    `--with-parent` also stops when the process that started us dies: `make` passes it.
    """
    if "--with-parent" in arguments:
        die_with_parent(signal.SIGTERM)
    with StopSignals() as signals:
        try:
            config = configuration()
            check_port(config.host, config.port)
            with embedded_servers(config, attach=False) as servers:
                _serve(config, servers, signals)
        except Stopped:
            return 0
    return 0


def _serve(config: Config, servers: Servers, signals: StopSignals) -> None:
    logs = config.instance / "log"
    environment = os.environ | servers.environment()
    environment |= {"TRESTLE_INSTANCE": str(config.instance), "HOST": config.host, "PORT": str(config.port)}
    sign_in = _prepare(logs, environment)
    command = [sys.executable, "-m", "app.cli"]
    web = Part("web", [sys.executable, "-m", "gunicorn", "--config", "python:app.cli.web", "wsgi:app"], signal.SIGQUIT)
    crew = Crew(
        [web, Part("worker", [*command, "worker"], signal.SIGKILL), Part("scheduler", [*command, "scheduler"])],
        logs=logs,
        environment=environment,
        folder=ROOT,
    )
    with signals.hurrying(crew.kill), crew:
        _wait_for(web, config, servers, crew)
        where = f"Trestleboard is at http://{shown_host(config.host)}:{config.port}"
        print(where + (f" — sign in as {sign_in}" if sign_in else "") + "  (Ctrl-C stops it)", flush=True)
        while True:
            _check_servers(servers, logs)
            crew.look()
            time.sleep(0.25)


def _prepare(logs: Path, environment: dict[str, str]) -> str | None:
    """Check the servers, migrate and seed in one child. How to sign in, or None. Raises CannotRun with its reason."""
    with open_log(logs, "prepare") as log:
        process = spawn(
            [sys.executable, "-m", "app.cli", "prepare"],
            output=subprocess.PIPE,
            errors=log,
            death_signal=signal.SIGTERM,
            environment=environment,
            folder=ROOT,
        )
    try:
        said = process.communicate()[0].decode().strip()
    finally:
        stop(process, signal.SIGTERM, seconds=5)
    try:
        answer = json.loads(said.splitlines()[-1])
        if process.returncode == 0:
            return answer["sign_in"]
        reason = answer["error"]
    except (IndexError, ValueError, KeyError, TypeError):
        where = logs / "prepare.log"
        reason = f"The database could not be prepared: {last_line(where) or process.returncode} (see {where})."
    raise CannotRun(reason)


def _wait_for(web: Part, config: Config, servers: Servers, crew: Crew) -> None:
    """Until the web server answers. Raises CannotRun when it dies instead, with the last line of its log."""
    deadline = time.monotonic() + PATIENCE
    log = config.instance / "log" / "web.log"
    while not answers(config.host, config.port, "/healthz"):
        _check_servers(servers, log.parent)
        if web.died:
            raise CannotRun(f"The web server did not start: {last_line(log, containing='Error')} (see {log}).")
        if time.monotonic() > deadline:
            raise CannotRun(f"The web server did not answer within {PATIENCE} seconds (see {log}).")
        crew.look()
        time.sleep(0.05)


def _check_servers(servers: Servers, logs: Path) -> None:
    """Without the database nothing goes on; Valkey holds nothing that is not in the database, so it starts again."""
    if servers.postgres is not None and servers.postgres.process.poll() is not None:
        reason = last_line(logs / "postgres.log", containing="FATAL:")
        raise CannotRun(f"PostgreSQL stopped, so everything stops: {reason} (see {logs / 'postgres.log'}).")
    if servers.valkey is not None and servers.valkey.process.poll() is not None:
        print(f"Valkey stopped and is started again (see {logs / 'valkey.log'}).", file=sys.stderr, flush=True)
        servers.valkey.restart()
