"""Real processes on an instance folder of their own, as ourselves and, where we are root, also as another user."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
#: Another user who may still read the checkout and Python where they stand in a private home.
AS_NOBODY = (
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
    "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
)  # fmt: skip


def soon(answer: Callable[[], object], *, seconds: float = 20, what: str = "it") -> None:
    """Wait for something that happens by itself."""
    deadline = time.monotonic() + seconds
    while not answer():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.05)


class Installation:
    """An instance folder and a port, and the commands that are run there."""

    def __init__(self, instance: Path, outputs: Path, prefix: tuple[str, ...] = ()) -> None:
        self.instance, self.outputs, self.prefix = instance, outputs, prefix
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.started: list[subprocess.Popen[str]] = []

    def environment(self, **settings: str) -> dict[str, str]:
        outside = ("DATABASE_URL", "REDIS_URL", "APP_DATABASE_URL", "TRESTLE_EMBEDDED", "HOST", "BASE_URL")
        kept = {name: value for name, value in os.environ.items() if name not in outside}
        ours = {"TRESTLE_INSTANCE": str(self.instance), "PORT": str(self.port), "TRESTLE_DEMO": "no"}
        return kept | ours | {"PYTHONDONTWRITEBYTECODE": "1", "WEB_PROCESSES": "1"} | settings

    def command(self, *arguments: str) -> list[str]:
        return [*self.prefix, sys.executable, "-m", "app.cli", *arguments]

    def call(self, *arguments: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        """A command run to its end."""
        return subprocess.run(
            self.command(*arguments), input=given, env=self.environment(**settings),
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def sql(self, statement: str) -> str:
        """Through `psql`, which attaches or starts the server itself."""
        done = self.call("psql", "--tuples-only", "--no-align", given=statement)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self, argv: list[str] | None = None, **settings: str) -> subprocess.Popen[str]:
        """`run`, in the background."""
        with (self.outputs / f"run-{len(self.started)}").open("w") as output:
            process = subprocess.Popen(
                argv or self.command("run"), env=self.environment(**settings), cwd=ROOT,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, text=True, process_group=0,
            )  # fmt: skip
        self.started.append(process)
        return process

    def said(self) -> str:
        """What the last start printed."""
        return (self.outputs / f"run-{len(self.started) - 1}").read_text()

    def serving(self) -> bool:
        assert self.started[-1].poll() is None, self.said()
        return f"Trestleboard is at http://127.0.0.1:{self.port}" in self.said()

    def run(self, **settings: str) -> subprocess.Popen[str]:
        """`run`, until it says that it is ready."""
        process = self.start(**settings)
        soon(self.serving, seconds=60, what="the start")
        return process

    def processes(self) -> list[int]:
        """Every process of this installation: those told of the instance, and those that work inside of it."""
        told, inside = f"TRESTLE_INSTANCE={self.instance}\0".encode(), str(self.instance)
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if told in (entry / "environ").read_bytes() or str((entry / "cwd").readlink()).startswith(inside):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def quiet(self) -> bool:
        """Nothing of it runs any more (what we started ourselves is collected first)."""
        for process in self.started:
            process.poll()
        return not self.processes()

    def part(self, words: str) -> int:
        """The pid of the process started with these words: the first of them, since its forks bear them too."""
        found: dict[int, int] = {}
        for pid in self.processes():
            with contextlib.suppress(OSError):
                if words in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode():
                    found[pid] = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        return next((pid for pid, parent in found.items() if parent not in found), 0)

    def kill_all(self) -> None:
        """As if the machine had lost power: nobody gets to tidy up, since the supervisor is halted first."""
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGSTOP)
        for pid in sorted(self.processes(), reverse=True):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        soon(self.quiet, what="the end of every process")

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(30)
        self.kill_all()


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Installation]:
    """An installation that runs as whoever runs the tests."""
    installation = Installation(tmp_path / "instance", tmp_path)
    yield installation
    installation.end()


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Installation]:
    """An installation of a user who is not root: `nobody` where we are root, else ourselves."""
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(instance, NOBODY, NOBODY)
    installation = Installation(instance, tmp_path, AS_NOBODY if os.geteuid() == 0 else ())
    yield installation
    installation.end()
