"""Auto-replies, bounces, lists and our own mail are recognised, and never answered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from app.adapters.mail import Letter
from app.adapters.mail.letters import compose
from app.desk.addresses import tag_for
from app.desk.commands.talking import reply_to_ticket
from app.desk.filing import CONFIRMATIONS
from app.desk.models import Status, Ticket
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.mailboxes.marks import our_mark
from app.mailboxes.models import Fate, OutgoingMail
from tests.mailboxes.mails import CAROL, SUPPORT, Desk, mail
from tests.world import Person, World

MACHINES = [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated (vacation)",
    "X-Auto-Response-Suppress: All",
    "X-Autoreply: yes",
    "Precedence: bulk",
    "Precedence: auto_reply",
    "List-Id: <news.example.test>",
    "List-Unsubscribe: <https://news.test/u>",
    "Return-Path: <>",
]


@pytest.fixture
def desk(world: World, work: Callable[[], None], folder: Path) -> Desk:
    """A desk that confirms what comes in."""
    return Desk(world, work, acknowledges=True)


@pytest.mark.parametrize("header", MACHINES)
def test_a_machine_is_kept_and_not_answered(desk: Desk, header: str) -> None:
    taken = desk.take(mail("Away.", header))
    assert taken.fate is Fate.IGNORED
    assert taken.reason
    assert desk.tickets() == []
    assert desk.sent() == []


@pytest.mark.parametrize(
    "values",
    [
        {"subject": "Out of office: Printer"},
        {"subject": "Automatische Antwort: Printer"},
        {"subject": "=?utf-8?q?R=C3=A9ponse_automatique=3A?= Printer"},
        {"sender": "MAILER-DAEMON@customer.test"},
        {"sender": f"The desk itself <{SUPPORT}>"},
    ],
)
def test_also_one_that_does_not_say_so(desk: Desk, values: dict[str, str]) -> None:
    assert desk.take(mail("Away.", **values)).fate is Fate.IGNORED
    assert desk.sent() == []


def test_a_person_is_confirmed_and_auto_submitted_no_is_a_person(desk: Desk) -> None:
    desk.take(mail("Help.", "Auto-Submitted: no"))
    (ticket,) = desk.tickets()
    (sent,) = desk.sent()
    assert (sent.to_address, sent.automatic) == ("carol@example.test", True)
    assert sent.reply_to == f"support+{tag_for(ticket.id)}@acme.test"


def test_an_auto_reply_of_who_takes_part_is_a_note_that_opens_nothing(desk: Desk) -> None:
    desk.take(mail())
    (ticket,) = desk.tickets()
    sent = len(desk.sent())
    db.session.get_one(Ticket, (ticket.organization_id, ticket.id)).status = Status.RESOLVED
    db.session.commit()
    taken = desk.take(mail("I am away.\r\n{{ x }}", "Auto-Submitted: auto-replied", subject=f"Re: [{ticket.key}]"))
    assert (taken.fate, taken.subject_id) == (Fate.FILED, ticket.id)
    text, internal = desk.said(ticket)[-1]
    assert ("> I am away." in text, internal) == (True, True)
    assert desk.tickets()[0].status is Status.RESOLVED
    assert len(desk.sent()) == sent
    stranger = mail("Away.", "Auto-Submitted: auto-replied", sender="x@evil.test", subject=f"Re: [{ticket.key}]")
    assert desk.take(stranger).fate is Fate.IGNORED
    assert len(desk.said(ticket)) == 2


def _as_sent(row: OutgoingMail, *, automatic: bool) -> bytes:
    letter = Letter(
        message_id=row.message_id,
        sender="Acme <desk@acme.test>",
        to=row.to_address,
        subject=row.subject,
        text=row.text,
        written_at=row.created_at,
        reply_to=row.reply_to,
        automatic=automatic,
        mark=our_mark(row.organization_id),
    )
    return compose(letter).as_bytes()


@pytest.mark.parametrize("automatic", [True, False])
def test_our_own_mail_that_comes_back_ends_here(desk: Desk, automatic: bool) -> None:
    desk.take(mail())
    row = desk.sent()[0]
    for to in (SUPPORT, row.reply_to):
        taken = desk.take(_as_sent(row, automatic=automatic) + f"\r\n{to}".encode(), to=to)
        assert (taken.fate, "itself" in taken.reason) == (Fate.IGNORED, True)
    assert len(desk.tickets()) == 1
    assert len(desk.sent()) == 1


def test_two_machines_that_say_nothing_of_themselves_stop(desk: Desk) -> None:
    """The other answers each of our mails as a person would, in a new thread each time."""
    desk.take(mail())
    answered = 0
    while answered < len(desk.sent()):
        row = desk.sent()[answered]
        answered += 1
        assert answered <= CONFIRMATIONS.most + 1, "they go on for ever"
        desk.take(mail(f"Thank you for {row.message_id}!", subject="We have got your mail"))
    assert len(desk.sent()) == CONFIRMATIONS.most
    assert len(desk.tickets()) == CONFIRMATIONS.most + 1


def _bounce(message_id: str) -> bytes:
    report = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        "Final-Recipient: rfc822; carol@example.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 No such user\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\nSubject: Re\r\n\r\nText\r\n--b--\r\n"
    )
    kind = "Content-Type: multipart/report; report-type=delivery-status; boundary=b"
    return mail(report, kind, "Return-Path: <>", sender="MAILER-DAEMON@mx.test", subject="Undelivered Mail")


def test_a_bounce_marks_the_answer_that_did_not_arrive_and_tells_the_agents(desk: Desk, alice: Person) -> None:
    desk.take(mail())
    (ticket,) = desk.tickets()
    desk.enter()
    here = db.session.scalars(select(Ticket)).one()
    reply_to_ticket(here, "Bring water.", by=desk.world.cast["anna"].member)
    db.session.commit()
    answer = desk.messages(ticket)[-1]
    before = len(desk.sent())
    taken = desk.take(_bounce(answer.message_id or ""))
    assert (taken.fate, taken.subject_id) == (Fate.FILED, ticket.id)
    answer = desk.messages(ticket)[-1]
    assert answer.failed_at
    assert answer.failure == "carol@example.test did not get it: 550 No such user"
    told = select(Activity.verb).where(Activity.verb == "ticket.undelivered")
    assert db.session.scalars(told).all() == ["ticket.undelivered"]
    assert len(desk.sent()) == before
    assert "It came back: 550 No such user" in alice.get("/acme/settings/mail?only=failed").text


def test_a_forged_bounce_marks_nothing(desk: Desk) -> None:
    desk.take(mail())
    (ticket,) = desk.tickets()
    theirs = desk.messages(ticket)[0].message_id or ""
    for named in (theirs, "<guessed@trestle.test>"):
        assert desk.take(_bounce(named)).fate is Fate.IGNORED
    assert all(not message.failed_at for message in desk.messages(ticket))


def test_what_was_ignored_is_filed_when_somebody_wants_it(desk: Desk, alice: Person, bob: Person) -> None:
    taken = desk.take(mail("Disk full on db-1.", "Auto-Submitted: auto-generated", sender=CAROL))
    path = f"/acme/settings/mail/incoming/{taken.id}"
    assert bob.post(f"{path}/filing", {"anyway": "y"}).status_code == 403
    assert alice.post(f"{path}/filing").status_code == 303
    desk.work()
    assert desk.tickets() == []
    assert alice.post(f"{path}/filing", {"anyway": "y"}).status_code == 303
    desk.work()
    assert len(desk.tickets()) == 1
    assert desk.sent() == []
    assert alice.post(f"{path}/filing", {"anyway": "y"}).status_code == 409
    assert alice.post(f"{path}/dismissal").status_code == 409


def test_what_is_no_work_is_dismissed(desk: Desk, alice: Person, mallory: Person) -> None:
    taken = desk.take(mail(sender=""))
    path = f"/acme/settings/mail/incoming/{taken.id}"
    assert mallory.post(f"{path}/dismissal").status_code == 404
    assert mallory.get(f"/rival/settings/mail/incoming/{taken.id}").status_code == 404
    assert alice.post(f"{path}/dismissal").status_code == 303
    assert f'id="mail-{taken.id}"' not in alice.get("/acme/settings/mail/incoming?only=trouble").text
    assert f'id="mail-{taken.id}"' in alice.get("/acme/settings/mail/incoming?only=ignored").text


def test_an_address_is_one_organizations(desk: Desk) -> None:
    from app.kernel.access import CLOCK
    from app.kernel.errors import Invalid
    from app.mailboxes.commands import create_address

    desk.enter(desk.world.rival_id)
    with pytest.raises(Invalid, match="in use"):
        create_address(SUPPORT.upper(), "queue", 1, by=CLOCK)
    db.session.rollback()
    taken = desk.take(mail())
    assert taken.organization_id == desk.world.organization_id
