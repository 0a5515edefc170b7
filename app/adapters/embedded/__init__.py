"""The embedded PostgreSQL and Valkey: real servers out of two wheels, in the instance folder, without root or network.

    with embedded_servers(config) as servers:
        servers.database_url, servers.redis_url

starts what `config` does not point elsewhere and stops it at the end. When another process of this instance runs them
already (`make run`), it attaches to those and leaves them running. If we are killed, the servers stop by themselves,
and what was committed is there at the next start.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from time import monotonic, sleep

from app.adapters.embedded.account import Account
from app.adapters.embedded.addresses import database_address, redis_address
from app.adapters.embedded.errors import EmbeddedError, FolderUnusable, InstanceInUse, ServerFailed
from app.adapters.embedded.instance import Hold, prepare_folder
from app.adapters.embedded.postgres import Postgres, binary, start_postgres
from app.adapters.embedded.valkey import Valkey, start_valkey
from config import Config

__all__ = [
    "EmbeddedError",
    "FolderUnusable",
    "InstanceInUse",
    "ServerFailed",
    "Servers",
    "binary",
    "embedded_servers",
    "prepare_folder",
]

#: How long an attaching command waits for the holder of the instance to have its servers up, seconds.
PATIENCE = 60


@dataclass(frozen=True)
class Servers:
    """Where the database (as its owner) and Redis are. `postgres` and `valkey` are those that we started."""

    database_url: str
    redis_url: str
    #: The database is the embedded one: it trusts its socket, so every role logs in without a password.
    trusting: bool
    postgres: Postgres | None = None
    valkey: Valkey | None = None

    def environment(self) -> dict[str, str]:
        """What a child process needs to find them."""
        given = {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}
        return given | ({"TRESTLE_EMBEDDED": "1"} if self.trusting else {})

    def configured(self, config: Config) -> Config:
        """The configuration, pointing here."""
        return replace(config, database_url=self.database_url, redis_url=self.redis_url)


@contextmanager
def embedded_servers(config: Config, *, durable: bool = True, attach: bool = True) -> Iterator[Servers]:
    """Run the servers for as long as the block runs; call it from the main thread.

    `durable=False` is for tests: faster, and lost if the machine loses power. `attach=False` refuses with InstanceInUse
    where another process holds the instance. Raises ConfigurationError for an address that cannot be read, and
    EmbeddedError (FolderUnusable, ServerFailed) with a sentence.
    """
    database = database_address(config.database_url) if config.database_url else None
    redis = redis_address(config.redis_url) if config.redis_url else None
    if database and redis:
        yield Servers(database, redis, trusting=os.environ.get("TRESTLE_EMBEDDED") == "1")
        return
    prepare_folder(config.instance)
    hold = Hold(config.instance)
    if not hold.take():
        if not attach:
            raise InstanceInUse(
                f"The instance {config.instance} is in use by {hold.holder()}: stop it first, or set TRESTLE_INSTANCE."
            )
        if (others := _attach(hold, database, redis)) is not None:
            yield others
            return
    with ExitStack() as running:
        running.callback(hold.release)
        postgres, valkey = None, None
        if database is None:
            postgres = start_postgres(config.instance, durable=durable)
            running.callback(postgres.stop)
        if redis is None:
            valkey = start_valkey(config.instance, Account(os.geteuid(), os.getegid()), durable=durable)
            running.callback(valkey.stop)
        running_here = {"database_url": postgres, "redis_url": valkey}
        hold.announce({name: server.url for name, server in running_here.items() if server is not None})
        yield Servers(
            database_url=postgres.url if postgres else database or "",
            redis_url=valkey.url if valkey else redis or "",
            trusting=postgres is not None,
            postgres=postgres,
            valkey=valkey,
        )


def _attach(hold: Hold, database: str | None, redis: str | None) -> Servers | None:
    """The servers that the holder runs, or None when it let go meanwhile and the instance is now ours."""
    deadline = monotonic() + PATIENCE
    while True:
        found = hold.announced()
        if found is not None:
            break
        if hold.take():
            return None
        if monotonic() > deadline:
            raise InstanceInUse(f"The instance is held by {hold.holder()}, whose servers do not come up.")
        sleep(0.05)
    if (database is None and "database_url" not in found) or (redis is None and "redis_url" not in found):
        raise InstanceInUse(
            f"The instance is held by {hold.holder()}, which uses other servers: set DATABASE_URL and REDIS_URL."
        )
    return Servers(database or found["database_url"], redis or found["redis_url"], trusting=database is None)
