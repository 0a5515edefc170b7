"""Commands that bring a database to where the application can start."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from app.adapters.embedded import EmbeddedError, embedded_servers
from app.adapters.embedded.addresses import check_database, check_redis
from app.cli.settings import configuration
from config import Config, ConfigurationError


@contextmanager
def _reachable() -> Iterator[Config]:
    """The configuration with servers that answer; the environment points to them too."""
    with embedded_servers(configuration()) as servers:
        os.environ.update(servers.environment())
        check_database(servers.database_url)
        check_redis(servers.redis_url)
        yield Config()


def migrate(arguments: list[str]) -> int:
    """Bring the database up to date."""
    with _reachable() as config:
        bring_up_to_date(config)
    return 0


def revision(arguments: list[str]) -> int:
    """Write the next migration: what the models have and the database, once up to date, has not."""
    with _reachable() as config:
        bring_up_to_date(config)
        from app.kernel.migrate import create_revision

        print(create_revision(config, " ".join(arguments) or "change"))
    return 0


def demo(arguments: list[str]) -> int:
    """Fill an empty database with the demo organization, and say how to sign in."""
    with _reachable() as config:
        if sign_in := _seed(config):
            print(f"Sign in as {sign_in}.")
    return 0


def reindex(arguments: list[str]) -> int:
    """Write what search knows anew. People can work and search meanwhile."""
    with _reachable() as config:
        from sqlalchemy import select

        from app import create_app
        from app.kernel.database import db
        from app.kernel.doors import Door
        from app.kernel.tenancy import organization
        from app.search.indexing import index_everything

        with create_app(config).app_context():
            everyone = db.session.scalars(select(Door.organization_id).where(Door.kind == "organization")).all()
            for number in everyone:
                with organization(number):
                    index_everything()
                    db.session.commit()
            print(f"{len(everyone)} organizations.")
    return 0


def prepare(arguments: list[str]) -> int:
    """Check, migrate and seed, and tell `run` about it: one line of JSON, `sign_in` or `error`."""
    try:
        with _reachable() as config:
            bring_up_to_date(config)
            print(json.dumps({"sign_in": _seed(config)}), flush=True)
    except (ConfigurationError, EmbeddedError) as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    return 0


def bring_up_to_date(config: Config) -> None:
    """Migrate, and note what has to be done to old rows."""
    import sqlalchemy as sa

    from app.factory import rooms
    from app.kernel.backfills import plan
    from app.kernel.database import driver_url
    from app.kernel.migrate import upgrade

    upgrade(config)
    rooms()
    with sa.create_engine(driver_url(config.database_url or ""), poolclass=sa.NullPool).begin() as connection:
        plan(connection)


def _seed(config: Config) -> str | None:
    """How to sign in to the demo organization (`name, password "…"`), when there is one. TRESTLE_DEMO=no: never."""
    if os.environ.get("TRESTLE_DEMO", "yes").lower() in ("no", "0", "false", "off"):
        return None
    import app.demo

    seed_if_empty = getattr(app.demo, "seed_if_empty", None)
    if seed_if_empty is None:
        return None
    return seed_if_empty(app.create_app(config)) or None
