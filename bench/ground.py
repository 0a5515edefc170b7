"""What benches stand on: servers in a temporary folder, the application, and data to measure on."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.adapters.embedded import Servers, embedded_servers
from app.kernel.database import db
from bench.browser import Browser
from bench.stock import Stock, make_stock
from config import Config


@dataclass(frozen=True)
class Ground:
    config: Config
    servers: Servers
    app: Flask
    #: The database as its owner, past every policy.
    owner: sa.Engine
    stock: Stock
    #: Set in every process we start.
    environment: dict[str, str] = field(repr=False)

    def browser(self, person: int = 0) -> Browser:
        """A person's browser that talks to the application in this process. The first one is the owner."""
        return Browser(self.app, self.stock.tokens[person], self.stock.slug)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collects the SQL that the application sends. The tenant's settings (SET LOCAL) are not among it."""
        seen: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            if not statement.startswith("SET LOCAL"):
                seen.append(statement)

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    def forget_owed(self) -> None:
        """As if the worker had done all that earlier benches left to do."""
        with self.owner.begin() as connection:
            connection.exec_driver_sql("UPDATE activities SET dispatched_at = now() WHERE dispatched_at IS NULL")
        self.app.extensions["redis"].flushdb()


@contextmanager
def ground() -> Iterator[Ground]:
    """Everything up and filled; gone at the end."""
    from app import create_app
    from app.kernel import jobs
    from app.kernel.migrate import upgrade

    with tempfile.TemporaryDirectory(prefix="trestle-bench-", ignore_cleanup_errors=True) as folder:
        environment = os.environ | {"TRESTLE_INSTANCE": f"{folder}/instance", "TRESTLE_DEMO": "no"}
        for name in ("DATABASE_URL", "APP_DATABASE_URL", "REDIS_URL", "TRESTLE_SECRET", "BASE_URL", "SMTP_URL"):
            environment.pop(name, None)
        os.environ.clear()
        os.environ.update(environment)
        config = Config(instance=Path(folder) / "instance")
        with embedded_servers(config, durable=True) as servers:
            os.environ.update(servers.environment())
            config = servers.configured(config)
            upgrade(config)
            app = create_app(config)
            jobs.serve_with(app)
            _log_into(config.instance / "log")
            owner = sa.create_engine(servers.database_url)
            yield Ground(config, servers, app, owner, make_stock(app, owner), dict(os.environ))
            owner.dispose()


def _log_into(folder: Path) -> None:
    """Our own lines are written as ever, only not to the terminal."""
    folder.mkdir(exist_ok=True)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream((folder / "bench.log").open("a"))
