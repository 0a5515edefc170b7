"""`mail receive` as a mail server calls it: a process of its own, and an exit code that keeps or frees the mail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from app.kernel.database import db
from app.mailboxes.models import Fate, IncomingMail
from config import Config
from tests.mailboxes.mails import SUPPORT, Desk, mail

ROOT = Path(__file__).resolve().parents[2]
OURS = [sys.executable, "-m", "app.cli"]
FLASK = [str(Path(sys.executable).with_name("flask"))]


def _call(settings: Config, argv: list[str], given: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
    """Beside the servers of the tests, which this worker's database and Redis belong to."""
    here = {"DATABASE_URL": settings.database_url or "", "REDIS_URL": settings.redis_url or ""}
    environment = os.environ | here | {"TRESTLE_INSTANCE": str(settings.instance), "BASE_URL": settings.base_url} | more
    environment.pop("FLASK_APP", None)
    return subprocess.run(argv, input=given, env=environment, cwd=ROOT, capture_output=True, timeout=300, check=False)


@pytest.mark.parametrize("program", [OURS, FLASK], ids=["app.cli", "flask"])
def test_a_mail_is_kept_and_then_filed(desk: Desk, settings: Config, program: list[str]) -> None:
    done = _call(settings, [*program, "mail", "receive", "--to", SUPPORT], mail())
    assert (done.returncode, b"Stored as mail" in done.stdout) == (0, True), done.stderr
    desk.work()
    desk.enter()
    assert db.session.scalars(select(IncomingMail.fate)).all() == [Fate.FILED]
    assert len(desk.tickets()) == 1


def test_what_cannot_be_read_is_kept_and_listed(desk: Desk, settings: Config) -> None:
    assert _call(settings, [*OURS, "mail", "receive", "--to", SUPPORT], b"\x00\xff rubbish").returncode == 0
    assert _call(settings, [*OURS, "mail", "receive", "--to", "nobody@x.test"], mail()).returncode == 0
    desk.work()
    unreadable = _call(settings, [*OURS, "mail", "list", "--unreadable"]).stdout.decode()
    assert SUPPORT in unreadable
    assert "nobody@x.test" not in unreadable
    assert "nobody@x.test" in _call(settings, [*OURS, "mail", "list", "--unroutable"]).stdout.decode()


def test_what_cannot_be_stored_is_for_the_mail_server_to_keep(desk: Desk, settings: Config) -> None:
    away = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    done = _call(settings, [*OURS, "mail", "receive", "--to", SUPPORT], mail(), **away)
    assert done.returncode == 75
    assert done.stderr.startswith(b"The mail cannot be stored now: ")
    assert b"Traceback" not in done.stderr
