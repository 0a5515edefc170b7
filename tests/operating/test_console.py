"""The console: who gets in, what it lists at which cost, and what its buttons do."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event, select

from app.accounts.models import SecurityEvent, User, UserSession
from app.kernel import jobs, outcomes, timers
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.outbox import ATTEMPTS
from app.kernel.tenancy import enter, organization
from app.mailboxes.commands import post_mail
from app.mailboxes.commands.receiving import receive_mail
from app.mailboxes.models import Fate, IncomingMail, OutgoingMail
from app.operating.reading import engine, reading
from app.organizations.models import Organization
from tests.world import Person, World

PAGES = ("", "/jobs", "/timers", "/outbox", "/mails", "/incoming", "/backfills", "/users", "/organizations")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_an_operator_and_is_not_there_for_an_owner(page: str, oda: Person, alice: Person) -> None:
    assert oda.get(f"/operator{page}").status_code == 200
    assert alice.get(f"/operator{page}").status_code == 404


def test_an_operator_proves_who_sits_there_before_anything_is_shown(oda: Person) -> None:
    enter(None)
    old = now() - timedelta(hours=1)
    db.session.execute(sa.update(UserSession).where(UserSession.user_id == oda.user_id).values(reauthenticated_at=old))
    db.session.commit()
    reply = oda.get("/operator")
    assert reply.status_code == 303
    assert "/operator" in reply.location


def test_who_is_no_operator_any_more_is_out_at_once(oda: Person) -> None:
    enter(None)
    db.session.execute(sa.update(User).where(User.id == oda.user_id).values(is_operator=False))
    db.session.commit()
    assert oda.get("/operator").status_code == 404


def _counted(oda: Person, path: str) -> int:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    with oda.app.app_context():
        found = engine()
    event.listen(found, "before_cursor_execute", note)
    try:
        assert oda.get(path).status_code == 200
    finally:
        event.remove(found, "before_cursor_execute", note)
    return len(seen)


def test_lists_cost_the_same_however_long_they_are(oda: Person, world: World) -> None:
    before = {path: _counted(oda, path) for path in ("/operator/timers", "/operator/outbox", "/operator/mails")}
    with organization(world.organization_id):
        for number in range(70):
            timers.wake("ring_a_bell", number, at=now() + timedelta(days=1))
            post_mail(f"p{number}@example.test", "Subject", "Text")
        db.session.add_all(Activity(verb="issue.created", noun="issue", subject_id=n) for n in range(70))
    assert {path: _counted(oda, path) for path in before} == before
    first = oda.get("/operator/timers").text
    assert first.count('id="timer-') == 50
    assert "timers-more" in first


def test_the_operators_role_cannot_write_nor_read_what_people_say(app: Flask, world: World) -> None:
    for statement in (
        "UPDATE timers SET attempts = 0",
        "SELECT text FROM outgoing_mails",
        "SELECT title FROM issues",
        "SELECT email FROM members",
        "SELECT password_hash FROM users",
        "DELETE FROM activities",
    ):
        with app.app_context(), pytest.raises(sa.exc.DBAPIError), reading() as connection:
            connection.execute(sa.text(statement))


def test_a_failed_job_is_listed_without_values_and_sent_again(oda: Person, world: World, work) -> None:
    tries: list[int] = []

    @jobs.job
    def stumble(number: int) -> None:
        tries.append(number)
        if len(tries) == 1:
            db.session.execute(sa.text("SELECT CAST(:secret AS integer)"), {"secret": "hunter" + str(number - 5)})

    jobs.send("stumble", world.organization_id, (7,), "stumble-1")
    work()
    page = oda.get("/operator/jobs").text
    assert "stumble" in page
    assert "hunter2" not in page
    (failure,) = outcomes.failures(jobs.redis())
    assert failure.arguments == [7]
    assert oda.post(f"/operator/failures/{failure.key}/again").status_code == 303
    work()
    assert tries == [7, 7]
    assert oda.post(f"/operator/failures/{failure.key}/deletion").status_code == 404
    assert outcomes.counts(jobs.redis())[("stumble", "failed")] == 1
    assert outcomes.counts(jobs.redis())[("stumble", "done")] == 1


def test_a_timer_that_was_given_up_rings_again(oda: Person, world: World) -> None:
    with organization(world.organization_id):
        timers.wake("ring_a_bell", 5, at=now() + timedelta(days=9))
        row = db.session.scalars(select(timers.Timer)).one()
        row.attempts = timers.ATTEMPTS
        number = row.id
    path = f"/operator/timers/{world.organization_id}/{number}/ringing"
    assert oda.post(path).status_code == 303
    with organization(world.organization_id):
        row = db.session.scalars(select(timers.Timer)).one()
        assert row.attempts == 0
        assert row.wake_at <= now()
    assert oda.post(f"/operator/timers/{world.rival_id}/{number}/ringing").status_code == 404


def test_what_was_given_up_is_told_again(oda: Person, world: World, work) -> None:
    with organization(world.organization_id):
        db.session.add(
            Activity(verb="member.joined", noun="member", subject_id=1, attempts=ATTEMPTS, error="inbox: KeyError")
        )
    assert "inbox: KeyError" in oda.get("/operator/outbox").text
    assert oda.post(f"/operator/outbox/{world.organization_id}/dispatch").status_code == 303
    work()
    with organization(world.organization_id):
        row = db.session.scalars(select(Activity).where(Activity.verb == "member.joined")).one()
        assert row.dispatched_at is not None
        assert row.error is None


def test_mail_that_was_given_up_is_sent_and_what_waits_is_given_up(oda: Person, world: World, work) -> None:
    with organization(world.organization_id):
        lost, waiting = post_mail("a@example.test", "One", "Text"), post_mail("b@example.test", "Two", "Text")
        lost.refuse("550 no such user", permanent=True, at=now())
        waiting.refuse("421 later", permanent=False, at=now())
    page = oda.get("/operator/mails").text
    assert "550 no such user" in page
    assert "One" not in page, "what mail says stays with its organization"
    assert oda.post(f"/operator/mails/{lost.id}/again").status_code == 303
    assert oda.post(f"/operator/mails/{waiting.id}/cancellation").status_code == 303
    work()
    with organization(world.organization_id):
        rows = {row.to_address: row for row in db.session.scalars(select(OutgoingMail))}
    assert rows["a@example.test"].sent_at is not None
    assert rows["b@example.test"].failed_at is not None
    assert oda.post(f"/operator/mails/{waiting.id}/cancellation").status_code == 409


RAW = b"From: Hugo <hugo@brandt.example>\r\nTo: nobody@acme.example\r\nSubject: Toner\r\n\r\n<script>alert(1)</script>"


def test_mail_without_a_home_is_read_as_text_and_deleted_with_its_file(oda: Person, world: World) -> None:
    receipt = receive_mail(io.BytesIO(RAW), to="nobody@acme.example")
    page = oda.get(f"/operator/incoming/{receipt.mail_id}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert oda.post(f"/operator/incoming/{receipt.mail_id}/filing").status_code == 409, "its address is still nobody's"
    assert oda.post(f"/operator/incoming/{receipt.mail_id}/deletion").status_code == 303
    with organization(None):
        assert db.session.scalars(select(IncomingMail)).all() == []
        kinds = db.session.scalars(select(SecurityEvent.kind).order_by(SecurityEvent.id)).all()
    assert "operator.mail_read" in kinds
    assert "operator.mail_deleted" in kinds


def test_an_organizations_mail_that_could_not_be_filed_is_tried_again(oda: Person, world: World) -> None:
    with organization(world.organization_id):
        row = IncomingMail(fingerprint="f" * 64, fate=Fate.FAILED, reason="Broken", subject="Toner")
        row.organization_id = world.organization_id
        db.session.add(row)
        db.session.flush()
        number = row.id
    assert "Broken" in oda.get("/operator/incoming").text
    assert oda.post(f"/operator/incoming/{number}/filing").status_code == 303
    with organization(world.organization_id):
        assert db.session.scalars(select(IncomingMail)).one().fate is Fate.RECEIVED


def test_an_account_is_shut_signed_out_and_opened(oda: Person, bob: Person) -> None:
    assert bob.get("/acme/").status_code == 200
    assert oda.post(f"/operator/users/{bob.user_id}/shutting").status_code == 303
    assert bob.get("/acme/").status_code == 303
    assert oda.post(f"/operator/users/{bob.user_id}/opening").status_code == 303
    enter(None)
    assert db.session.get_one(User, bob.user_id, populate_existing=True).deactivated_at is None
    assert bob.get("/acme/").status_code == 303, "the browser stays signed out"
    assert oda.post(f"/operator/users/{oda.user_id}/shutting").status_code == 409


def test_the_last_operator_stays_and_another_one_is_made(oda: Person, alice: Person) -> None:
    assert oda.post(f"/operator/users/{oda.user_id}/demotion").status_code == 409
    assert oda.post(f"/operator/users/{alice.user_id}/promotion").status_code == 303
    assert alice.get("/operator").status_code == 200
    assert oda.post(f"/operator/users/{oda.user_id}/demotion").status_code == 303
    assert oda.get("/operator").status_code in (303, 404)


def test_people_and_organizations_are_found_by_address(oda: Person, alice: Person) -> None:
    found = oda.get("/operator/users?search=ALICE@").text
    assert "alice@example.test" in found
    assert "bob@example.test" not in found
    assert oda.get(f"/operator/users/{alice.user_id}").status_code == 200
    assert "Rival" in oda.get("/operator/organizations?search=riv").text
    assert "Nobody found" in oda.get("/operator/users?search=%25").text


def test_the_plan_is_the_operators_to_say(oda: Person, world: World) -> None:
    path = f"/operator/organizations/{world.organization_id}"
    assert oda.post(f"{path}/plan", {"plan": "business"}).status_code == 303
    assert oda.post(f"{path}/plan", {"plan": "golden"}).status_code == 422
    with organization(world.organization_id):
        assert db.session.get_one(Organization, world.organization_id).plan.value == "business"
