"""The demo's tickets: what customers wrote to Kestrel Freight, and what became of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import text, update

from app.demo.content import bodies
from app.demo.pages import Deed
from app.desk.commands.customers import customer_at
from app.desk.commands.fields import assign_tickets, move_to_status
from app.desk.commands.queues import QueueDraft, create_queue
from app.desk.commands.talking import (
    MessageFacts,
    NewTicket,
    create_tickets,
    note_on_ticket,
    receive_reply,
    reply_to_ticket,
)
from app.desk.models import Channel, Priority, Queue, Status, Ticket
from app.inbox.commands import follow
from app.kernel.database import db
from app.mailboxes.models import OutgoingMail
from app.organizations.models import Member

#: Who answers.
AGENTS = ("anna", "tomas", "alice")
QUEUES = (
    QueueDraft("Support", "support", "support@kestrel.example", 6, "Kestrel Freight, customer care\n+49 421 555 0100"),
    QueueDraft("Billing", "billing", "billing@kestrel.example", 2, "Kestrel Freight, accounts", acknowledges=True),
    QueueDraft("Drivers", "driver", None, 4),
)
CUSTOMERS = (
    "Carol Dietz",
    "Hugo Brandt",
    "Mei Tanaka",
    "Paul Adeyemi",
    "Ines Costa",
    "Jonas Weber",
    "Aisha Khan",
    "Luc Martin",
    "Rosa Lind",
    "Ewa Nowak",
    "משה לוי",
    "فاطمة الزهراء",
    "Sven Lindqvist",
    "Giulia Romano 🍋",
    "山田花子",
    "Maximiliane-Friederike von und zu Hohenstein-Wittgenstein",
)
_DRIVERS = ("Marek Zieliński", "Dirk Janssen", "Ahmed Yılmaz")
_HTML = (
    '<html><body style="font-family:Georgia"><p>Good morning,</p><p>the map <b>has not moved</b> since last night.</p>'
    '<table border="1" cellpadding="6"><tr><th>Container</th><th>Booking</th></tr>'
    "<tr><td>MSKU 740 318 2</td><td>KF-88214</td></tr></table>"
    '<p><img src="https://dietz-import.example/logo.png" alt="Dietz Import" width="160"></p>'
    '<p style="color:#777">Carol Dietz · Dietz Import GmbH</p></body></html>'
)


@dataclass(frozen=True)
class _Line:
    queue: str
    status: Status
    priority: Priority
    tags: Sequence[str]
    subject: str
    body: str


class _Desk:
    """The desk while its past is told: its queues, and the tickets that stand so far."""

    def __init__(self, members: Mapping[str, Member], now: datetime) -> None:
        self.members, self.now = members, now
        self.choose = random.Random(41)  # noqa: S311 - a story, not a secret
        self.words = bodies("answers.md")
        self.queues: dict[str, Queue] = {}
        self.tickets: dict[int, Ticket] = {}

    def deeds(self) -> list[Deed]:
        """Everything that happened, in the order of tickets, not of time."""
        found: list[Deed] = [(self.now - timedelta(days=60), self._furnish), (self.now, self._settle)]
        for place, line in enumerate(_lines()):
            # Those that wait are young, those that are over are old.
            over = line.status in (Status.RESOLVED, Status.CLOSED)
            hours = self.choose.uniform(90, 900) if over else self.choose.uniform(2.6, 8) ** 2
            found += self._conversation(line, place, self.now - timedelta(hours=hours))
        return found

    def _furnish(self) -> None:
        self.queues = {draft.slug: create_queue(draft, by=self.members["alice"]) for draft in QUEUES}

    def _conversation(self, line: _Line, place: int, at: datetime) -> Iterator[Deed]:
        agent = self.members[self.choose.choice(AGENTS)]
        yield at, partial(self._open, line, place, agent)
        at += timedelta(minutes=self.choose.uniform(2, 15))
        if line.status is not Status.NEW or place % 4 == 0:
            yield at, lambda: assign_tickets([self.tickets[place]], agent, by=agent)
        if line.status is Status.NEW:
            return
        if self.choose.random() < 0.4:
            yield at + timedelta(minutes=1), self._note(place)
        at += timedelta(minutes=2)
        yield at, self._answer(place, agent)
        turns = self.choose.choice((0, 1, 1, 2))
        for turn in range(turns + (line.status is Status.OPEN)):
            at += timedelta(minutes=self.choose.uniform(1, 4))
            yield at, self._back(place)
            if turn < turns:
                at += timedelta(minutes=self.choose.uniform(1, 4))
                yield at, self._answer(place, agent)
        if line.status not in (Status.OPEN, Status.PENDING):
            status = line.status
            yield at + timedelta(minutes=2), lambda: move_to_status([self.tickets[place]], status, by=agent)

    def _open(self, line: _Line, place: int, agent: Member) -> None:
        name = _DRIVERS[place % len(_DRIVERS)] if line.queue == "driver" else _customer(line, place)
        customer = customer_at(f"{_mailbox(name)}@{_firm(name)}.example", name)
        queue, by_phone = self.queues[line.queue], line.queue == "driver" and place % 3 == 0
        draft = NewTicket(
            subject=line.subject,
            body=line.body,
            customer=customer,
            queue=queue,
            channel=Channel.PHONE if by_phone else Channel.EMAIL,
            priority=line.priority,
            tags=line.tags,
            facts=MessageFacts() if by_phone else _facts(customer, queue, place),
        )
        [self.tickets[place]] = create_tickets([draft], by=agent if by_phone else customer)

    def _note(self, place: int) -> Callable[[], object]:
        text, by = self.choose.choice(self.words["note"]), self.members[self.choose.choice(AGENTS)]
        return lambda: note_on_ticket(self.tickets[place], text, by=by)

    def _answer(self, place: int, agent: Member) -> Callable[[], object]:
        text = self.choose.choice(self.words["reply"])
        return lambda: reply_to_ticket(self.tickets[place], text, by=agent, then=Status.PENDING)

    def _back(self, place: int) -> Callable[[], object]:
        text = self.choose.choice(self.words["back"])
        return lambda: receive_reply(self.tickets[place], text, by=self.tickets[place].customer)

    def _settle(self) -> None:
        """Nothing was really mailed, and who answers a ticket or spoke in it watches it."""
        db.session.execute(update(OutgoingMail).values(sent_at=OutgoingMail.created_at, attempts=1))
        pairs = db.session.execute(
            text(
                "SELECT assigned_agent_id, id FROM tickets WHERE assigned_agent_id IS NOT NULL UNION"
                " SELECT c.author_id, c.subject_id FROM comments c JOIN members m"
                " ON m.organization_id = c.organization_id AND m.id = c.author_id"
                " WHERE c.noun = 'ticket' AND m.kind = 'person' ORDER BY 1, 2"
            )
        )
        follow("ticket", [(member_id, ticket_id) for member_id, ticket_id in pairs])


def deeds_at_the_desk(members: Mapping[str, Member], now: datetime) -> list[Deed]:
    """Queues, customers and what they wrote, to be done among the rest of the story. The newest is some hours old."""
    return _Desk(members, now).deeds()


def _lines() -> list[_Line]:
    found = []
    for line in (Path(__file__).parent / "content" / "tickets.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            queue, status, priority, tags, subject, body = line.split("|", 5)
            shown = body.replace("\\n", "\n")
            found.append(_Line(queue, Status(status), Priority(priority), tags.split(","), subject, shown))
    return found


def _customer(line: _Line, place: int) -> str:
    """Who writes in their own script writes in their own language."""
    if line.subject[0] in "מ":
        return "משה לוי"
    if line.subject[0] in "ا":
        return "فاطمة الزهراء"
    others = [name for name in CUSTOMERS if name not in ("משה לוי", "فاطمة الزهراء")]
    return others[place % len(others)]


def _mailbox(name: str) -> str:
    first = "".join(letter for letter in name.split()[0].lower() if letter.isascii() and letter.isalpha())
    return first or f"office{len(name)}"


def _firm(name: str) -> str:
    last = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha())
    return (last[-8:] or f"import-{len(name)}") + "-trade"


def _facts(customer: Member, queue: Queue, place: int) -> MessageFacts:
    address = customer.email or ""
    return MessageFacts(
        from_address=address,
        from_name=customer.name,
        to_addresses=[queue.address] if queue.address else [],
        message_id=f"<demo-{place}@{address.partition('@')[2]}>",
        html_source=_HTML if place == 0 else None,
    )
