"""The portal: a customer reads and writes their own tickets, and sees nothing of what stays among colleagues."""

from __future__ import annotations

import io
import re

from sqlalchemy import select

from app.desk.commands.fields import assign_tickets, move_to_status
from app.desk.commands.queues import QueueDraft, create_queue
from app.desk.commands.talking import note_on_ticket, reply_to_ticket
from app.desk.models import Channel, Direction, Queue, Status, Ticket, TicketMessage
from app.discussions.models import Attachment
from app.inbox.models import Notification
from app.kernel import outbox
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.mailboxes.models import OutgoingMail
from tests.desk.conftest import fresh

PORTAL = "/acme/portal"


class TestReading:
    def test_one_sees_ones_own_and_what_was_said_openly(self, inside, opened, ticket, carol, anna) -> None:
        row = fresh(ticket)
        assign_tickets([row], anna.member, by=anna.member)
        note_on_ticket(row, "She is a VIP, do not tell", by=anna.member)
        reply_to_ticket(row, "We look into it.", by=anna.member)
        db.session.commit()
        shown = carol.get(f"{PORTAL}/tickets/1")
        assert shown.status_code == 200
        assert "It smokes." in shown.text
        assert "We look into it." in shown.text
        assert "Anna" in shown.text
        for hidden in ("VIP", "Support", "Priority", "changed who answers", "Bob"):
            assert hidden not in shown.text, hidden
        assert 'class="sidebar"' not in shown.text
        assert "data-palette-open" not in shown.text

    def test_open_ones_and_those_that_are_over_stand_apart(self, inside, opened, carol, anna) -> None:
        opened("Printer on fire")
        solved = opened("Scanner is wet")
        move_to_status([fresh(solved)], Status.RESOLVED, by=anna.member)
        db.session.commit()
        first, second = carol.get(PORTAL).text, carol.get(f"{PORTAL}?view=closed").text
        assert "Printer on fire" in first
        assert "Scanner is wet" not in first
        assert "Scanner is wet" in second
        assert "Printer on fire" not in second

    def test_without_any_it_says_what_to_do(self, carol) -> None:
        assert "No open tickets" in carol.get(PORTAL).text

    def test_a_customers_home_is_the_portal_and_colleagues_have_pages_of_their_own(
        self, ticket, carol, anna, bob
    ) -> None:
        assert carol.get("/acme/").location == PORTAL
        assert anna.get(PORTAL).location == "/acme/tickets"
        assert anna.get(f"{PORTAL}/tickets/1").location == "/acme/tickets/1"
        assert bob.get(PORTAL).location == "/acme/"

    def test_ten_tickets_cost_as_many_statements_as_one(self, opened, carol, statements) -> None:
        def cost() -> int:
            with statements() as seen:
                assert carol.get(PORTAL).status_code == 200
            return len(seen)

        opened()
        cost()  # where the slug leads is remembered from then on
        few = cost()
        for at in range(12):
            opened(f"Ticket {at}")
        assert cost() == few

    def test_what_does_not_fit_a_page_is_a_page_on(self, opened, carol) -> None:
        for at in range(32):
            opened(f"Ticket {at}")
        first = carol.get(PORTAL).text
        older = re.search(r'href="([^"]+after=[^"]+)">Older', first)
        assert older
        assert "Ticket 1<" not in first
        assert "Ticket 1<" in carol.get(older[1].replace("&amp;", "&")).text


class TestWriting:
    def test_a_new_ticket_with_a_file(self, world, support, carol) -> None:
        form = {"subject": "Printer on fire", "body": "It *smokes*.", "files": (io.BytesIO(b"12 ppm"), "log.txt")}
        answer = carol.post(f"{PORTAL}/tickets", form)
        assert answer.location == f"{PORTAL}/tickets/1", answer.text
        shown = carol.get(answer.location).text
        assert "<em>smokes</em>" in shown
        assert "log.txt" in shown
        with organization(world.organization_id):
            made = db.session.scalars(select(Ticket)).one()
            file = db.session.scalars(select(Attachment)).one()
            assert (made.channel, made.customer_id, file.internal) == (Channel.PORTAL, carol.member_id, False)

    def test_what_is_missing_is_asked_for_and_an_empty_file_refused(self, world, support, carol) -> None:
        assert carol.post(f"{PORTAL}/tickets", {"subject": "", "body": "x"}).status_code == 422
        empty = {"subject": "Fire", "body": "x", "files": (io.BytesIO(b""), "log.txt")}
        assert "0 bytes" in carol.post(f"{PORTAL}/tickets", empty).text
        with organization(world.organization_id):
            assert db.session.scalars(select(Ticket)).all() == []

    def test_queues_that_are_shown_can_be_chosen_and_no_others(self, world, support, carol, alice) -> None:
        with organization(world.organization_id):
            drafts = (QueueDraft("Orders", is_public=True), QueueDraft("Repairs", is_public=True), QueueDraft("Legal"))
            _orders, repairs, legal = (create_queue(draft, by=alice.member).id for draft in drafts)
        page = carol.get(f"{PORTAL}/tickets/new").text
        assert "Orders" in page
        assert "Repairs" in page
        assert "Legal" not in page
        assert "Support" not in page
        form = {"subject": "Fire", "body": "x", "queue": repairs}
        assert carol.post(f"{PORTAL}/tickets", form).status_code == 303
        assert carol.post(f"{PORTAL}/tickets", {**form, "queue": legal}).status_code == 422
        with organization(world.organization_id):
            assert db.session.scalars(select(Ticket.queue_id)).one() == repairs
        assert "Repairs" in carol.get(f"{PORTAL}/tickets/1").text

    def test_a_reply_opens_what_was_solved_and_reaches_the_agent(self, world, ticket, carol, anna) -> None:
        with organization(world.organization_id):
            row = fresh(ticket)
            assign_tickets([row], anna.member, by=anna.member)
            move_to_status([row], Status.RESOLVED, by=anna.member)
        with organization(world.organization_id):
            outbox.dispatch()
        answer = carol.post(f"{PORTAL}/tickets/1/replies", {"body": "It smokes again."})
        assert answer.status_code == 303, answer.text
        with organization(world.organization_id):
            outbox.dispatch()
            row = fresh(ticket)
            assert (row.status, row.resolved_at) == (Status.OPEN, None)
            message = db.session.scalars(select(TicketMessage).order_by(TicketMessage.id.desc()).limit(1)).one()
            assert (message.direction, message.message_id) == (Direction.IN, None)
            told = (
                select(Activity.verb)
                .join(Notification, Notification.activity_id == Activity.id)
                .where(Notification.member_id == anna.member_id)
                .order_by(Notification.id.desc())
            )
            assert db.session.scalars(told.limit(1)).one() == "comment.added"
        assert "in the portal" in anna.get("/acme/tickets/1").text

    def test_files_are_sent_ahead_and_stand_with_the_reply(self, world, ticket, carol, anna) -> None:
        sent = carol.post(f"/acme/ticket/{ticket.id}/uploads", {"files": (io.BytesIO(b"12 ppm"), "log.txt")}, htmx=True)
        [file] = re.findall(r'name="attachments" value="(\d+)"', sent.text)
        assert carol.post(f"{PORTAL}/tickets/1/replies", {"body": "", "attachments": file}).status_code == 303
        assert "log.txt" in carol.get(f"{PORTAL}/tickets/1").text
        assert anna.get(f"/acme/attachments/{file}").data == b"12 ppm"

    def test_nothing_is_not_sent(self, ticket, carol) -> None:
        assert carol.post(f"{PORTAL}/tickets/1/replies", {"body": "  "}).status_code == 422

    def test_one_closes_ones_own_and_opens_it_again(self, inside, ticket, carol, anna) -> None:
        assert carol.post(f"{PORTAL}/tickets/1/closure").status_code == 303
        assert fresh(ticket).status is Status.CLOSED
        answer = carol.post(f"{PORTAL}/tickets/1/replies", {"body": "One more thing"})
        assert answer.status_code == 422
        assert "closed" in answer.text
        assert "One more thing" in answer.text
        db.session.rollback()
        assert carol.post(f"{PORTAL}/tickets/1/reopening").status_code == 303
        db.session.rollback()
        assert fresh(ticket).status is Status.OPEN

    def test_what_agents_have_sorted_stays_so(self, inside, ticket, carol, anna) -> None:
        move_to_status([fresh(ticket)], Status.ON_HOLD, by=anna.member)
        db.session.commit()
        carol.post(f"{PORTAL}/tickets/1/reopening")
        db.session.rollback()
        assert fresh(ticket).status is Status.ON_HOLD

    def test_an_answer_by_mail_names_its_place_in_the_portal(self, inside, ticket, anna) -> None:
        reply_to_ticket(fresh(ticket), "New toner.", by=anna.member)
        mail = db.session.scalars(select(OutgoingMail)).one()
        assert "http://trestle.test/acme/portal/tickets/1" in mail.text
        assert "http://trestle.test/acme/portal/tickets/1" in (mail.html or "")

    def test_a_queue_is_shown_to_customers_by_its_form(self, inside, support, alice) -> None:
        form = {"name": "Support", "slug": "support", "hue": "6", "is_default": "y", "is_public": "y"}
        assert alice.post(f"/acme/settings/queues/{support}", form).status_code == 303
        db.session.expire_all()
        assert db.session.scalars(select(Queue.is_public)).one() is True
