"""Somebody is made nameless while a mail of theirs arrives: whichever is first, no name stays, no mail is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select

from app.desk import filing as desk_filing
from app.desk.addresses import tag_for
from app.desk.commands.talking import reply_to_ticket
from app.desk.models import Direction, Ticket, TicketMessage
from app.kernel.access import CLOCK
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.mailboxes.jobs import file_mail
from app.mailboxes.models import Fate
from app.organizations.commands import anonymise_members
from app.organizations.models import Kind, Member
from tests.mailboxes.mails import Desk, mail
from tests.postoffice import folder
from tests.world import Person, World

__all__ = ["folder"]
PATIENCE = 20
SHE = "carol@example.test"


@pytest.fixture
def desk(world: World, work: Callable[[], None], folder: object) -> Desk:
    """Acme's desk; its mail comes in at support@acme.test."""
    return Desk(world, work)


def _erase(world: World, *people: Person) -> None:
    with world.app.app_context(), organization(world.organization_id):
        ids = [person.member_id for person in people]
        anonymise_members(db.session.scalars(select(Member).where(Member.id.in_(ids))).all(), by=CLOCK)


def _envelopes(owner: sa.Engine, member_id: int) -> list[str]:
    """All that the messages of a member's tickets say of who sent and got them."""
    asked = (
        "SELECT m.from_name || ' ' || m.from_address || ' ' || m.to_addresses::text"
        " FROM ticket_messages m JOIN tickets t ON t.id = m.ticket_id WHERE t.customer_id = :id"
    )
    with owner.connect() as connection:
        return list(connection.execute(sa.text(asked), {"id": member_id}).scalars())


def _nameless(owner: sa.Engine, carol: Person) -> None:
    """Nothing of the former Carol names her: not her row, not her history, not the envelopes of her tickets."""
    row = "SELECT name, email, user_id, left_at IS NOT NULL FROM members WHERE id = :id"
    told = "SELECT fields::text FROM changes WHERE noun = 'member' AND subject_id = :id"
    with owner.connect() as connection:
        found = connection.execute(sa.text(row), {"id": carol.member_id}).one()
        assert tuple(found) == ("Former customer", None, None, True)
        history = list(connection.execute(sa.text(told), {"id": carol.member_id}).scalars())
    for said in [*history, *_envelopes(owner, carol.member_id)]:
        assert "carol" not in said.lower()


def test_a_mail_that_came_first_is_made_nameless_with_her(
    world: World, desk: Desk, carol: Person, owner: sa.Engine
) -> None:
    taken = desk.take(mail())
    (ticket,) = desk.tickets()
    reply_to_ticket(ticket, "Bring water.", by=world.cast["anna"].member)
    db.session.commit()
    assert len([said for said in _envelopes(owner, carol.member_id) if SHE in said]) == 2
    _erase(world, carol)
    _nameless(owner, carol)
    assert (taken.fate, ticket.customer_id) == (Fate.FILED, carol.member_id)
    assert [text for text, _ in desk.said(ticket)] == ["The printer burns.", "Bring water."], "what was said stays"
    answer = desk.messages(ticket)[-1]
    assert (answer.direction, answer.from_name, answer.to_addresses) == (Direction.OUT, "Anna", [])


def test_others_who_wrote_keep_their_names(world: World, desk: Desk, carol: Person) -> None:
    desk.take(mail())
    desk.take(mail(sender="Dora <dora@customer.test>"))
    _erase(world, carol)
    mine, hers = desk.tickets()
    assert [message.from_address for message in desk.messages(mine)] == [""]
    assert [(one.from_name, one.from_address) for one in desk.messages(hers)] == [("Dora", "dora@customer.test")]


def test_a_mail_that_comes_after_is_a_strangers(world: World, desk: Desk, carol: Person, owner: sa.Engine) -> None:
    """It finds nobody of that address: a new customer, who takes no part in what the former one began."""
    desk.take(mail())
    (before,) = desk.tickets()
    tagged = f"support+{tag_for(before.id)}@acme.test"
    waiting = desk.receive(mail("And now the paper."), to=tagged)
    _erase(world, carol)
    desk.work()
    assert desk.mail(waiting).fate is Fate.FILED
    _, after = desk.tickets()
    assert (after.related_ticket_id, after.customer_id != carol.member_id) == (before.id, True)
    assert desk.said(after) == [("And now the paper.", False)]
    assert len(desk.said(before)) == 1
    _nameless(owner, carol)


def _waits_for_a_lock(owner: sa.Engine) -> bool:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with owner.connect() as connection:
        return bool(connection.execute(sa.text(asked)).scalar_one())


def _until_one_waits(owner: sa.Engine, other: threading.Thread) -> None:
    """The other one has run into a row that is held, or is done."""
    tick = threading.Event()
    for _ in range(PATIENCE * 100):
        if not other.is_alive() or _waits_for_a_lock(owner):
            return
        tick.wait(0.01)
    raise AssertionError("neither waits nor ends")


class Meanwhile(threading.Thread):
    """Does something in a thread, with an application context of its own; what it raised is raised by `done`."""

    def __init__(self, world: World, does: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.world, self.does = world, does
        self.error: BaseException | None = None

    def run(self) -> None:
        with self.world.app.app_context():
            try:
                self.does()
            except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
                self.error = error
            finally:
                db.session.remove()

    def done(self) -> None:
        self.join(PATIENCE)
        assert not self.is_alive(), "it hangs"
        if self.error:
            raise self.error


def _file(world: World, mail_id: int) -> None:
    with organization(world.organization_id):
        file_mail(mail_id)


def test_erasing_waits_for_a_mail_that_has_found_her(
    world: World, desk: Desk, carol: Person, owner: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst moment: her row was found, and nothing is written yet."""
    receipt = desk.receive(mail())
    erasing = Meanwhile(world, lambda: _erase(world, carol))
    find = desk_filing.customer_at

    def find_and_linger(*args: Any, **named: Any) -> Member:
        found = find(*args, **named)
        erasing.start()
        _until_one_waits(owner, erasing)
        return found

    monkeypatch.setattr(desk_filing, "customer_at", find_and_linger)
    filing = Meanwhile(world, lambda: _file(world, receipt.mail_id))
    filing.start()
    filing.done()
    erasing.done()
    filed = desk.mail(receipt)
    assert (filed.fate, filed.attempts) == (Fate.FILED, 1), "at the first try: nobody was a deadlock's victim"
    (ticket,) = desk.tickets()
    assert ticket.customer_id == carol.member_id
    _nameless(owner, carol)


def test_a_mail_waits_for_an_erasure_that_has_begun(world: World, desk: Desk, carol: Person, owner: sa.Engine) -> None:
    receipt = desk.receive(mail())
    filing = Meanwhile(world, lambda: _file(world, receipt.mail_id))
    with world.app.app_context(), organization(world.organization_id):
        anonymise_members([db.session.get_one(Member, (world.organization_id, carol.member_id))], by=CLOCK)
        db.session.flush()
        filing.start()
        _until_one_waits(owner, filing)
    filing.done()
    filed = desk.mail(receipt)
    assert (filed.fate, filed.attempts) == (Fate.FILED, 1)
    (ticket,) = desk.tickets()
    assert ticket.customer_id != carol.member_id
    _nameless(owner, carol)


def test_both_at_once_again_and_again(world: World, desk: Desk, carol: Person, owner: sa.Engine) -> None:
    """Three mails and two erasures set out together: all are through, and each mail is a ticket's."""
    receipts = [desk.receive(mail(f"Number {count}.")) for count in range(3)]
    start = threading.Barrier(5)

    def together(does: Callable[[], None]) -> Meanwhile:
        def after_all_are_here() -> None:
            start.wait(PATIENCE)
            does()

        return Meanwhile(world, after_all_are_here)

    filings = [together(lambda mail_id=receipt.mail_id: _file(world, mail_id)) for receipt in receipts]  # type: ignore[misc]
    both = [*filings, *(together(lambda: _erase(world, carol)) for _ in range(2))]
    for one in both:
        one.start()
    for one in both:
        one.done()
    assert {(desk.mail(receipt).fate, desk.mail(receipt).attempts) for receipt in receipts} == {(Fate.FILED, 1)}
    assert len(desk.tickets()) == 3
    with organization(world.organization_id):
        assert db.session.scalar(select(func.count()).select_from(TicketMessage)) == 3
        again = select(func.count()).where(Member.email == SHE, Member.kind == Kind.CUSTOMER)
        assert (db.session.scalar(again) or 0) <= 1, "at most one new customer of that address"
        assert {ticket.customer_id for ticket in db.session.scalars(select(Ticket))}
    _nameless(owner, carol)
