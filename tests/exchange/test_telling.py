"""Whoever imports is told when it is over; a thousand new issues tell nobody else anything."""

from __future__ import annotations

from sqlalchemy import select, update

from app.exchange.jobs import ATTEMPTS
from app.exchange.models import Import
from app.inbox.commands import watch
from app.inbox.models import Notification
from app.kernel.database import db
from app.kernel.tenancy import enter
from app.projects.models import Project
from tests.exchange.conftest import Desk
from tests.world import Person, World


def told(world: World) -> list[tuple[int, str]]:
    enter(world.organization_id)
    return [tuple(row) for row in db.session.execute(select(Notification.member_id, Notification.noun))]


def test_the_importer_is_told_once(world: World, desk: Desk, bob: Person, alice: Person) -> None:
    enter(world.organization_id)
    watch(list(db.session.scalars(select(Project))), [alice.member])
    db.session.commit()
    desk.imported("Title,Assignee,Labels\n" + "".join(f"Issue {n},Anna,new {n % 5}\n" for n in range(40)))
    assert told(world) == [(bob.member_id, "import")]
    page = bob.get("/acme/inbox").text
    assert "finished importing" in page
    assert "issues.csv" in page
    assert "40 issues made" in page


def test_the_importer_is_told_of_a_fault(world: World, desk: Desk, bob: Person, alice: Person) -> None:
    desk.check(address := desk.uploaded("Title\nOne\n"))
    desk.person.post(f"{address}/run")
    enter(world.organization_id)
    db.session.execute(update(Import).values(attempts=ATTEMPTS))
    db.session.commit()
    desk.work()
    assert told(world) == [(bob.member_id, "import")]
    assert "had to stop importing" in bob.get("/acme/inbox").text


def test_the_history_of_an_imported_issue_begins_readably(world: World, desk: Desk, alice: Person) -> None:
    desk.imported("Title\nPrinter on fire\n")
    page = alice.get("/acme/issues/WEB-1").text
    assert "Printer on fire" in page
    assert "created" in page
