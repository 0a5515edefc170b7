"""The embedded servers alone: they keep their data through every kind of end, in every kind of folder."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis

from app.adapters.embedded import InstanceInUse, embedded_servers
from app.adapters.embedded.addresses import libpq_address
from config import Config
from tests.cli.conftest import ROOT, Installation, soon


def settings(instance: Path) -> Config:
    """Nothing configured elsewhere, whatever the rest of the tests use."""
    return Config(instance=instance, secret="x", database_url=None, redis_url=None)


def sql(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(libpq_address(url)[0]) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize(
    "folder",
    ["instance", 'a folder, 100% Ünïcode & "quoted"/instance', "/".join(["deep"] * 30)],
    ids=["plain", "odd", "deep"],
)
def test_data_is_there_at_the_next_start(tmp_path: Path, folder: str) -> None:
    config = settings(tmp_path / folder)
    with embedded_servers(config, durable=False) as servers:
        sql(servers.database_url, "create table kept (word text)")
        sql(servers.database_url, "insert into kept values ('still here')")
        assert redis.from_url(servers.redis_url).ping()
    with embedded_servers(config, durable=False) as servers:
        assert sql(servers.database_url, "select word from kept") == [("still here",)]
        assert sql(servers.database_url, "show server_encoding") == [("UTF8",)]
        assert servers.configured(config).database_url == servers.database_url
        assert servers.postgres is not None
        sockets = servers.postgres.sockets
    assert sockets.exists() == (sockets == config.instance / "postgres"), "a short folder was left behind"


def test_only_we_may_enter(tmp_path: Path) -> None:
    config = settings(tmp_path / "instance")
    with embedded_servers(config, durable=False):
        assert config.instance.stat().st_mode & 0o777 == 0o700
        for name in ("postgres", "valkey", "log"):
            assert (config.instance / name).stat().st_mode & 0o077 == 0, name
        assert (config.instance / "valkey/valkey.sock").stat().st_mode & 0o077 == 0


def test_killed_servers_come_back_past_what_they_left(ours: Installation) -> None:
    """All killed at once; then the pid file names a process that lives, as after a restart of the machine."""
    ours.run()
    ours.sql("create table kept (word text); insert into kept values ('still here')")
    ours.kill_all()
    mark = ours.instance / "postgres/data/postmaster.pid"
    mark.write_text(mark.read_text().replace(mark.read_text().split()[0], str(os.getpid()), 1))
    assert list((ours.instance / "postgres").glob(".s.PGSQL.*"))

    assert ours.sql("select word from kept") == "still here"


def test_a_server_left_by_a_killed_run_is_stopped_first(tmp_path: Path) -> None:
    config = settings(tmp_path / "instance")
    with embedded_servers(config, durable=False) as servers:
        sql(servers.database_url, "create table kept (word text)")
    argv = [*_as_owner(config.instance / "postgres"), _postgres(), "-D", str(config.instance / "postgres/data")]
    argv += ["-c", "listen_addresses=", "-c", f"unix_socket_directories={config.instance / 'postgres'}"]
    left = subprocess.Popen(argv, stderr=subprocess.DEVNULL)
    soon((config.instance / "postgres/.s.PGSQL.5432").exists, what="the earlier server")
    with embedded_servers(config, durable=False) as servers:
        assert left.wait(10) == 0
        assert sql(servers.database_url, "select count(*) from kept") == [(0,)]


def test_a_second_user_of_the_instance_attaches(tmp_path: Path) -> None:
    config = settings(tmp_path / "instance")
    with embedded_servers(config, durable=False) as servers:
        code = (
            "import sys; from pathlib import Path; from config import Config;"
            " from app.adapters.embedded import embedded_servers\n"
            "with embedded_servers(Config(instance=Path(sys.argv[1]), database_url=None, redis_url=None)) as servers:\n"
            "    print(servers.database_url, servers.redis_url, servers.trusting, servers.postgres)"
        )
        argv = [sys.executable, "-c", code, str(config.instance)]
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
        assert done.stdout.split() == [servers.database_url, servers.redis_url, "True", "None"]
        assert sql(servers.database_url, "select 1") == [(1,)]
        with pytest.raises(InstanceInUse, match=f"in use by process {os.getpid()}"):
            embedded_servers(config, attach=False).__enter__()


def test_what_is_configured_elsewhere_is_not_started(tmp_path: Path) -> None:
    config = replace(settings(tmp_path / "instance"), redis_url="redis://127.0.0.1:6379/9")
    with embedded_servers(config, durable=False) as servers:
        assert servers.valkey is None
        assert servers.redis_url == "redis://127.0.0.1:6379/9"
        assert sql(servers.database_url, "select 1") == [(1,)]
    given = Config(instance=tmp_path / "none", secret="x", redis_url="redis://h", database_url="postgres://h/d")
    with embedded_servers(given) as servers:
        assert servers.database_url == "postgresql+psycopg://h/d"
    assert not (tmp_path / "none").exists()


def test_psql_answers_in_scripts(ours: Installation) -> None:
    assert ours.sql("select 1") == "1"
    failed = ours.call("psql", given="select 1/0; select 2")
    assert failed.returncode != 0
    assert "division by zero" in failed.stderr
    assert ours.quiet()


def _postgres() -> str:
    from app.adapters.embedded import binary

    return binary("postgres")


def _as_owner(folder: Path) -> tuple[str, ...]:
    from app.adapters.embedded.account import account_for

    return account_for(folder).prefix
