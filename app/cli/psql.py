"""`make psql`: PostgreSQL's own client, as the database's owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from app.adapters.embedded import binary, embedded_servers
from app.adapters.embedded.addresses import libpq_address
from app.cli.settings import configuration


def psql(arguments: list[str]) -> int:
    """Open the database, beside a running server or alone. In a script the first error ends it."""
    with embedded_servers(configuration()) as servers:
        address, password = libpq_address(servers.database_url)
        argv = [binary("psql"), "--dbname", address]
        if not sys.stdin.isatty():
            argv += ["--no-psqlrc", "--set", "ON_ERROR_STOP=1"]
        given = dict(os.environ) | ({"PGPASSWORD": password} if password else {})
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is psql's: it ends a query, not us
        try:
            return subprocess.call(  # noqa: S603
                [*argv, *arguments], env=given, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
            )
        finally:
            signal.signal(signal.SIGINT, before)
