"""Looking into an organization: for a reason, for an hour, reading only, and everybody concerned can see it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import select

from app.accounts.models import User
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import enter, organization
from app.mailboxes.models import OutgoingMail
from app.operating.models import OperatorVisit
from app.organizations.models import Kind, Member
from tests.world import Person, World

REASON = "The import of Monday hangs"


def _enter(oda: Person, world: World) -> None:
    reply = oda.post(f"/operator/organizations/{world.organization_id}/visits", {"reason": REASON})
    assert (reply.status_code, reply.location) == (303, "/acme/")


def test_without_a_visit_an_operator_is_a_stranger(oda: Person) -> None:
    assert oda.get("/acme/").status_code == 404


def test_a_visit_needs_a_reason(oda: Person, world: World) -> None:
    assert oda.post(f"/operator/organizations/{world.organization_id}/visits", {"reason": " "}).status_code == 422
    assert oda.get("/acme/").status_code == 404


def test_on_a_visit_everything_is_read_and_nothing_changed(oda: Person, world: World) -> None:
    issue = world.issue("Printer on fire")
    _enter(oda, world)
    assert oda.get("/acme/").status_code == 200
    assert oda.get(f"/acme/issues/WEB-{issue.number}").status_code == 200
    assert oda.get("/acme/settings").status_code in (403, 404)
    assert oda.post("/acme/issues", {"title": "Mine"}).status_code in (403, 404)
    assert oda.post(f"/acme/issue/{issue.id}/comments", {"body": "Hello"}).status_code == 403
    assert oda.get("/rival/").status_code == 404


def test_the_owners_are_told_and_the_history_keeps_it(oda: Person, world: World) -> None:
    _enter(oda, world)
    with organization(world.organization_id):
        told = db.session.scalars(select(OutgoingMail)).all()
        assert [mail.to_address for mail in told] == ["alice@example.test"]
        assert REASON in told[0].text
        entered = db.session.scalars(select(Activity).where(Activity.verb == "organization.entered")).one()
        assert entered.payload["reason"] == REASON
        reader = db.session.get_one(Member, (world.organization_id, entered.actor_id))
        assert (reader.kind, reader.user_id, reader.left_at is not None) == (Kind.BOT, None, True)


def test_a_visit_ends_by_hand_by_time_and_with_the_office(oda: Person, world: World) -> None:
    _enter(oda, world)
    assert oda.post(f"/operator/organizations/{world.organization_id}/visits/ending").status_code == 303
    assert oda.get("/acme/").status_code == 404
    _enter(oda, world)
    with organization(world.organization_id):
        past = {"began_at": now() - timedelta(hours=2), "ends_at": now() - timedelta(seconds=1)}
        db.session.execute(sa.update(OperatorVisit).where(OperatorVisit.ended_at.is_(None)).values(past))
    assert oda.get("/acme/").status_code == 404
    _enter(oda, world)
    enter(None)
    db.session.execute(sa.update(User).where(User.id == oda.user_id).values(is_operator=False))
    db.session.commit()
    assert oda.get("/acme/").status_code == 404


def test_the_same_reader_comes_each_time_and_takes_no_seat(oda: Person, alice: Person, world: World) -> None:
    _enter(oda, world)
    _enter(oda, world)
    with organization(world.organization_id):
        assert len(db.session.scalars(select(Member).where(Member.kind == Kind.BOT)).all()) == 1
        assert len(db.session.scalars(select(OperatorVisit).where(OperatorVisit.ended_at.is_(None))).all()) == 1
    assert "Oda" not in alice.get("/acme/settings/members").text
