"""Starting, watching and stopping the processes of others: none outlives us, whatever kills us."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from app.kernel.parent import die_with_parent

#: A log that is larger than this when its process starts becomes `<name>.1`, bytes.
LOG_LIMIT = 5_000_000


def spawn(
    argv: Sequence[str],
    *,
    output: IO[bytes] | int,
    errors: IO[bytes] | int = subprocess.STDOUT,
    death_signal: signal.Signals | None,
    given: IO[bytes] | int = subprocess.DEVNULL,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own (a Ctrl-C is for us alone) that gets `death_signal` when we die.

    Call it from the main thread. `death_signal=None` is for a command that arranges that itself (`setpriv`).
    """
    us = os.getpid()

    def before_exec() -> None:
        if death_signal is not None:
            die_with_parent(death_signal, parent=us)

    return subprocess.Popen(  # noqa: S603
        list(argv),
        stdin=given,
        stdout=output,
        stderr=errors,
        env=dict(environment) if environment is not None else None,
        cwd=folder,
        process_group=0,
        preexec_fn=before_exec,
    )


def stop(process: subprocess.Popen[bytes], how: signal.Signals, *, seconds: float) -> None:
    """Ask a process to end, and after `seconds` kill it with its whole group."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started in its group; quiet if they are gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(answer: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Ask until the answer is yes, at most for `seconds`."""
    deadline = time.monotonic() + seconds
    while not answer():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def open_log(folder: Path, name: str) -> IO[bytes]:
    """`folder/name.log` for appending, for our eyes only; begun anew when the last one has grown large."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(folder / f"{name}.log.1")
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def last_line(log: Path, *, containing: str = "") -> str:
    """The last line of a log that contains a word, else its last line, else nothing."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 20_000))
            lines = [line.strip() for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    except OSError:
        return ""
    return next((line for line in reversed(lines) if containing in line), lines[-1] if lines else "")


def left_over(program: str, folder: Path) -> list[int]:
    """Pids of the `program`s that work in `folder`, first the ones that the others came from."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "comm").read_text().strip() == program and (entry / "cwd").readlink() == folder.resolve():
                found[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    return sorted(found, key=lambda pid: found[pid] in found)


def stop_left_over(program: str, folder: Path, how: signal.Signals, *, seconds: float) -> bool:
    """End what an earlier, killed run left behind. False if it still runs after `seconds`."""
    pids = left_over(program, folder)
    if pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pids[0], how)
    return wait_until(lambda: not left_over(program, folder), seconds=seconds if pids else 0)
