"""Mails as strangers write them: raw bytes, built line by line, so that nothing tidies what is wrong on purpose."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable

from sqlalchemy import select

from app.desk.commands.queues import QueueDraft, create_queue
from app.desk.models import Ticket, TicketMessage
from app.discussions.models import Comment
from app.documents.models import Document
from app.kernel.access import CLOCK
from app.kernel.database import db
from app.kernel.tenancy import enter
from app.mailboxes.commands import Receipt, receive_mail
from app.mailboxes.models import IncomingMail, OutgoingMail
from tests.world import World

SUPPORT = "support@acme.test"
CAROL = "Carol <carol@example.test>"
_numbers = itertools.count(1)


def mail(text: str = "The printer burns.", *more: str, sender: str = CAROL, **headers: str) -> bytes:
    """A plain mail; `more` are whole header lines, keywords are headers (`message_id="<1@x>"`)."""
    given = {"message_id": f"<{next(_numbers)}@customer.test>", "subject": "Printer on fire", "to": SUPPORT} | headers
    lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in given.items() if value]
    return "\r\n".join([*([f"From: {sender}"] if sender else []), *lines, *more, "", text]).encode()


class Desk:
    """Acme's desk with one queue, whose mail comes in here."""

    def __init__(self, world: World, work: Callable[[], None], *, acknowledges: bool = False) -> None:
        self.world, self.work = world, work
        enter(world.organization_id)
        draft = QueueDraft("Support", address=SUPPORT, acknowledges=acknowledges)
        self.queue_id = create_queue(draft, by=CLOCK).id
        db.session.commit()
        enter(None)

    def take(self, raw: bytes, to: str | None = SUPPORT) -> IncomingMail:
        """Hand a mail over, do all the work that follows, and say what became of it."""
        receipt = self.receive(raw, to)
        self.work()
        return self.mail(receipt)

    def receive(self, raw: bytes, to: str | None = SUPPORT) -> Receipt:
        enter(None)
        return receive_mail(io.BytesIO(raw), to=to)

    def mail(self, receipt: Receipt) -> IncomingMail:
        self.enter(receipt.organization_id)
        return db.session.scalars(select(IncomingMail).where(IncomingMail.id == receipt.mail_id)).one()

    def tickets(self) -> list[Ticket]:
        self.enter()
        return list(db.session.scalars(select(Ticket).order_by(Ticket.number)))

    def said(self, ticket: Ticket) -> list[tuple[str, bool]]:
        """(text, internal) of all that stands in a ticket, oldest first."""
        self.enter()
        rows = select(Document.body, Comment.internal).join(Comment.document)
        here = rows.where(Comment.noun == "ticket", Comment.subject_id == ticket.id).order_by(Comment.id)
        return [(row.body, row.internal) for row in db.session.execute(here)]

    def messages(self, ticket: Ticket) -> list[TicketMessage]:
        self.enter()
        mine = select(TicketMessage).where(TicketMessage.ticket_id == ticket.id)
        return list(db.session.scalars(mine.order_by(TicketMessage.id)))

    def sent(self) -> list[OutgoingMail]:
        self.enter()
        return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))

    def enter(self, organization_id: int | None = -1) -> None:
        db.session.commit()
        db.session.expunge_all()  # what the test holds keeps saying what it said
        enter(self.world.organization_id if organization_id == -1 else organization_id)
