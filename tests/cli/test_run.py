"""`make run` as a whole: it comes up, it stops however it is stopped, and the data is there again."""

from __future__ import annotations

import os
import signal
import socket
from urllib.request import urlopen

from tests.cli.conftest import Installation, soon


def test_one_signal_stops_all_of_it(ours: Installation) -> None:
    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        process = ours.run()
        with urlopen(f"http://127.0.0.1:{ours.port}/healthz") as reply:
            assert reply.status == 200
        process.send_signal(how)
        assert process.wait(20) == 0
        assert ours.quiet()
        lines = ours.said().splitlines()
        assert len(lines) == 1, lines
        assert lines[0].endswith("(Ctrl-C stops it)")


def test_a_killed_supervisor_leaves_nothing_and_loses_nothing(ours: Installation) -> None:
    process = ours.run()
    ours.sql("create table kept (word text); insert into kept values ('still here')")
    process.kill()
    soon(ours.quiet, seconds=10, what="the end of every part")

    ours.run()
    assert ours.sql("select word from kept") == "still here"


def test_make_going_away_stops_all_of_it(ours: Installation) -> None:
    parent = ours.start(["sh", "-c", " ".join([*ours.command("run", "--with-parent"), "& wait"])])
    soon(ours.serving, seconds=60, what="the start")
    parent.kill()
    soon(ours.quiet, seconds=20, what="the end of every part")


def test_it_runs_for_someone_who_is_not_root(theirs: Installation) -> None:
    process = theirs.run()
    assert theirs.sql("select current_user") == "trestle"
    assert {os.stat(f"/proc/{pid}").st_uid for pid in theirs.processes()} == {theirs.instance.stat().st_uid}
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert theirs.quiet()


def test_a_part_that_dies_is_started_again_and_we_are_told(ours: Installation) -> None:
    ours.run()
    worker, valkey = ours.part("app.cli worker"), ours.part("valkey-server")
    os.kill(worker, signal.SIGKILL)
    os.kill(valkey, signal.SIGKILL)
    soon(lambda: ours.part("app.cli worker") not in (0, worker), what="another worker")
    soon(lambda: ours.part("valkey-server") not in (0, valkey), what="another Valkey")
    soon(lambda: "worker was ended by SIGKILL; it starts again in 1 s" in ours.said(), what="word of the worker")
    soon(lambda: "Valkey stopped and is started again" in ours.said(), what="word of Valkey")
    assert ours.serving()


def test_without_the_database_everything_stops(ours: Installation) -> None:
    process = ours.run()
    os.kill(ours.part("bin/postgres"), signal.SIGKILL)
    assert process.wait(20) == 1
    assert ours.quiet()
    assert "PostgreSQL stopped, so everything stops" in ours.said()


def test_a_second_start_is_told_who_holds_the_instance(ours: Installation) -> None:
    first = ours.run()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        another = str(probe.getsockname()[1])
    second = ours.call("run", PORT=another)
    assert second.returncode == 1
    assert second.stderr.splitlines() == [
        f"The instance {ours.instance} is in use by process {first.pid} (run): stop it first, or set TRESTLE_INSTANCE."
    ]
    assert ours.serving()


def test_a_web_server_that_cannot_start_is_told_with_its_reason(ours: Installation) -> None:
    done = ours.call("run", GUNICORN_CMD_ARGS="--worker-class=nothing")
    assert done.returncode == 1
    assert "The web server did not start: ImportError: Entry point" in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert ours.quiet()
