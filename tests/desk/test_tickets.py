"""Tickets: who sees them, what commands do to many at once, what is taken back, and what lists cost."""

from __future__ import annotations

import pytest
from sqlalchemy import func, insert, select

from app.desk.commands import fields
from app.desk.commands.customers import customer_at
from app.desk.commands.queues import archive_queue
from app.desk.commands.tags import borne, tag_tickets, tags_named
from app.desk.commands.talking import NewTicket, TicketClosed, create_tickets, receive_reply
from app.desk.models import Channel, Priority, Queue, Status, Ticket, TicketParticipant
from app.desk.policies import visible_to
from app.inbox.models import Notification, Reason
from app.kernel import outbox
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.ledger import Activity, Change
from app.kernel.tenancy import organization
from app.organizations.models import Kind
from tests.desk.conftest import fresh

LIST = "/acme/tickets"


def tell_all(world) -> None:
    """What the dispatch job would tell."""
    with organization(world.organization_id):
        outbox.dispatch()


class TestOpening:
    def test_numbers_are_counted_and_the_customer_takes_part(self, inside, opened, carol) -> None:
        first, second = opened("One"), opened("Two")
        assert (first.number, second.number) == (1, 2)
        rows = db.session.scalars(select(TicketParticipant.member_id).order_by(TicketParticipant.id)).all()
        assert rows == [carol.member_id, carol.member_id]

    def test_without_any_queue_the_first_one_is_made(self, inside, carol) -> None:
        [ticket] = create_tickets([NewTicket("Hello", "World", carol.member)], by=carol.member)
        queue = db.session.scalars(select(Queue)).one()
        assert (queue.name, queue.is_default, ticket.queue_id) == ("Support", True, queue.id)

    def test_many_cost_as_many_statements_as_one(self, inside, support, carol, statements) -> None:
        def cost(count: int) -> int:
            with statements() as seen:
                create_tickets(
                    [NewTicket(f"Ticket {at}", "Text", carol.member) for at in range(count)], by=carol.member
                )
            return len(seen)

        assert cost(2) == cost(40)

    def test_an_archived_queue_takes_none(self, inside, support, alice, carol) -> None:
        queue = db.session.scalars(select(Queue)).one()
        with pytest.raises(Refused, match="another queue"):
            archive_queue(queue, by=alice.member)

    def test_a_stranger_becomes_a_customer_once(self, inside, anna) -> None:
        made = customer_at("Hugo@Brandt.Example", "Hugo Brandt", by=anna.member)
        assert (made.kind, made.email, made.name) == (Kind.CUSTOMER, "hugo@brandt.example", "Hugo Brandt")
        assert customer_at("hugo@brandt.example") is made
        with pytest.raises(Invalid):
            customer_at("no address")

    def test_a_colleague_who_writes_stays_a_colleague(self, inside, bob) -> None:
        assert customer_at("bob@example.test").id == bob.member_id

    def test_by_hand_for_somebody_new(self, world, anna, support) -> None:
        form = {
            "email": "mei@tanaka.example",
            "name": "Mei Tanaka",
            "subject": "Driver left",
            "body": "We waited.",
            "queue": support,
            "channel": "phone",
            "priority": "high",
            "assignee": 0,
        }
        answer = anna.post(LIST, form)
        assert answer.status_code == 303, answer.text
        assert "Driver left" in anna.get(answer.location).text
        with organization(world.organization_id):
            made = db.session.scalars(select(Ticket)).one()
            assert (made.channel, made.priority, made.created_by_id) == (Channel.PHONE, Priority.HIGH, anna.member_id)

    def test_what_is_missing_is_asked_for_and_nothing_is_made(self, inside, anna, support) -> None:
        answer = anna.post(
            LIST, {"email": "nobody", "subject": "x", "body": "y", "channel": "phone", "priority": "low"}
        )
        assert answer.status_code == 422
        assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0


class TestStatus:
    def test_resolving_and_opening_again(self, inside, ticket, anna) -> None:
        row = fresh(ticket)
        fields.move_to_status([row], Status.RESOLVED, by=anna.member)
        assert row.resolved_at is not None
        fields.move_to_status([row], Status.OPEN, by=anna.member)
        assert (row.status, row.resolved_at) == (Status.OPEN, None)

    def test_a_customer_opens_what_was_resolved(self, inside, ticket, anna, carol) -> None:
        row = fresh(ticket)
        fields.move_to_status([row], Status.RESOLVED, by=anna.member)
        receive_reply(row, "It smokes again.", by=carol.member)
        assert (row.status, row.resolved_at) == (Status.OPEN, None)

    def test_what_is_closed_stays_closed(self, inside, ticket, anna, carol) -> None:
        row = fresh(ticket)
        fields.move_to_status([row], Status.CLOSED, by=anna.member)
        with pytest.raises(TicketClosed):
            receive_reply(row, "Hello?", by=carol.member)

    def test_the_database_refuses_what_is_none(self, inside, ticket) -> None:
        with pytest.raises(Exception, match="ck_tickets"), db.session.begin_nested():
            db.session.connection().exec_driver_sql("UPDATE tickets SET status = 'lost'")


class TestChanging:
    def test_many_at_once_are_one_activity(self, inside, opened, anna, bob) -> None:
        rows = [fresh(opened(f"T{at}")) for at in range(3)]
        activity = fields.assign_tickets(rows, anna.member, by=bob.member)
        assert activity is not None
        assert (activity.verb, activity.count) == ("ticket.assigned", 3)
        changed = db.session.scalars(select(Change.fields).where(Change.activity_id == activity.id)).all()
        assert changed == [{"assignees": [[], [anna.member_id]]}] * 3
        assert fields.assign_tickets(rows, anna.member, by=bob.member) is None

    def test_tags_are_found_whatever_their_case(self, inside, ticket, anna) -> None:
        first, again = tags_named(["Tracking"]), tags_named([" tracking "])
        assert [tag.id for tag in first.values()] == [tag.id for tag in again.values()]
        row = fresh(ticket)
        tag_tickets([row], add=[first["tracking"].id], by=anna.member)
        db.session.commit()
        assert "Tracking" in anna.get(f"{LIST}/{ticket.number}").text

    def test_by_keys_and_back(self, world, opened, anna) -> None:
        one, two = opened("One"), opened("Two")
        answer = anna.post(f"{LIST}/priority", {"ids": [one.id, two.id], "priority": "urgent"}, htmx=True)
        assert "2 tickets: Urgent" in answer.text
        with organization(world.organization_id):
            activity = db.session.scalars(select(Activity).where(Activity.verb == "ticket.prioritised")).one()
            undo = f"{LIST}/activities/{activity.id}/undo"
        assert "Taken back" in anna.post(undo, htmx=True).text
        with organization(world.organization_id):
            assert {row.priority for row in db.session.scalars(select(Ticket))} == {Priority.NORMAL}

    def test_undo_does_not_run_over_somebody_else(self, world, ticket, anna, alice) -> None:
        anna.post(f"{LIST}/status", {"ids": ticket.id, "status": "resolved"})
        with organization(world.organization_id):
            activity = db.session.scalars(select(Activity).where(Activity.verb == "ticket.status_changed")).one()
        alice.post(f"{LIST}/status", {"ids": ticket.id, "status": "closed"})
        assert anna.post(f"{LIST}/activities/{activity.id}/undo").status_code == 409

    @pytest.mark.parametrize(
        ("path", "form"),
        [
            ("status", {"status": "resolved"}),
            ("assignee", {"assignee": "@me"}),
            ("tags", {"name": "Fire"}),
            ("priority", {"priority": "low"}),
        ],
    )
    def test_each_change_can_be_taken_back(self, inside, ticket, anna, path: str, form: dict) -> None:
        before = snapshot(ticket)
        anna.post(f"{LIST}/{path}", {"ids": ticket.id, **form})
        assert snapshot(ticket) != before
        latest = db.session.scalars(select(Activity.id).order_by(Activity.id.desc()).limit(1)).one()
        assert anna.post(f"{LIST}/activities/{latest}/undo").status_code == 303
        assert snapshot(ticket) == before

    def test_deleting_and_restoring(self, world, ticket, alice) -> None:
        assert alice.post(f"{LIST}/deletion", {"ids": ticket.id}, htmx=True).status_code == 200
        assert alice.get(f"{LIST}/{ticket.number}").status_code == 404
        assert "Printer on fire" in alice.get(f"{LIST}/deleted").text
        assert alice.post(f"{LIST}/{ticket.number}/restoration").status_code == 303
        assert alice.get(f"{LIST}/{ticket.number}").status_code == 200

    def test_a_stale_subject_is_shown_the_other_one(self, ticket, anna, alice) -> None:
        url = f"{LIST}/{ticket.number}/subject"
        assert anna.post(url, {"subject": "Printer smokes", "version": 1}).status_code == 303
        late = alice.post(url, {"subject": "Fire!", "version": 1})
        assert late.status_code == 422
        assert "Printer smokes" in late.text


class TestLists:
    def test_views_and_filters(self, opened, anna, world) -> None:
        one, two = opened("Printer on fire"), opened("Scanner is wet")
        anna.post(f"{LIST}/assignee", {"ids": one.id, "assignee": "@me"})
        anna.post(f"{LIST}/status", {"ids": two.id, "status": "resolved"})
        mine, solved = anna.get(f"{LIST}?view=mine").text, anna.get(f"{LIST}?view=solved").text
        found = anna.get(f"{LIST}?view=all&q=%232").text
        assert ["Printer on fire" in text for text in (mine, solved, found)] == [True, False, False]
        assert ["Scanner is wet" in text for text in (mine, solved, found)] == [False, True, True]
        assert "Left out, not known here" in anna.get(f"{LIST}?queue=nowhere").text

    def test_they_load_by_scrolling_and_come_back_whole(self, world, support, anna, carol) -> None:
        many(world, support, carol, 65)
        first = anna.get(LIST).text
        assert first.count("data-item=") == 30
        assert "65 tickets" in first
        after = first.split("after=")[1].split('"')[0]
        second = anna.get(f"{LIST}/rows?view=open&after={after}").text
        assert second.count("data-item=") == 30
        until = second.split("until=")[1].split('"')[0].split("&")[0]
        assert anna.get(f"{LIST}/rows?view=open&until={until}").text.count("data-item=") == 60

    @pytest.mark.parametrize("path", [LIST, f"{LIST}?view=mine", f"{LIST}/rows?view=open"])
    def test_ten_and_a_thousand_cost_the_same_statements(self, world, support, anna, carol, statements, path) -> None:
        def cost() -> int:
            with statements() as seen:
                assert anna.get(path).status_code == 200
            return len(seen)

        many(world, support, carol, 10)
        cost()
        few = cost()
        many(world, support, carol, 990)
        assert cost() == few

    def test_a_page_costs_the_same_however_much_is_said(self, world, ticket, anna, carol, statements) -> None:
        url = f"{LIST}/{ticket.number}"

        def cost() -> int:
            with statements() as seen:
                assert anna.get(url).status_code == 200
            return len(seen)

        anna.post(f"{url}/replies", {"body": "Which one?"})
        cost()
        few = cost()
        with organization(world.organization_id):
            row = db.session.scalars(select(Ticket)).one()
            for at in range(10):
                receive_reply(row, f"Line {at}", by=carol.member)
        assert cost() == few


class TestWhoSees:
    def test_only_who_answers_customers(self, ticket, cast) -> None:
        seen = {name: cast[name].get(f"{LIST}/{ticket.number}").status_code for name in cast if name != "mallory"}
        assert seen == {
            "alice": 200,
            "anna": 200,
            "bob": 404,
            "nora": 404,
            "vic": 404,
            "olaf": 404,
            "carol": 403,
        }

    def test_a_customer_sees_their_own_and_no_deleted_one(self, inside, opened, alice, carol) -> None:
        mine, gone = opened("Mine"), opened("Gone")
        other = customer_at("hugo@brandt.example", "Hugo")
        create_tickets([NewTicket("His", "Text", other)], by=other)
        fields.delete_tickets([fresh(gone)], by=alice.member)
        seen = db.session.scalars(select(Ticket.id).where(visible_to(carol.member)).order_by(Ticket.id)).all()
        assert seen == [mine.id]

    def test_who_takes_part_sees_it(self, inside, ticket, bob) -> None:
        assert bob.get(f"{LIST}/{ticket.number}").status_code == 404
        db.session.add(TicketParticipant(ticket_id=ticket.id, member_id=bob.member_id))
        db.session.commit()
        assert bob.get(f"{LIST}/{ticket.number}").status_code == 200
        assert bob.post(f"{LIST}/{ticket.number}/replies", {"body": "Me too"}).status_code == 403


class TestTelling:
    def test_assignee_and_watchers_hear(self, world, ticket, anna, alice, carol) -> None:
        alice.post(f"{LIST}/assignee", {"ids": ticket.id, "assignee": anna.member_id})
        tell_all(world)
        with organization(world.organization_id):
            [told] = db.session.scalars(select(Notification)).all()
            assert (told.member_id, told.reason) == (anna.member_id, Reason.ASSIGNED)
            row = db.session.scalars(select(Ticket)).one()
            receive_reply(row, "Any news?", by=carol.member)
        tell_all(world)
        with organization(world.organization_id):
            latest = db.session.scalars(select(Notification).order_by(Notification.id.desc()).limit(1)).one()
            assert (latest.member_id, latest.reason) == (anna.member_id, Reason.WATCHING)
            assert db.session.scalar(select(func.count()).where(Notification.member_id == carol.member_id)) == 0


def snapshot(ticket: Ticket) -> tuple[object, ...]:
    row = fresh(ticket)
    return row.status, row.priority, row.assigned_agent_id, row.queue_id, borne([row])[row.id]


def many(world, support: int, carol, count: int) -> None:
    """Rows only: lists read nothing else."""
    with organization(world.organization_id):
        last = db.session.scalar(select(func.max(Ticket.number))) or 0
        at = now()
        rows = [
            {
                "organization_id": world.organization_id,
                "number": last + place + 1,
                "subject": f"Ticket {last + place + 1}",
                "queue_id": support,
                "customer_id": carol.member_id,
                "assigned_agent_id": world.cast["anna"].member_id,
                "last_message_at": at,
            }
            for place in range(count)
        ]
        db.session.execute(insert(Ticket), rows)
