"""What is over goes at night: written into a file first, whole, with all that hung on it; or it loses its names."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text

from app.adapters import files
from app.desk.models import Ticket
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.kernel.timers import Timer
from app.organizations.models import Fate, Member, Organization, RetentionArchive, RetentionPolicy
from app.organizations.retention.commands import carry_out_retention, next_round, set_policy
from tests.desk.conftest import Open
from tests.world import Person, World

PAGE = "/acme/settings/retention"


@pytest.fixture
def old(opened: Open, owner: Engine) -> Callable[..., Ticket]:
    """`old("Subject", days=400)`: a ticket of Carol's that was closed so long ago."""

    def make(subject: str, days: int = 400, status: str = "closed") -> Ticket:
        ticket = opened(subject)
        at = now() - timedelta(days=days)
        with owner.begin() as connection:
            connection.execute(
                text("UPDATE tickets SET status = :status, last_message_at = :at, resolved_at = :at WHERE id = :id"),
                {"at": at, "id": ticket.id, "status": status},
            )
        return ticket

    return make


def _decide(world: World, kind: str = "closed_tickets", **rest: object) -> None:
    with organization(world.organization_id):
        here = db.session.get_one(Organization, world.organization_id)
        decided = {"days": 365, "fate": Fate.DELETE, "archive_first": True, "enabled": True, **rest}
        set_policy(here, kind, by=world.cast["alice"].member, **decided)  # type: ignore[arg-type]
        db.session.commit()


def _night(world: World) -> None:
    with organization(world.organization_id):
        carry_out_retention()
        db.session.commit()


def _left(world: World) -> list[str]:
    with organization(world.organization_id):
        return list(db.session.scalars(select(Ticket.subject).order_by(Ticket.id)))


def test_what_is_over_goes_into_a_file_and_the_rest_stays(world: World, old: Callable[..., Ticket]) -> None:
    gone = old("Long ago")
    old("Yesterday", days=1)
    old("Open for ever", status="open")
    _decide(world)
    _night(world)
    assert _left(world) == ["Yesterday", "Open for ever"]
    with organization(world.organization_id):
        archive = db.session.scalars(select(RetentionArchive)).one()
        with files.open_file(archive.file) as file:
            [row] = [json.loads(line) for line in gzip.decompress(file.read()).splitlines()]
        assert row["number"] == gone.number
        assert row["customer"]["email"] == "carol@example.test"
        assert [message["text"] for message in row["messages"]] == ["It smokes."]
        assert db.session.scalars(select(RetentionPolicy.done)).one() == 1


def test_nothing_that_hung_on_it_is_left(
    world: World, old: Callable[..., Ticket], owner: Engine, alice: Person
) -> None:
    ticket = old("Long ago")
    alice.post(f"/acme/tickets/{ticket.number}/replies", {"body": "We look at it", "then": ""})
    old_at = now() - timedelta(days=400)
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE tickets SET status = 'closed', last_message_at = :at, resolved_at = :at"), {"at": old_at}
        )
    _decide(world)
    _night(world)
    with owner.connect() as connection:
        for table in (
            "comments",
            "watchers",
            "attachments",
            "favourites",
            "visits",
            "search_documents",
            "notifications",
        ):
            left = connection.execute(text(f"SELECT count(*) FROM {table} WHERE noun = 'ticket'")).scalar_one()
            assert left == 0, table
        assert connection.execute(text("SELECT count(*) FROM ticket_messages")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM documents WHERE body LIKE '%smokes%'")).scalar_one() == 0
        said = connection.execute(text("SELECT fields::text FROM changes WHERE noun = 'ticket'")).scalars().all()
        assert said
        assert set(said) == {"{}"}


def test_made_nameless_instead(world: World, old: Callable[..., Ticket], owner: Engine) -> None:
    old("Long ago")
    _decide(world, fate=Fate.ANONYMISE)
    _night(world)
    assert _left(world) == ["Long ago"]
    with organization(world.organization_id):
        carol = db.session.scalars(select(Member).where(Member.id == world.cast["carol"].member_id)).one()
        assert carol.name == "Former customer"
        assert carol.email is None
        assert db.session.scalars(select(RetentionPolicy.done)).one() == 1
    _night(world)
    with organization(world.organization_id):
        assert db.session.scalars(select(RetentionPolicy.done)).one() == 1


def test_who_has_something_open_keeps_their_name(world: World, old: Callable[..., Ticket]) -> None:
    old("Long ago")
    old("Still open", days=400, status="open")
    _decide(world, fate=Fate.ANONYMISE)
    _night(world)
    with organization(world.organization_id):
        assert (
            db.session.scalars(select(Member.name).where(Member.id == world.cast["carol"].member_id)).one() == "Carol"
        )


def test_a_night_that_fails_takes_nothing(
    world: World, old: Callable[..., Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    old("Long ago")
    _decide(world)
    with organization(world.organization_id):
        carry_out_retention()
        made = db.session.scalars(select(RetentionArchive.file)).one()
        db.session.rollback()
    assert _left(world) == ["Long ago"]
    with pytest.raises(FileNotFoundError):
        files.open_file(made)


def test_off_is_off_and_the_round_comes_at_three_where_they_are(world: World, old: Callable[..., Ticket]) -> None:
    old("Long ago")
    _decide(world, enabled=False)
    _night(world)
    assert _left(world) == ["Long ago"]
    here = Organization(slug="x", name="X", timezone="Europe/Berlin")
    assert next_round(here, datetime(2026, 7, 1, 0, 30, tzinfo=UTC)) == datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
    assert next_round(here, datetime(2026, 7, 1, 1, 0, tzinfo=UTC)) == datetime(2026, 7, 2, 1, 0, tzinfo=UTC)
    # The night in which three o'clock comes after a gap.
    assert next_round(here, datetime(2026, 3, 28, 12, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_the_page_sets_it_and_the_timer_wakes_it(world: World, alice: Person, bob: Person, mallory: Person) -> None:
    assert "Solved and closed tickets" in alice.get(PAGE).text
    sent = {"enabled": "y", "days": "30", "fate": "anonymise"}
    assert alice.post(f"{PAGE}/closed_tickets", sent).status_code == 303
    with organization(world.organization_id):
        policy = db.session.scalars(select(RetentionPolicy)).one()
        assert (policy.retention_days, policy.fate, policy.archive_first) == (30, Fate.ANONYMISE, False)
        assert db.session.scalars(select(Timer.alarm).where(Timer.key == "retention")).one() == "carry_out_retention"
    assert alice.post(f"{PAGE}/closed_tickets", {**sent, "days": "0"}).status_code == 422
    assert alice.post(f"{PAGE}/read_notifications", sent).status_code == 422
    assert alice.post(f"{PAGE}/nothing", sent).status_code == 404
    assert bob.get(PAGE).status_code == 403
    assert bob.post(f"{PAGE}/closed_tickets", sent).status_code == 403
    assert mallory.get(PAGE).status_code == 404


def test_a_file_is_taken_out_and_thrown_away(
    world: World, old: Callable[..., Ticket], alice: Person, bob: Person
) -> None:
    old("Long ago")
    _decide(world)
    _night(world)
    with organization(world.organization_id):
        archive = db.session.scalars(select(RetentionArchive)).one()
        name, number = archive.file, archive.id
    address = f"{PAGE}/archives/{number}"
    assert bob.get(address).status_code == 403
    got = alice.get(address)
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert b"Long ago" in gzip.decompress(got.data)
    assert alice.post(f"{address}/deletion").status_code == 303
    with pytest.raises(FileNotFoundError):
        files.open_file(name)
    assert alice.get(address).status_code == 404
