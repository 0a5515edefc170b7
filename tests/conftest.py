"""The ground of all tests: real servers started once a run, a database cloned from a migrated template for each worker.

Tests commit for real and the database is emptied after each, so requests, jobs, threads and browsers all see the same.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.kernel.database import db, driver_url
from config import Config
from tests.chromium import address, browser  # noqa: F401 - fixtures
from tests.world import Person, World, build_world

_run = ExitStack()
TEMPLATE = "trestle_template"


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers in the process that leads the run; workers find them in the environment."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    from app.adapters.embedded import embedded_servers
    from app.kernel.migrate import upgrade

    folder = Path(_run.enter_context(tempfile.TemporaryDirectory(prefix="trestle-test-", ignore_cleanup_errors=True)))
    settings = replace(Config(secret="s" * 40), instance=folder / "instance", testing=True)
    servers = _run.enter_context(embedded_servers(settings, durable=False))
    os.environ.update(servers.environment(), TRESTLE_SECRET=settings.secret, TRESTLE_TEST_FOLDER=str(folder))
    owner = driver_url(servers.database_url)
    with sa.create_engine(owner, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {TEMPLATE}")
    upgrade(replace(settings, database_url=owner.set(database=TEMPLATE).render_as_string(hide_password=False)))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _run.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what passed only at the second try (decision 9): each is a defect of the test, or a race in the program."""
    again = sorted({report.nodeid for report in terminalreporter.stats.get("rerun", ())})
    if again:
        terminalreporter.section("failed at first, run again: to be mended")
        terminalreporter.line("\n".join(again))


@pytest.fixture(scope="session")
def settings(worker_id: str) -> Config:
    """The configuration of this worker: its own database, Redis number and instance folder."""
    owner = driver_url(os.environ["DATABASE_URL"])
    name = f"trestle_test_{worker_id}"
    with sa.create_engine(owner, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    number = 1 + (int(worker_id[2:]) if worker_id.startswith("gw") else 0)
    redis = os.environ["REDIS_URL"]
    return Config(
        instance=Path(os.environ["TRESTLE_TEST_FOLDER"]) / worker_id,
        database_url=owner.set(database=name).render_as_string(hide_password=False),
        redis_url=f"{redis}?db={number}" if redis.startswith("unix:") else f"{redis.rstrip('/')}/{number}",
        secret=os.environ["TRESTLE_SECRET"],
        base_url="http://trestle.test",
        smtp_url=None,
        testing=True,
    )


@pytest.fixture(scope="session")
def app(settings: Config) -> Flask:
    from app import create_app
    from app.kernel import jobs

    settings.instance.mkdir(parents=True, exist_ok=True)
    made = create_app(settings)
    jobs.serve_with(made)
    return made


@pytest.fixture(scope="session")
def owner(settings: Config) -> sa.Engine:
    """The database as its owner: past every policy."""
    return sa.create_engine(settings.database_url or "")


@pytest.fixture
def scheduler(app: Flask) -> Iterator[sa.Engine]:
    """The database as the scheduler's role sees it: `timers.tick(scheduler)` is one look."""
    engine = sa.create_engine(app.config["SCHEDULER_DATABASE_URL"])
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """An application context around each test that uses the application, and an empty database after it."""
    if "app" not in request.fixturenames:
        yield
        return
    app: Flask = request.getfixturevalue("app")
    owner: sa.Engine = request.getfixturevalue("owner")
    with app.app_context():
        yield
        db.session.remove()
    empty(app, owner)


def empty(app: Flask, owner: sa.Engine) -> None:
    """Leave nothing of a test behind: rows, Redis, and what the process remembers."""
    _empty(owner)
    app.extensions["redis"].flushdb()
    _forget()


def _empty(owner: sa.Engine) -> None:
    tables = ", ".join(table.name for table in db.metadata.sorted_tables)
    with owner.begin() as connection:
        if connection.exec_driver_sql("SELECT usesuper FROM pg_user WHERE usename = current_user").scalar():
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql(";".join(f'DELETE FROM "{t.name}"' for t in db.metadata.sorted_tables))
        else:
            connection.exec_driver_sql(f"TRUNCATE {tables} CASCADE")


def _forget() -> None:
    from app.organizations.queries import entering

    entering._slugs.clear()


@pytest.fixture
def world(app: Flask) -> World:
    """Two organizations and the cast. See tests.world."""
    return build_world(app)


def _person(name: str) -> object:
    def fixture(world: World) -> Person:
        return world.cast[name]

    fixture.__doc__ = f"{name.capitalize()}, signed in."
    return pytest.fixture(name=name)(fixture)


alice, bob, anna, nora = _person("alice"), _person("bob"), _person("anna"), _person("nora")
vic, olaf, carol, mallory = _person("vic"), _person("olaf"), _person("carol"), _person("mallory")


@pytest.fixture
def cast(world: World) -> dict[str, Person]:
    return world.cast


@pytest.fixture
def inside(world: World) -> Iterator[World]:
    """The test itself works inside the organization `acme`, through the application's own role."""
    from app.kernel.tenancy import enter

    enter(world.organization_id)
    yield world
    db.session.rollback()


@pytest.fixture
def work(app: Flask) -> object:
    """`work()` performs every job that waits, in this process, until none is left."""
    from rq import SimpleWorker

    from app.kernel import jobs

    def run() -> None:
        with app.app_context():
            queue = jobs.queue()
            worker = SimpleWorker([queue], connection=jobs.redis(), serializer=queue.serializer)
            worker.work(burst=True, logging_level="ERROR")

    return run


@contextmanager
def _counting(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith("SET LOCAL"):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def statements(app: Flask) -> object:
    """`with statements() as seen:` collects the SQL that the application sends; settings of the tenant not counted."""
    return lambda: _counting(app)
