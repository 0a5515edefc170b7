"""Tickets under attack: other organizations, lesser roles, forged ids, hostile mail, notes that must stay inside."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.desk.commands.fields import delete_tickets
from app.desk.commands.queues import QueueDraft, create_queue
from app.desk.commands.talking import MessageFacts, NewTicket, create_tickets
from app.desk.models import Priority, Ticket, TicketMessage
from app.discussions.models import Comment
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.mailboxes.models import OutgoingMail

LIST = "/acme/tickets"
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)><form action=/acme/tickets method=post><input name=a></form>"
    '<a href="javascript:alert(3)">x</a><iframe src="/acme/"></iframe><img src="https://spy.example/pixel.png">'
    "<style>@import url(https://spy.example/x.css)</style>"
    "<p style=\"background:url('https://spy.example/y')\">It smokes</p>"
)


@pytest.fixture
def ticket(world) -> Ticket:
    with organization(world.organization_id):
        carol = world.cast["carol"].member
        create_queue(QueueDraft("Support", address="support@acme.test"), by=world.cast["alice"].member)
        draft = NewTicket("Fire", "It smokes", carol, facts=MessageFacts(html_source=HOSTILE))
        return create_tickets([draft], by=carol)[0]


def message(world, ticket) -> int:
    with organization(world.organization_id):
        return db.session.scalars(select(TicketMessage.comment_id).where(TicketMessage.ticket_id == ticket.id)).one()


def test_nobody_elses_ticket_is_changed_by_its_id(world, ticket, mallory) -> None:
    for path, form in (("status", {"status": "closed"}), ("priority", {"priority": "low"}), ("deletion", {})):
        answer = mallory.post(f"/rival/tickets/{path}", {"ids": ticket.id, **form})
        assert answer.status_code == 404, path
    with organization(world.organization_id):
        assert db.session.scalars(select(Ticket.status)).one() == "new"


def test_one_foreign_id_among_many_changes_none(world, ticket, anna) -> None:
    assert anna.post(f"{LIST}/priority", {"ids": [ticket.id, ticket.id + 999], "priority": "urgent"}).status_code == 404
    with organization(world.organization_id):
        assert db.session.scalars(select(Ticket.priority)).one() is Priority.NORMAL


def test_a_foreign_queue_agent_or_tag_is_refused(world, ticket, anna, bob) -> None:
    with organization(world.rival_id):
        theirs = create_queue(QueueDraft("Theirs"), by=world.cast["mallory"].member).id
    assert anna.post(f"{LIST}/queue", {"ids": ticket.id, "queue": theirs}).status_code == 404
    assert anna.post(f"{LIST}/tags", {"ids": ticket.id, "tag": 999_999}).status_code == 404
    for who in (world.cast["mallory"].member_id, world.cast["carol"].member_id, bob.member_id):
        assert anna.post(f"{LIST}/assignee", {"ids": ticket.id, "assignee": who}).status_code == 422


@pytest.mark.parametrize("value", ["", "lost", "NEW", "new' OR 1=1--", "\0"])
def test_no_status_of_ones_own(ticket, anna, value: str) -> None:
    assert anna.post(f"{LIST}/status", {"ids": ticket.id, "status": value}).status_code in (400, 422)


def test_a_customer_reaches_no_page_of_agents(world, ticket, carol) -> None:
    for path in (LIST, f"{LIST}/rows", f"{LIST}/filters", f"{LIST}/{ticket.number}", f"{LIST}/new", f"{LIST}/deleted"):
        assert carol.get(path).status_code == 403, path
    assert carol.get(f"{LIST}/{ticket.number}/messages/{message(world, ticket)}/html").status_code in (403, 404)
    assert carol.post(f"{LIST}/{ticket.number}/notes", {"body": "Hello"}).status_code == 403


def test_a_note_cannot_be_had_as_a_message(world, ticket, anna) -> None:
    anna.post(f"{LIST}/{ticket.number}/notes", {"body": "Inside"})
    with organization(world.organization_id):
        note = db.session.scalars(select(Comment.id).where(Comment.internal)).one()
    assert anna.get(f"{LIST}/{ticket.number}/messages/{note}/html").status_code == 404


def test_a_reply_in_a_thread_stays_inside(world, ticket, anna) -> None:
    """Nobody answers a customer past the composer: neither by mistake nor by role."""
    parent = message(world, ticket)
    assert (
        anna.post(f"/acme/ticket/{ticket.id}/comments", {"body": "He is a liar", "parent": parent}).status_code == 303
    )
    with organization(world.organization_id):
        assert db.session.scalars(select(Comment).where(Comment.parent_id == parent)).one().internal
        assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 0


def test_hostile_mail_does_nothing_in_its_frame(world, ticket, anna) -> None:
    url = f"{LIST}/{ticket.number}/messages/{message(world, ticket)}/html"
    answer = anna.get(url)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "It smokes" in answer.text
    for trace in ("<script", "onerror", "<form", "javascript:", "<iframe", "spy.example", "@import"):
        assert trace not in answer.text, trace
    asked = anna.get(f"{url}?images").text
    assert "spy.example/pixel.png" in asked
    assert "onerror" not in asked
    page = anna.get(f"{LIST}/{ticket.number}").text
    assert "spy.example" not in page
    assert "alert(" not in page


def test_a_deleted_ticket_is_nowhere(world, ticket, anna, alice) -> None:
    comment = message(world, ticket)
    with organization(world.organization_id):
        row = db.session.scalars(select(Ticket)).one()
        delete_tickets([row], by=alice.member)
    for path in (f"{LIST}/1", f"{LIST}/1?peek", f"{LIST}/1/messages/{comment}/html", f"{LIST}/1/subject"):
        assert anna.get(path).status_code == 404, path
    assert anna.post(f"{LIST}/1/replies", {"body": "x"}).status_code == 404
    assert anna.post(f"{LIST}/1/restoration").status_code == 403
    assert "Fire" not in anna.get(f"{LIST}?view=all").text


def test_who_may_not_delete_does_not_undo_a_deletion(world, ticket, anna, alice) -> None:
    alice.post(f"{LIST}/deletion", {"ids": ticket.id})
    with organization(world.organization_id):
        found = select(Activity.id).where(Activity.verb == "ticket.deleted")
        deletion = db.session.scalars(found).one()
    assert anna.post(f"{LIST}/activities/{deletion}/undo").status_code == 403
    assert alice.post(f"{LIST}/activities/{deletion}/undo").status_code == 303


@pytest.mark.parametrize(
    "query", ["until=1.1", "until=999999999999999999.1", "until=x", "q=%25", "q=%5C", "status=lost"]
)
def test_odd_addresses_of_the_list_are_answered(ticket, anna, query: str) -> None:
    assert anna.get(f"{LIST}?view=all&{query}").status_code == 200


@pytest.mark.parametrize("after", ["x", "1", "999999999999999999.1", "-1.2", "1.1;drop"])
def test_odd_keys_of_the_next_rows_lead_nowhere_or_to_an_end(ticket, anna, after: str) -> None:
    assert anna.get(f"{LIST}/rows?after={after}").status_code in (200, 404)
