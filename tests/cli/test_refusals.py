"""What an operator gets wrong is told in one sentence, with exit code 1, before anything runs."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import psycopg
import pytest

from app.adapters.embedded import embedded_servers
from app.adapters.embedded.addresses import database_address, libpq_address, redis_address
from config import Config, ConfigurationError
from tests.cli.conftest import Installation


def refusal(installation: Installation, **settings: str) -> str:
    """The one sentence that `run` ends with."""
    done = installation.call("run", **settings)
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert installation.quiet()
    return done.stderr.strip()


def test_a_port_in_use(ours: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", ours.port))
        other.listen()
        assert f"Port {ours.port} on 127.0.0.1 is in use by another program" in refusal(ours)
    assert not (ours.instance / "postgres").exists()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORT": "http"}, "PORT must be a number from 1 to 65535, not 'http'."),
        ({"HOST": "no.such.host.invalid"}, "HOST 'no.such.host.invalid' is not the name or address of a machine."),
        ({"HOST": "192.0.2.1"}, "HOST 192.0.2.1 is not an address of this machine."),
        ({"WEB_PROCESSES": "many"}, "WEB_PROCESSES must be a whole number, at least 1, not 'many'."),
        ({"DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL must begin with postgresql://"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must begin with redis://"),
        ({"DATABASE_URL": "postgresql://x:secret@127.0.0.1:1/x"}, "The database in DATABASE_URL cannot be used:"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "The server in REDIS_URL cannot be used:"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_setting_that_cannot_be_used(ours: Installation, settings: dict[str, str], sentence: str) -> None:
    said = refusal(ours, **settings)
    assert sentence in said
    assert "secret" not in said


def test_a_wrong_password(ours: Installation, tmp_path: Path) -> None:
    elsewhere = Config(instance=tmp_path / "other", secret="x", database_url=None, redis_url=None)
    with embedded_servers(elsewhere, durable=False) as servers:
        owner = servers.database_url
        with psycopg.connect(libpq_address(owner)[0], autocommit=True) as connection:
            connection.execute("create role someone login password 'right'")
            (tmp_path / "other/postgres/data/pg_hba.conf").write_text("local all all scram-sha-256\n")
            connection.execute("select pg_reload_conf()")
        said = refusal(ours, DATABASE_URL=owner.replace("trestle@", "someone:wrong@"))
    assert said.startswith("The database in DATABASE_URL cannot be used:")
    assert 'password authentication failed for user "someone"' in said


def test_a_folder_that_cannot_be_made(ours: Installation, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refusal(ours, TRESTLE_INSTANCE=str(tmp_path / "file" / "instance"))
    assert "is a file" in refusal(ours, TRESTLE_INSTANCE=str(tmp_path / "file"))


def test_a_folder_that_may_not_be_written(theirs: Installation) -> None:
    theirs.instance.chmod(0o500)
    assert "cannot be written: Permission denied" in refusal(theirs)
    theirs.instance.chmod(0o700)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder that belongs to someone else")
def test_a_folder_of_someone_else(ours: Installation, theirs: Installation) -> None:
    ours.instance = theirs.instance
    assert "belongs to another user" in refusal(ours)
    assert list(theirs.instance.iterdir()) == []


def test_addresses_get_our_driver() -> None:
    for given in ("postgres://a:b@c/d?x=1", "postgresql://a:b@c/d?x=1", "postgresql+psycopg://a:b@c/d?x=1"):
        assert database_address(given) == "postgresql+psycopg://a:b@c/d?x=1"
    assert libpq_address("postgresql+psycopg://a:b%40@c:1/d?x=1") == ("postgresql://a@c:1/d?x=1", "b@")
    assert redis_address("unix:///tmp/x.sock") == "unix:///tmp/x.sock"
    with pytest.raises(ConfigurationError, match="names no database"):
        database_address("postgresql://a:b@c")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        database_address("postgresql://a:b@c:port/d")
