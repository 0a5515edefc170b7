"""Mailboxes on other servers: fetched from a real IMAP server, nothing lost and nothing twice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import select, update

from app.adapters import imap
from app.kernel import timers
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.mailboxes.commands import AccountDraft, create_account, edit_account
from app.mailboxes.jobs import fetch_mail, fetching
from app.mailboxes.models import Fate, IncomingMail, MailAccount, MailAddress, Security
from tests.dovecot import PASSWORD, USER, Dovecot, dovecot
from tests.mailboxes.mails import Desk, mail
from tests.world import Person, World

__all__ = ["dovecot"]


@pytest.fixture(autouse=True)
def _internal(world: World) -> Iterator[None]:
    """The tests' server is on loopback, where only the operator lets members fetch from."""
    before = world.app.extensions["trestleboard"]
    world.app.extensions["trestleboard"] = replace(before, imap_internal=True)
    yield
    world.app.extensions["trestleboard"] = before


def _account(desk: Desk, port: int, **values: object) -> int:
    desk.enter()
    address = db.session.scalars(select(MailAddress)).one()
    given = {"host": "127.0.0.1", "port": port, "security": Security.NONE, "username": USER, "password": PASSWORD}
    account = create_account(address, AccountDraft(**(given | values)), by=desk.world.cast["alice"].member)  # type: ignore[arg-type]
    db.session.commit()
    return account.id


def _fetch(desk: Desk, account_id: int) -> MailAccount:
    desk.enter()
    fetch_mail(account_id)
    desk.work()
    desk.enter()
    return db.session.scalars(select(MailAccount).where(MailAccount.id == account_id)).one()


@pytest.mark.imap
def test_new_mail_is_fetched_filed_and_marked_as_read(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.deliver(mail(subject="One"), mail(subject="Two"))
    account = _fetch(desk, _account(desk, dovecot.port))
    assert (account.last_error, account.fetched_count) == (None, 2)
    assert account.last_success_at
    assert [ticket.subject for ticket in desk.tickets()] == ["One", "Two"]
    assert dovecot.unseen() == 0
    dovecot.deliver(mail(subject="Three"))
    _fetch(desk, account.id)
    _fetch(desk, account.id)
    assert [ticket.subject for ticket in desk.tickets()] == ["One", "Two", "Three"]


@pytest.mark.imap
def test_what_was_read_before_us_is_left_alone(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.deliver(mail(subject="Old"), mail(subject="New"))
    with dovecot.open() as box:
        box.store("1", "+FLAGS", "(\\Seen)")
    _fetch(desk, _account(desk, dovecot.port))
    assert [ticket.subject for ticket in desk.tickets()] == ["New"]


@pytest.mark.imap
def test_killed_after_the_commit_nothing_is_lost_or_twice(
    desk: Desk, dovecot: Dovecot, owner: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(mail(subject="One"), mail(subject="Two"))
    account_id = _account(desk, dovecot.port)

    def die(self: object, uid: int) -> None:
        raise KeyboardInterrupt

    desk.enter()
    with monkeypatch.context() as patch:
        patch.setattr(imap.OpenFolder, "mark_read", die)
        with pytest.raises(KeyboardInterrupt):
            fetch_mail(account_id)
    desk.enter()
    assert _fetch(desk, account_id).fetched_count == 1, "somebody may be at it still"
    with owner.begin() as connection:
        connection.execute(update(MailAccount).values(claimed_until=None))
    assert _fetch(desk, account_id).fetched_count == 2
    assert [ticket.subject for ticket in desk.tickets()] == ["One", "Two"]


@pytest.mark.imap
def test_a_folder_that_was_numbered_anew_brings_nothing_twice(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.deliver(mail(subject="One"), mail(subject="Two"))
    account_id = _account(desk, dovecot.port)
    before = _fetch(desk, account_id).uid_validity
    dovecot.renumber()
    dovecot.deliver(mail(subject="Three"))
    account = _fetch(desk, account_id)
    assert account.uid_validity != before
    assert [ticket.subject for ticket in desk.tickets()] == ["One", "Two", "Three"]


@pytest.mark.imap
def test_a_bad_mail_and_a_large_one_do_not_hold_up_the_others(
    desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST", 10_000)
    dovecot.deliver(b"\r\n\r\n", mail("x" * 20_000, subject="Large"), mail(subject="Refused"), mail(subject="Good"))
    whole = imap.OpenFolder.raw

    def refuse(self: imap.OpenFolder, uid: int) -> bytes:
        if uid == 3:
            raise imap.MailTrouble("The mail server does not hand this mail over.")
        return whole(self, uid)

    monkeypatch.setattr(imap.OpenFolder, "raw", refuse)
    account = _fetch(desk, _account(desk, dovecot.port))
    assert (account.last_error, account.fetched_count) == (None, 4)
    mails = db.session.scalars(select(IncomingMail).order_by(IncomingMail.id)).all()
    assert [each.fate for each in mails] == [Fate.UNREADABLE] * 3 + [Fate.FILED]
    assert (mails[1].subject, "larger than" in mails[1].reason) == ("Large", True)
    assert "does not hand" in mails[2].reason


@pytest.mark.imap
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"password": "wrong"}, "does not accept"),
        ({"folder": "Nowhere"}, "no folder “Nowhere”"),
        ({"security": Security.TLS}, "does not answer as a mail server"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    desk: Desk, dovecot: Dovecot, values: dict[str, object], said: str
) -> None:
    account = _fetch(desk, _account(desk, dovecot.port, **values))
    assert said in (account.last_error or "")
    assert (account.claimed_until, account.last_success_at) == (None, None)


@pytest.mark.imap
def test_the_timer_looks_and_looks_again(desk: Desk, dovecot: Dovecot, scheduler: sa.Engine, owner: sa.Engine) -> None:
    account_id = _account(desk, dovecot.port)
    for subject in ("One", "Two"):
        dovecot.deliver(mail(subject=subject))
        with owner.begin() as connection:
            connection.execute(update(timers.Timer).where(timers.Timer.alarm == "check_mailbox").values(wake_at=now()))
        timers.tick(scheduler, sweeping=False)
        desk.work()
    assert [ticket.subject for ticket in desk.tickets()] == ["One", "Two"]
    alice = desk.world.cast["alice"]
    alice.post(f"/acme/settings/mail/accounts/{account_id}/deletion")
    desk.enter()
    assert db.session.scalars(select(timers.Timer).where(timers.Timer.alarm == "check_mailbox")).all() == []


@pytest.mark.parametrize("says", [b"", b"* OK hello\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"* OK " + b"x" * 2_000_000])
def test_a_silent_or_strange_server_ends_in_a_sentence(
    desk: Desk, says: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "TIMEOUT", 1)
    with _server(says) as port:
        account = _fetch(desk, _account(desk, port))
    assert account.last_error is not None
    assert account.last_error.startswith("127.0.0.1 ")
    assert account.last_error.endswith(".")


def test_a_server_that_promises_gigabytes_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    with _server(b"* OK hi\r\n* CAPABILITY {9999999999}\r\n") as port:
        where = imap.Mailbox("127.0.0.1", port, "none", "x", "y", "INBOX", internal=True)
        with pytest.raises(imap.MailboxTrouble), imap.open_folder(where):
            pass


class _server:
    """Says this to whoever comes, and nothing after it."""

    def __init__(self, says: bytes) -> None:
        self.says = says

    def __enter__(self) -> int:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()
        return int(self.listening.getsockname()[1])

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
                self.open.append(connection)
                connection.sendall(self.says)
            except OSError:
                return

    def __exit__(self, *error: object) -> None:
        for each in (self.listening, *self.open):
            each.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.5", "169.254.169.254", "::1", "192.168.1.1"])
def test_our_own_network_is_not_for_members(host: str) -> None:
    where = imap.Mailbox(host, 143, "none", "x", "y", "INBOX")
    with pytest.raises(imap.MailboxTrouble, match="does not answer"), imap.open_folder(where):
        pass


def test_the_password_is_encrypted_never_shown_and_never_sent_elsewhere(desk: Desk, alice: Person) -> None:
    account_id = _account(desk, 143)
    desk.enter()
    account = db.session.scalars(select(MailAccount)).one()
    assert PASSWORD not in account.secret
    assert account.password == PASSWORD
    assert PASSWORD not in alice.get(f"/acme/settings/mail/accounts/{account_id}").text
    address = db.session.scalars(select(MailAddress)).one()
    draft = AccountDraft("evil.example", 143, Security.NONE, USER, None)
    with pytest.raises(Invalid, match="password again"):
        edit_account(account, address, draft, by=alice.member)
    db.session.rollback()
    form = {"address": address.id, "host": "evil.example", "port": 143, "security": "none", "username": USER}
    answer = alice.post(f"/acme/settings/mail/accounts/{account_id}", form | {"folder": "INBOX", "interval": 5})
    assert (answer.status_code, "password again" in answer.text) == (422, True)


def test_an_admin_has_a_mailbox_fetched_and_stops_it(desk: Desk, alice: Person, work: Callable[[], None]) -> None:
    desk.enter()
    address = db.session.scalars(select(MailAddress)).one().id
    form = {"address": address, "host": "Mail.Example", "port": 993, "security": "tls", "username": "me", "folder": ""}
    wrong = alice.post("/acme/settings/mail/accounts", form | {"interval": 5, "enabled": "y"})
    assert (wrong.status_code, "needs a password" in wrong.text) == (422, True)
    made = alice.post("/acme/settings/mail/accounts", form | {"interval": 5, "enabled": "y", "password": "pw"})
    assert made.status_code == 303
    desk.enter()
    account = db.session.scalars(select(MailAccount)).one()
    assert (account.host, account.folder, account.password) == ("mail.example", "INBOX", "pw")
    assert "me" in alice.get("/acme/settings/mail/accounts").text
    off = form | {"host": "mail.example", "folder": "INBOX", "interval": 5}
    assert alice.post(f"/acme/settings/mail/accounts/{account.id}", off).status_code == 303
    assert alice.post(f"/acme/settings/mail/accounts/{account.id}/check").status_code == 409
    assert alice.post(f"/acme/settings/mail/accounts/{account.id}/deletion").status_code == 303
    desk.enter()
    assert db.session.scalars(select(MailAccount)).all() == []
