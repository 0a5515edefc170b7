"""Answers as they leave: to whom, in which thread, with which address to answer to; and what never leaves."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.desk.addresses import address_for, tag_for, ticket_id_of
from app.desk.commands.customers import customer_at
from app.desk.commands.talking import MessageFacts, note_on_ticket, receive_reply, reply_to_ticket
from app.desk.models import Direction, Queue, Status, Ticket, TicketMessage, TicketParticipant
from app.kernel import jobs
from app.kernel.clock import now
from app.kernel.crypto import seals
from app.kernel.database import db
from app.kernel.tenancy import enter, organization
from app.mailboxes.models import OutgoingMail
from tests.desk.conftest import fresh
from tests.postoffice import PostOffice

URL = "/acme/tickets"


def post_all(world) -> None:
    """What the worker would do."""
    with organization(world.organization_id):
        owed = db.session.scalars(select(OutgoingMail.id).where(OutgoingMail.is_owed).order_by(OutgoingMail.id)).all()
    for mail_id in owed:
        jobs.perform("send_mail", world.organization_id, mail_id)


@pytest.fixture
def taken(world, smtp: PostOffice):
    """`taken()`: the letters that really reached a mail server since it was asked last."""

    def deliver() -> list[EmailMessage]:
        post_all(world)
        letters, smtp.letters = smtp.letters, []
        return letters

    return deliver


def test_an_answer_stands_in_the_customers_thread(world, ticket, anna, taken) -> None:
    assert anna.post(f"{URL}/{ticket.number}/replies", {"body": "Is it **black** smoke?"}).status_code == 303
    [letter] = taken()
    assert letter["To"] == "carol@example.test"
    assert letter["Subject"] == "Re: Printer on fire [#1]"
    assert letter["In-Reply-To"] == "<first@carol.test>"
    assert letter["References"] == "<first@carol.test>"
    assert letter["Auto-Submitted"] is None
    assert "Anna" in letter["From"]
    assert re.fullmatch(rf"support\+t{ticket.id}-[a-z2-7]{{16}}@acme\.test", letter["Reply-To"])
    text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Is it **black** smoke?" in text
    assert "> It smokes." in text
    assert "Acme, customer care" in text
    assert "<strong>black</strong>" in html
    assert "It smokes." in html


def test_the_chain_grows_and_ends_with_what_is_answered(world, ticket, anna, carol, taken) -> None:
    anna.post(f"{URL}/{ticket.number}/replies", {"body": "Which printer?"})
    [first] = taken()
    with organization(world.organization_id):
        row = db.session.scalars(select(Ticket)).one()
        facts = MessageFacts(message_id="<second@carol.test>", in_reply_to=first["Message-ID"])
        receive_reply(row, "The red one.", by=carol.member, facts=facts)
    anna.post(f"{URL}/{ticket.number}/replies", {"body": "Now red."})
    [second] = taken()
    assert second["In-Reply-To"] == "<second@carol.test>"
    assert second["References"].split() == ["<first@carol.test>", first["Message-ID"], "<second@carol.test>"]
    assert "> The red one." in second.get_body(("plain",)).get_content()


def test_a_note_leaves_for_nobody_and_is_quoted_to_nobody(world, ticket, anna, taken) -> None:
    anna.post(f"{URL}/{ticket.number}/notes", {"body": "Carol always says that."})
    assert taken() == []
    anna.post(f"{URL}/{ticket.number}/replies", {"body": "On our way."})
    [letter] = taken()
    assert "always says" not in letter.as_string()


def test_each_who_takes_part_gets_their_own(world, ticket, anna, taken) -> None:
    with organization(world.organization_id):
        hugo = customer_at("hugo@brandt.example", "Hugo")
        db.session.add(TicketParticipant(ticket_id=ticket.id, member_id=hugo.id))
        gone = customer_at("gone@brandt.example", "Gone")
        gone.left_at = now()
        db.session.add(TicketParticipant(ticket_id=ticket.id, member_id=gone.id))
    anna.post(f"{URL}/{ticket.number}/replies", {"body": "On our way."})
    letters = taken()
    assert [letter["To"] for letter in letters] == ["carol@example.test", "hugo@brandt.example"]
    assert "hugo" not in letters[0].as_string()
    assert "carol@" not in letters[1].as_string()


def test_sending_and_resolving_in_one_breath(world, ticket, anna) -> None:
    answer = anna.post(f"{URL}/{ticket.number}/replies", {"body": "Done.", "then": "resolved"}, htmx=True)
    assert "Sent, resolved" in answer.text
    with organization(world.organization_id):
        row = db.session.scalars(select(Ticket)).one()
        assert row.status is Status.RESOLVED
        assert row.first_response_at is not None
        kinds = db.session.scalars(select(TicketMessage.direction).order_by(TicketMessage.id)).all()
        assert kinds == [Direction.IN, Direction.OUT]


def test_an_empty_answer_comes_back_and_mails_nobody(world, ticket, anna, taken) -> None:
    assert anna.post(f"{URL}/{ticket.number}/replies", {"body": "  "}).status_code == 422
    assert taken() == []


def test_the_subject_makes_no_header(world, opened, anna, taken) -> None:
    ticket = opened("Fire\r\nBcc: everybody@acme.test")
    anna.post(f"{URL}/{ticket.number}/replies", {"body": "Sorry."})
    [letter] = taken()
    assert letter["Bcc"] is None


class TestTags:
    """The signed tag of the answering address."""

    def test_ours_are_known_whatever_their_case(self, inside, ticket) -> None:
        assert ticket_id_of(tag_for(ticket.id)) == ticket.id
        assert ticket_id_of(tag_for(ticket.id).upper()) == ticket.id

    def test_those_of_others_and_guesses_are_not(self, world, inside, ticket) -> None:
        tag = tag_for(ticket.id)
        other = f"t{ticket.id + 1}-{tag.partition('-')[2]}"
        assert [ticket_id_of(forged) for forged in (other, tag[:-1], f"t{ticket.id}-", "", "t0-" + "a" * 16)] == [
            None
        ] * 5
        enter(world.rival_id)
        assert ticket_id_of(tag) is None
        enter(world.organization_id)

    def test_a_former_secret_still_verifies(self, inside, ticket, app, monkeypatch) -> None:
        tag = tag_for(ticket.id)
        monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [app.config["SECRET_KEY"]])
        monkeypatch.setitem(app.config, "SECRET_KEY", "n" * 40)
        assert tag_for(ticket.id) != tag
        assert ticket_id_of(tag) == ticket.id
        assert len(seals("anything", "text")) == 2

    def test_a_queue_without_an_address_has_none(self, inside, ticket) -> None:
        row, queue = fresh(ticket), db.session.scalars(select(Queue)).one()
        queue.address = None
        assert address_for(row, queue) is None
        queue.address = f"{'x' * 60}@acme.test"
        assert address_for(row, queue) == queue.address
        db.session.rollback()


def test_notes_and_answers_in_one_session_keep_their_kind(inside, ticket, anna) -> None:
    row = fresh(ticket)
    note = note_on_ticket(row, "Inside", by=anna.member)
    said = reply_to_ticket(row, "Outside", by=anna.member)
    assert (note.internal, said.internal) == (True, False)
