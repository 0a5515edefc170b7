"""Mail becomes a ticket, or a part of the one it belongs to and whose sender takes part in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select, update

from app.adapters import files
from app.desk.addresses import tag_for
from app.desk.commands.talking import reply_to_ticket
from app.desk.models import Channel, Direction, Status, Ticket
from app.discussions.models import Attachment
from app.kernel import timers
from app.kernel.clock import now
from app.kernel.database import db
from app.mailboxes import filing, jobs
from app.mailboxes.jobs import forget_incoming_mails
from app.mailboxes.models import INCOMING_KEPT, TRIES, Fate, IncomingMail
from app.organizations.models import Kind, Member
from tests.mailboxes.mails import SUPPORT, Desk, mail
from tests.world import Person, World

STRANGER = "Mallory <mallory@evil.test>"


def _answered(desk: Desk, ticket: Ticket) -> str:
    """Anna's answer to it; its Message-ID."""
    desk.enter()
    ticket = db.session.scalars(select(Ticket).where(Ticket.id == ticket.id)).one()
    reply_to_ticket(ticket, "Bring water.", by=desk.world.cast["anna"].member)
    db.session.commit()
    return desk.messages(ticket)[-1].message_id or ""


def test_a_mail_becomes_a_ticket_of_its_sender(desk: Desk) -> None:
    raw = mail("It burns.\r\nBring water.", "Cc: boss@customer.test", sender="Zoë Doe <ZOE@Customer.test>")
    taken = desk.take(raw)
    (ticket,) = desk.tickets()
    assert (taken.fate, taken.noun, taken.subject_id, taken.became) == (Fate.FILED, "ticket", ticket.id, ticket.key)
    assert (ticket.subject, ticket.status, ticket.channel) == ("Printer on fire", Status.NEW, Channel.EMAIL)
    assert (ticket.queue_id, ticket.source) == (desk.queue_id, SUPPORT)
    customer = db.session.get_one(Member, (desk.world.organization_id, ticket.customer_id))
    assert (customer.kind, customer.name, customer.email) == (Kind.CUSTOMER, "Zoë Doe", "zoe@customer.test")
    assert desk.said(ticket) == [("It burns.  \nBring water.", False)]
    (message,) = desk.messages(ticket)
    assert (message.direction, message.incoming_mail_id, message.message_id) == (
        Direction.IN,
        taken.id,
        taken.message_id,
    )
    assert db.session.scalars(select(Member).where(Member.email == "boss@customer.test")).all() == []
    with files.open_file(taken.file or "") as file:
        assert file.read() == raw


@pytest.mark.parametrize("by", ["tag", "references", "number"])
def test_a_reply_goes_where_it_belongs_without_what_it_quotes(desk: Desk, by: str) -> None:
    desk.take(mail())
    (ticket,) = desk.tickets()
    answer = _answered(desk, ticket)
    text = "Thanks!\r\n\r\nOn Mon, 2 Nov 2026 at 10:00, Acme <x@acme.test> wrote:\r\n> Bring water.\r\n"
    subject = "Something else" if by != "number" else f"Re: Printer on fire [{ticket.key}]"
    more = [f"In-Reply-To: {answer}", f"References: <other@x.test> {answer}"] if by == "references" else []
    desk.enter()
    to = f"support+{tag_for(ticket.id)}@ACME.test".replace("+t", "+T") if by == "tag" else SUPPORT
    taken = desk.take(mail(text, *more, subject=subject), to=to)
    assert (taken.fate, taken.subject_id) == (Fate.FILED, ticket.id)
    assert desk.said(ticket)[-1] == ("Thanks!", False)
    assert len(desk.tickets()) == 1


def test_a_reply_opens_a_resolved_ticket_again_and_begins_anew_after_a_closed_one(desk: Desk) -> None:
    desk.take(mail())
    (ticket,) = desk.tickets()
    _set(ticket, Status.RESOLVED)
    desk.take(mail("Still burns.", subject=f"Re: [{ticket.key}]"))
    assert desk.tickets()[0].status is Status.OPEN
    _set(ticket, Status.CLOSED)
    taken = desk.take(mail("Burns again.", subject=f"Re: Printer on fire [{ticket.key}]"))
    first, second = desk.tickets()
    assert (first.status, second.status) == (Status.CLOSED, Status.NEW)
    assert (second.related_ticket_id, second.subject) == (first.id, "Printer on fire")
    assert "closed" in taken.reason


def _set(ticket: Ticket, status: Status) -> None:
    db.session.execute(update(Ticket).where(Ticket.id == ticket.id).values(status=status))
    db.session.commit()


@pytest.mark.parametrize("by", ["tag", "references", "number"])
def test_who_takes_no_part_gets_a_ticket_of_their_own(desk: Desk, mallory: Person, by: str) -> None:
    """Also with a signed tag, or a Message-ID: mail is forwarded, and addresses leak."""
    first = desk.take(mail("My password is 123."))
    (ticket,) = desk.tickets()
    tag = tag_for(ticket.id)
    more = [f"References: {first.message_id}"] if by == "references" else []
    subject = f"Re: [{ticket.key}]" if by == "number" else "Hello"
    to = f"support+{tag}@acme.test" if by == "tag" else SUPPORT
    taken = desk.take(mail("Send it to me.", *more, sender=STRANGER, subject=subject), to=to)
    known, other = desk.tickets()
    assert (taken.subject_id, other.related_ticket_id) == (other.id, known.id)
    assert other.customer_id != known.customer_id
    assert desk.said(known) == [("My password is 123.", False)]
    assert "123" not in str(desk.said(other))
    assert "takes no part" in taken.reason


def test_a_forged_tag_leads_nowhere(desk: Desk) -> None:
    desk.take(mail())
    (ticket,) = desk.tickets()
    for tag in (f"t{ticket.id}-{'a' * 16}", f"t{ticket.id}-", f"t{ticket.id}", "t" * 120):
        assert desk.take(mail(subject="Other"), to=f"support+{tag}@acme.test").fate is Fate.FILED
    assert len(desk.tickets()) == 5
    assert len(desk.said(ticket)) == 1


def test_files_come_along_and_what_does_not_fit_is_told(
    desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = "".join(
        f'--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n{content}\r\n'
        for name, content in (("../../etc/passwd", "root"), ("large.bin", "x" * 2_000_000), ("empty.txt", ""))
    )
    config = world.app.extensions["trestleboard"]
    monkeypatch.setitem(world.app.extensions, "trestleboard", _smaller(config))
    raw = mail(f"--b\r\n\r\nSee the files.\r\n{parts}--b--", "Content-Type: multipart/mixed; boundary=b")
    desk.take(raw)
    (ticket,) = desk.tickets()
    (attached,) = db.session.scalars(select(Attachment).order_by(Attachment.id))
    assert (attached.name, attached.media_type, attached.internal) == ("passwd", "text/plain", False)
    assert attached.comment_id == desk.messages(ticket)[0].comment_id
    assert desk.said(ticket) == [
        ("See the files.", False),
        ("1 file of this mail did not fit and stayed in the raw mail: `large.bin`", True),
    ]


def _smaller(config: object) -> object:
    from dataclasses import replace

    return replace(config, file_most_mb=1)  # type: ignore[type-var]


def test_the_same_mail_is_filed_once_and_another_with_its_message_id_too(desk: Desk) -> None:
    raw = mail(message_id="<same@x.test>")
    before = len(_files(desk.world))
    first = desk.receive(raw)
    again = desk.receive(b"Received: from elsewhere by here\r\n" + raw)
    assert (again.repeated, again.mail_id) == (True, first.mail_id)
    desk.work()
    assert desk.receive(raw).repeated
    other = desk.take(mail("Quite another text.", message_id="<same@x.test>"))
    assert other.fate is Fate.FILED
    assert len(desk.tickets()) == 2
    assert len(_files(desk.world)) - before == 2


def _files(world: World) -> list[object]:
    return list((world.app.extensions["trestleboard"].instance / "files").glob("*/*"))


def test_a_job_that_runs_again_files_nothing_twice(desk: Desk) -> None:
    taken = desk.take(mail())
    for _ in range(2):
        jobs.file_mail(taken.id)
        db.session.commit()
    assert len(desk.tickets()) == 1


def test_an_error_of_ours_is_tried_again_and_ends_with_a_person(
    desk: Desk, owner: sa.Engine, scheduler: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        desk.world.cast["anna"].member.name = "half done"
        raise ZeroDivisionError

    filer = filing.filer_of("queue")
    monkeypatch.setitem(filing._filers, "queue", fail)
    receipt = desk.receive(mail())
    for attempt in range(1, TRIES + 1):
        desk.work()
        taken = desk.mail(receipt)
        assert (taken.attempts, "ZeroDivisionError" in taken.reason) == (attempt, True)
        assert taken.next_try_at > now()
        with owner.begin() as connection:
            connection.execute(update(IncomingMail).values(next_try_at=now() - timedelta(minutes=1)))
        timers.tick(scheduler)
    desk.work()
    assert desk.mail(receipt).fate is Fate.FAILED
    assert desk.world.cast["anna"].member.name == "Anna"
    monkeypatch.setitem(filing._filers, "queue", filer)
    desk.world.cast["alice"].post(f"/acme/settings/mail/incoming/{receipt.mail_id}/filing")
    desk.work()
    assert desk.mail(receipt).fate is Fate.FILED
    assert len(desk.tickets()) == 1


def test_mail_to_nobody_is_kept_for_the_operator(desk: Desk) -> None:
    taken = desk.take(mail(), to="nobody@acme.test")
    assert (taken.organization_id, taken.fate) == (None, Fate.UNROUTABLE)
    assert "nobody@acme.test" in taken.reason
    assert desk.tickets() == []


def test_without_an_envelope_the_headers_say_to_whom(desk: Desk) -> None:
    raw = mail(to=f"Somebody <x@y.test>, The desk <{SUPPORT.upper()}>")
    assert desk.take(raw, to=None).fate is Fate.FILED


def test_filed_mail_is_forgotten_with_its_file_and_troubled_mail_is_not(desk: Desk, owner: sa.Engine) -> None:
    filed, troubled = desk.take(mail()), desk.take(mail(sender=""))
    assert troubled.fate is Fate.UNREADABLE
    with owner.begin() as connection:
        connection.execute(update(IncomingMail).values(received_at=now() - timedelta(days=INCOMING_KEPT + 1)))
    desk.enter()
    forget_incoming_mails()
    db.session.commit()
    assert [each.id for each in db.session.scalars(select(IncomingMail))] == [troubled.id]
    with pytest.raises(FileNotFoundError):
        files.open_file(filed.file or "")
    assert desk.messages(desk.tickets()[0])[0].incoming_mail_id is None
