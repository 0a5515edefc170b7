"""A ticket becomes an issue, and what becomes of the issue comes back to the ticket, once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.boards.commands.fields import set_state
from app.boards.models import Issue
from app.desk.commands.fields import assign_tickets, delete_tickets
from app.desk.commands.talking import note_on_ticket
from app.desk.models import Status, Ticket
from app.documents.models import Document
from app.handoffs import events
from app.inbox.models import Notification
from app.kernel import outbox
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.outbox import Receipt
from app.kernel.tenancy import organization
from app.projects.models import ProjectMember, State
from app.search.models import Link, LinkKind
from tests.desk.conftest import fresh, opened, support, ticket

__all__ = ["opened", "support", "ticket"]
FORM = "/acme/tickets/1/issue"


@pytest.fixture
def hand(world, anna):
    """`hand(ticket)`: Anna hands a ticket to WEB; the issue's id."""

    def over(row: Ticket, **more: str) -> int:
        form = {"project": world.ids.web, "title": "Fix the printer", "body": "Soon", "wait": "y", **more}
        answer = anna.post(f"/acme/tickets/{row.number}/issue", form)
        assert answer.status_code == 303, answer.text
        with organization(world.organization_id):
            return db.session.scalars(select(Link.other_id).order_by(Link.id.desc()).limit(1)).one()

    return over


@pytest.fixture
def move(world, bob):
    """`move(issue_id, "Done")`: Bob does, and everybody who listens is told."""

    def to(issue_id: int, state: str) -> None:
        with organization(world.organization_id):
            issue = db.session.get_one(Issue, (world.organization_id, issue_id))
            found = db.session.get_one(State, (world.organization_id, world.ids.states[state]))
            set_state([issue], found, by=bob.member)
        with organization(world.organization_id):
            outbox.dispatch()

    return to


def told(world, verb: str) -> int:
    with organization(world.organization_id):
        return db.session.scalar(select(func.count()).select_from(Activity).where(Activity.verb == verb)) or 0


class TestThere:
    def test_the_form_knows_the_customers_words(self, world, ticket, anna) -> None:
        with organization(world.organization_id):
            note_on_ticket(fresh(ticket), "Secret", by=anna.member)
        page = anna.get(FORM).text
        assert "Printer on fire" in page
        assert "&gt; It smokes." in page
        assert "http://trestle.test/acme/tickets/1" in page
        assert "Secret" not in page

    def test_an_issue_is_made_and_linked_and_the_ticket_waits(self, world, inside, ticket, hand, anna) -> None:
        issue_id = hand(ticket)
        issue = db.session.get_one(Issue, (world.organization_id, issue_id))
        assert (issue.title, issue.project_id, issue.created_by_id) == (
            "Fix the printer",
            world.ids.web,
            anna.member_id,
        )
        link = db.session.scalars(select(Link)).one()
        assert (link.noun, link.subject_id, link.kind) == ("ticket", ticket.id, LinkKind.ESCALATED)
        assert fresh(ticket).status is Status.ON_HOLD
        page = anna.get("/acme/tickets/1").text
        assert "WEB-1" in page
        assert "Todo" in page
        assert "came from" in anna.get("/acme/issues/WEB-1").text
        assert "Printer on fire" in anna.get("/acme/issues/WEB-1").text

    def test_without_waiting_it_stays_as_it_was(self, inside, ticket, hand) -> None:
        hand(ticket, wait="")
        assert fresh(ticket).status is Status.NEW

    def test_one_that_is_there_can_be_named(self, world, inside, ticket, hand) -> None:
        there = world.issue("Known bug")
        assert hand(ticket, existing="web-1") == there.id
        assert db.session.scalar(select(func.count()).select_from(Issue)) == 1

    def test_what_is_missing_is_asked_for_and_nothing_is_made(self, world, inside, ticket, anna) -> None:
        bad = ({"title": "x", "body": ""}, {"project": world.ids.web, "title": ""}, {"existing": "NOPE-1"})
        for form in bad:
            assert anna.post(FORM, form).status_code == 422, form
        assert db.session.scalar(select(func.count()).select_from(Issue)) == 0
        assert db.session.scalar(select(func.count()).select_from(Link)) == 0

    def test_names_in_the_customers_words_tell_nobody(self, world, inside, opened, anna) -> None:
        opened(body="Ask @Bob about it")
        page = anna.get(FORM).text
        body = page.partition('name="body"')[2].partition(">")[2].partition("</textarea>")[0].replace("&gt;", ">")
        assert "Bob about it" in body
        assert anna.post(FORM, {"project": world.ids.web, "title": "Ask", "body": body}).status_code == 303
        html = db.session.scalars(select(Document.html).order_by(Document.id.desc()).limit(1)).one()
        assert "Bob about it" in html
        assert 'class="mention"' not in html


class TestBack:
    def test_its_end_is_told_once_and_the_ticket_opens(self, world, inside, ticket, hand, move, anna) -> None:
        assign_tickets([fresh(ticket)], anna.member, by=world.cast["alice"].member)
        db.session.commit()
        with organization(world.organization_id):
            outbox.dispatch()
        issue_id = hand(ticket)
        move(issue_id, "In progress")
        assert told(world, "handoff.completed") == 0
        move(issue_id, "Done")
        assert told(world, "handoff.completed") == 1
        with organization(world.organization_id):
            assert fresh(ticket).status is Status.OPEN
            heard = (
                select(func.count())
                .select_from(Notification)
                .join(Activity, Activity.id == Notification.activity_id)
                .where(Notification.member_id == anna.member_id, Activity.verb == events.COMPLETED.name)
            )
            assert db.session.scalar(heard) == 1
            page = anna.get("/acme/tickets/1").text
            assert "was handed on as is done" in page
            assert "Done" in page

    def test_an_activity_that_is_heard_of_twice_says_it_once(self, world, inside, ticket, hand, move) -> None:
        move(hand(ticket), "Done")
        with organization(world.organization_id):
            db.session.execute(Activity.__table__.update().values(dispatched_at=None))
            db.session.commit()
            outbox.dispatch()
            receipts = select(func.count()).select_from(Receipt).where(Receipt.consumer == "handoffs")
            assert db.session.scalar(receipts)
        assert told(world, "handoff.completed") == 1

    def test_begun_and_done_again_is_told_again(self, world, ticket, hand, move) -> None:
        issue_id = hand(ticket)
        for state in ("Done", "Todo", "Done"):
            move(issue_id, state)
        assert told(world, "handoff.completed") == 2

    def test_from_done_to_cancelled_is_no_second_end(self, world, ticket, hand, move) -> None:
        issue_id = hand(ticket)
        move(issue_id, "Done")
        move(issue_id, "Cancelled")
        assert (told(world, "handoff.completed"), told(world, "handoff.cancelled")) == (1, 0)

    def test_it_waits_for_all_of_its_issues(self, world, inside, ticket, hand, move) -> None:
        first, second = hand(ticket), hand(ticket)
        move(first, "Done")
        assert fresh(ticket).status is Status.ON_HOLD
        move(second, "Cancelled")
        assert fresh(ticket).status is Status.OPEN

    def test_what_an_agent_has_sorted_since_stays_so(self, world, inside, ticket, hand, move, anna) -> None:
        issue_id = hand(ticket)
        anna.post("/acme/tickets/status", {"ids": ticket.id, "status": "resolved"})
        db.session.rollback()
        move(issue_id, "Done")
        assert fresh(ticket).status is Status.RESOLVED

    def test_a_deleted_ticket_hears_nothing(self, world, inside, ticket, hand, move, alice) -> None:
        issue_id = hand(ticket)
        delete_tickets([fresh(ticket)], by=alice.member)
        db.session.commit()
        move(issue_id, "Done")
        assert told(world, "handoff.completed") == 0


class TestWhoSees:
    @pytest.mark.parametrize(("who", "status"), [("bob", 404), ("vic", 404), ("carol", 403), ("mallory", 404)])
    def test_only_agents_hand_over(self, cast, who, status, ticket) -> None:
        assert cast[who].get(FORM).status_code == status
        assert cast[who].post(FORM, {"title": "x"}).status_code == status

    def test_an_agent_outside_of_the_project_reads_neither_title_nor_key(
        self, world, inside, ticket, hand, move, anna
    ) -> None:
        issue_id = hand(ticket)
        with organization(world.organization_id):
            mine = ProjectMember.__table__.c
            db.session.execute(ProjectMember.__table__.delete().where(mine.member_id == anna.member_id))
        anna.get("/acme/tickets/1")  # what was said on handing it over is read
        move(issue_id, "Done")
        page = anna.get("/acme/tickets/1").text
        assert "An issue that you may not see" in page
        assert "Fix the printer" not in page
        assert "WEB-1" not in page
        assert anna.post(FORM, {"project": world.ids.web, "title": "x"}).status_code == 422
        assert anna.post(FORM, {"existing": "WEB-1"}).status_code == 422

    def test_the_customer_reads_nothing_of_it(self, ticket, hand, move, carol) -> None:
        move(hand(ticket), "Done")
        page = carol.get("/acme/portal/tickets/1").text
        for hidden in ("WEB-1", "Fix the printer", "handed"):
            assert hidden not in page, hidden

    def test_agents_find_tickets_by_their_words_and_where_they_were(self, world, ticket, anna, bob) -> None:
        world.index()
        assert "Printer on fire" in anna.get("/acme/search?q=smokes").text
        assert "Printer on fire" not in bob.get("/acme/search?q=smokes").text
        anna.get("/acme/tickets/1")
        assert "Printer on fire" in anna.get("/acme/").text
