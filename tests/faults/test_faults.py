"""What must not be lost, nor done twice, when a process dies or a server forgets, at the worst moment each."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from redis import Redis
from sqlalchemy import select

from app.boards.commands.fields import assign_issues
from app.boards.models import Issue
from app.inbox.letters import unsubscribe_token
from app.inbox.models import MailRhythm, Notification
from app.inbox.preferences import timing_of
from app.kernel import timers
from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.jobs import queue, redis
from app.kernel.ledger import Activity
from app.kernel.outbox import Receipt
from app.kernel.tenancy import organization
from app.kernel.timers import Timer, wake
from app.mailboxes.commands import post_mail
from app.mailboxes.models import OutgoingMail
from tests.faults.conftest import alive, soon
from tests.faults.work import done
from tests.postoffice import PostOffice
from tests.world import Person, World

Start = Callable[..., subprocess.Popen[bytes]]
Work = Callable[[], None]
#: Who hears of every activity.
CONSUMERS = ["handoffs", "inbox", "search"]
#: By then leases have ended and sweeps ask again.
LATER = timedelta(seconds=timers.LEASE + 10)


def _assign(world: World, alice: Person, bob: Person) -> int:
    """Alice gives Bob work; the activity's id."""
    issue = world.issue()
    with organization(world.organization_id):
        row = db.session.get_one(Issue, (world.organization_id, issue.id))
        activity = assign_issues([row], add=[bob.member_id], by=alice.member)
        assert activity
        return activity.id


def _recover(scheduler: sa.Engine, work: Work) -> None:
    """Twice, so that what is done twice is seen."""
    for wait in (LATER, LATER * 3):
        with at(now() + wait):
            timers.tick(scheduler)
            work()


def _told(world: World) -> list[int]:
    with organization(world.organization_id):
        return list(db.session.scalars(select(Notification.activity_id)))


def _kill_in_the_middle(process: subprocess.Popen[bytes], file: Path) -> None:
    soon(file.exists, what="the job")
    soon(file.read_text)
    horse = int(file.read_text())
    assert horse != process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    try:
        soon(lambda: not alive(horse), seconds=5, what="the end of the work-horse")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(horse, signal.SIGKILL)


def test_a_worker_killed_while_dispatching(
    world: World, alice: Person, bob: Person, start: Start, tmp_path: Path, well: None, scheduler: sa.Engine, work: Work
) -> None:
    worker = start("worker", tmp_path / "pid")
    made = _assign(world, alice, bob)
    _kill_in_the_middle(worker, tmp_path / "pid")
    with organization(world.organization_id):
        assert (done(), _told(world)) == ([], [])
    _recover(scheduler, work)
    with organization(world.organization_id):
        assert done() == [made]
        assert db.session.scalars(select(Receipt.consumer).order_by(Receipt.consumer)).all() == [*CONSUMERS, "slow"]
    assert _told(world) == [made]


def test_a_worker_killed_while_an_alarm_rings(
    world: World, start: Start, tmp_path: Path, well: None, scheduler: sa.Engine, work: Work
) -> None:
    worker = start("worker", tmp_path / "pid")
    with organization(world.organization_id):
        wake("slow", 7, at=now())
    timers.tick(scheduler)
    _kill_in_the_middle(worker, tmp_path / "pid")
    _recover(scheduler, work)
    with organization(world.organization_id):
        assert done() == [7]
        assert db.session.scalars(select(Timer)).all() == []


def test_a_worker_killed_after_the_mail_server_took_a_letter(
    world: World, start: Start, office: tuple[PostOffice, str], smtp: PostOffice, scheduler: sa.Engine, work: Work
) -> None:
    """The one thing that is done twice: then with the same Message-ID."""
    worker = start("worker", SMTP_URL=office[1])

    def kill() -> None:
        smtp.on_taking = lambda: None
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()

    smtp.on_taking = kill
    with organization(world.organization_id):
        mail = post_mail("bob@example.test", "Hello", "…")
    soon(lambda: smtp.letters, what="the mail")
    worker.wait()
    _recover(scheduler, work)
    assert [letter["Message-ID"] for letter in smtp.letters] == [mail.message_id] * 2
    with organization(world.organization_id):
        assert db.session.scalars(select(OutgoingMail)).one().sent_at


def test_redis_forgets_everything_between_commit_and_dispatch(
    world: World, alice: Person, bob: Person, scheduler: sa.Engine, work: Work, folder: Path
) -> None:
    made = _assign(world, alice, bob)
    with organization(world.organization_id):
        post_mail("bob@example.test", "Hello", "…")
        wake("mail_notifications", alice.member_id, at=now())
    timers.tick(scheduler)
    assert queue().count
    redis().flushdb()
    assert queue().count == 0
    _recover(scheduler, work)
    assert _told(world) == [made]
    with organization(world.organization_id):
        assert db.session.scalars(select(OutgoingMail)).one().sent_at
    assert len(list(folder.iterdir())) == 1


def test_a_worker_lives_on_when_redis_forgets(world: World, alice: Person, bob: Person, start: Start) -> None:
    start("worker")
    soon(lambda: redis().scard("rq:workers"), what="the worker")
    redis().flushdb()
    made = _assign(world, alice, bob)
    soon(lambda: _told(world) == [made], what="the notification")


def test_redis_is_away_at_the_commit(
    world: World, alice: Person, bob: Person, scheduler: sa.Engine, work: Work
) -> None:
    extensions = world.app.extensions
    before, extensions["redis"] = extensions["redis"], Redis.from_url("unix:///nowhere")
    try:
        made = _assign(world, alice, bob)
    finally:
        extensions["redis"] = before
    assert queue().count == 0
    _recover(scheduler, work)
    assert _told(world) == [made]


def test_the_web_server_is_killed_right_after_a_commit(
    world: World, alice: Person, bob: Person, start: Start, tmp_path: Path, scheduler: sa.Engine, work: Work
) -> None:
    with organization(world.organization_id):
        token = unsubscribe_token(bob.member)
    web = start("web", tmp_path / "port")
    soon((tmp_path / "port").exists, what="the web server")
    soon((tmp_path / "port").read_text)
    address = f"http://127.0.0.1:{(tmp_path / 'port').read_text()}/unsubscribe/{token}"
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        urllib.request.urlopen(address, data=b"List-Unsubscribe=One-Click", timeout=20)
    assert web.wait(timeout=5) == -signal.SIGKILL
    assert queue().count == 0
    with organization(world.organization_id):
        assert timing_of(bob.member).mail is MailRhythm.NEVER
        assert db.session.scalars(select(Activity)).one().dispatched_at is None
    _recover(scheduler, work)
    with organization(world.organization_id):
        assert db.session.scalars(select(Activity)).one().dispatched_at
        assert db.session.scalars(select(Receipt.consumer).order_by(Receipt.consumer)).all() == CONSUMERS
