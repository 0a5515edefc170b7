"""The queue's page and a ticket's with 10 and with 10,000 tickets: statements, and time against 10."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from app.desk.commands.customers import customer_at
from app.desk.commands.queues import QueueDraft, create_queue
from app.desk.commands.talking import NewTicket, create_tickets
from app.kernel.database import db
from app.kernel.tenancy import enter
from app.organizations.models import Member
from bench.figures import Figure, in_turns
from bench.ground import Ground

FEW, MANY = 10, 10_000
_TOGETHER = 500


def measure(ground: Ground) -> Iterator[Figure]:
    browser = ground.browser()
    pages = {"queue": "/tickets", "ticket": "/tickets/7"}
    _fill(ground, FEW)
    for path in pages.values():
        browser.get(path)
    few = {name: _statements(ground, lambda path=path: browser.get(path)) for name, path in pages.items()}
    times = in_turns({name: lambda path=path: browser.get(path) for name, path in pages.items()}, rounds=12, warm=2)
    _fill(ground, MANY - FEW)
    ground.forget_owed()
    with ground.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE tickets")
    for name, path in pages.items():
        browser.get(path)
        many = _statements(ground, lambda path=path: browser.get(path))
        yield Figure(f"{name} page: statements with {MANY:,} tickets ÷ with {FEW}", many / few[name], "×", 1)
        yield Figure("  statements", many, "")
        later = in_turns({name: lambda path=path: browser.get(path)}, rounds=12, warm=2)
        yield Figure(f"  time with {MANY:,} ÷ with {FEW}", later[name] / times[name], "×")


def _statements(ground: Ground, call) -> int:  # type: ignore[no-untyped-def]
    with ground.statements() as seen:
        call()
    return len(seen)


def _fill(ground: Ground, count: int) -> None:
    with ground.app.app_context():
        enter(ground.stock.organization_id)
        owner = db.session.scalars(sa.select(Member).order_by(Member.id).limit(1)).one()
        queue = create_queue(QueueDraft(name=f"Queue {count}", slug=f"queue-{count}"), by=owner)
        people = [customer_at(f"customer{number}@example.test", f"Customer {number}") for number in range(20)]
        for start in range(0, count, _TOGETHER):
            create_tickets(
                [
                    NewTicket(f"Parcel {number} is late", "Where is it?", people[number % 20], queue=queue)
                    for number in range(start, min(start + _TOGETHER, count))
                ],
                by=owner,
            )
            db.session.commit()
            db.session.expire_all()
        db.session.remove()
