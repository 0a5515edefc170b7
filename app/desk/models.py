"""Tickets: incoming work. One ticket is one conversation with a customer; what is said in it are comments on it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted, belongs_to
from app.kernel.words import lazy
from app.organizations.models import Member

SUBJECT_MOST = 300


class Status(StrEnum):
    """Where a conversation stands."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def group(self) -> str:
        """The shape it is drawn with: that of the states of planned work."""
        return _SHAPES[self]

    @property
    def means(self) -> str:
        """What a person who chooses it wants to know."""
        return _MEANS[self]

    @property
    def told(self) -> str:
        """What its customer reads."""
        return _TOLD[self]


_SHAPES = {
    Status.NEW: "backlog",
    Status.OPEN: "unstarted",
    Status.PENDING: "started",
    Status.ON_HOLD: "started",
    Status.RESOLVED: "completed",
    Status.CLOSED: "cancelled",
}
_MEANS = {
    Status.NEW: lazy("nobody has answered yet"),
    Status.OPEN: lazy("waits for us"),
    Status.PENDING: lazy("waits for the customer"),
    Status.ON_HOLD: lazy("waits for somebody else"),
    Status.RESOLVED: lazy("answered; a reply opens it again"),
    Status.CLOSED: lazy("over; a reply begins a new ticket"),
}
_TOLD = {
    Status.NEW: lazy("Received"),
    Status.OPEN: lazy("In progress"),
    Status.PENDING: lazy("Waits for you"),
    Status.ON_HOLD: lazy("In progress"),
    Status.RESOLVED: lazy("Solved"),
    Status.CLOSED: lazy("Closed"),
}
#: Work that is not over.
UNSOLVED = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD)


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def level(self) -> int:
        """Bars of its icon, 1 to 4."""
        return list(Priority).index(self) + 1


class Channel(StrEnum):
    """How a ticket came in."""

    EMAIL = "email"
    PORTAL = "portal"
    WEB = "web"
    PHONE = "phone"
    API = "api"

    @property
    def label(self) -> str:
        return {"email": "Mail", "api": "API"}.get(self.value, self.value.capitalize())


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Queue(Tenanted, Model):
    """Where tickets wait for one team: a mailbox, a topic."""

    __tablename__ = "queues"
    __table_args__ = (
        UniqueConstraint("organization_id", "slug"),
        Index(
            "uq_queues_default",
            "organization_id",
            unique=True,
            postgresql_where=text("is_default AND archived_at IS NULL"),
        ),
        CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{0,38}$'", name="slug_form"),
        CheckConstraint("hue BETWEEN 1 AND 8", name="hue"),
    )
    __history__ = (
        "name",
        "slug",
        "address",
        "hue",
        "is_default",
        "signature",
        "acknowledges",
        "is_public",
        "archived_at",
    )

    name: Mapped[str] = mapped_column(String(60))
    #: Its name in addresses.
    slug: Mapped[str] = mapped_column(String(40))
    #: Where its answers ask to be answered, lower case. None: replies come back to the instance's own address.
    address: Mapped[str | None] = mapped_column(String(254))
    hue: Mapped[int] = mapped_column(default=6)
    #: Tickets that name no queue come here.
    is_default: Mapped[bool] = mapped_column(default=False)
    #: Plain text that stands under each answer.
    signature: Mapped[str] = mapped_column(String(2000), default="")
    #: Whether a customer's new ticket is confirmed by mail.
    acknowledges: Mapped[bool] = mapped_column(default=False)
    #: Whether customers may choose it in the portal, and read its name there.
    is_public: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    archived_at: Mapped[datetime | None]


class Tag(Tenanted, Model):
    """A word that tickets of an organization can bear."""

    __tablename__ = "tags"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("hue BETWEEN 1 AND 8", name="hue"),
    )

    name: Mapped[str] = mapped_column(String(60))
    hue: Mapped[int] = mapped_column(default=6)
    created_at: Mapped[datetime] = mapped_column(default=now)


class TicketTag(Tenanted, Model):
    """A ticket bears a tag. A join table: arrays are not leakproof, so no index would serve them under a policy."""

    __tablename__ = "ticket_tags"
    __table_args__ = (
        UniqueConstraint("organization_id", "ticket_id", "tag_id"),
        *belongs_to("tickets", "ticket_id", ondelete="CASCADE", index=False),
        *belongs_to("tags", "tag_id", ondelete="CASCADE"),
    )

    ticket_id: Mapped[int]
    tag_id: Mapped[int]


class TicketParticipant(Tenanted, Model):
    """A member takes part in a ticket: gets its answers, may answer by mail and, in the portal, read it."""

    __tablename__ = "ticket_participants"
    __table_args__ = (
        UniqueConstraint("organization_id", "ticket_id", "member_id"),
        *belongs_to("tickets", "ticket_id", ondelete="CASCADE", index=False),
        *belongs_to("members", "member_id"),
    )

    ticket_id: Mapped[int]
    member_id: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(default=now)


class Ticket(Tenanted, Model):
    """One conversation with a customer. Spec: helpdesk.Ticket."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        *belongs_to("queues", "queue_id", index=False),
        *belongs_to("members", "customer_id", index=False),
        *belongs_to("members", "assigned_agent_id", index=False),
        *belongs_to("members", "created_by_id"),
        *belongs_to("tickets", "related_ticket_id", ondelete="SET NULL"),
        Index("ix_tickets_recent", "organization_id", "last_message_at", "id"),
        Index("ix_tickets_status", "organization_id", "status", "last_message_at", "id"),
        Index("ix_tickets_queue", "organization_id", "queue_id", "last_message_at", "id"),
        Index("ix_tickets_agent", "organization_id", "assigned_agent_id", "last_message_at", "id"),
        Index("ix_tickets_customer", "organization_id", "customer_id", "last_message_at", "id"),
        Index("ix_tickets_priority", "organization_id", "priority"),
        Index("ix_tickets_created", "organization_id", "created_at"),
    )
    #: The assignee and the tags are told as lists (`assignees`, `tags`): their commands record them themselves.
    __history__ = (
        "subject",
        "status",
        "priority",
        "queue_id",
        "customer_id",
        "category",
        "subcategory",
        "resolved_at",
        "closed_at",
        "deleted_at",
    )

    #: Counted in the organization, never given twice: #1042.
    number: Mapped[int]
    queue_id: Mapped[int]
    subject: Mapped[str] = mapped_column(String(SUBJECT_MOST))
    status: Mapped[Status] = mapped_column(default=Status.NEW)
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL)
    channel: Mapped[Channel] = mapped_column(default=Channel.WEB)
    #: Where exactly it came from: an address, a page, a key's name.
    source: Mapped[str] = mapped_column(String(254), default="")
    category: Mapped[str] = mapped_column(String(60), default="")
    subcategory: Mapped[str] = mapped_column(String(60), default="")
    customer_id: Mapped[int]
    assigned_agent_id: Mapped[int | None]
    created_by_id: Mapped[int | None]
    #: The ticket that it goes on from: one that was closed, or one that its sender named without taking part in it.
    related_ticket_id: Mapped[int | None]
    #: Counts edits of the subject; a form that knew an older one is stale.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    #: When customer or agent last said something openly: the order of all lists.
    last_message_at: Mapped[datetime] = mapped_column(default=now)
    last_customer_message_at: Mapped[datetime | None]
    first_response_at: Mapped[datetime | None]
    #: Set on being resolved, cleared on being opened again.
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    queue: Mapped[Queue] = relationship(foreign_keys="Ticket.queue_id", lazy="raise")
    customer: Mapped[Member] = relationship(foreign_keys="Ticket.customer_id", lazy="raise")
    agent: Mapped[Member | None] = relationship(foreign_keys="Ticket.assigned_agent_id", lazy="raise")
    tags: Mapped[list[Tag]] = relationship(
        secondary="ticket_tags",
        lazy="raise",
        order_by=Tag.name,
        primaryjoin="and_(Ticket.organization_id == TicketTag.organization_id, Ticket.id == TicketTag.ticket_id)",
        secondaryjoin="and_(Tag.organization_id == TicketTag.organization_id, Tag.id == TicketTag.tag_id)",
        viewonly=True,
    )

    @property
    def key(self) -> str:
        """#1042, as people write it."""
        return f"#{self.number}"

    @property
    def is_unsolved(self) -> bool:
        return self.status in UNSOLVED

    def enter_status(self, status: Status, at: datetime) -> None:
        """Stand in a status from `at` on. Closing what was never resolved resolves it too."""
        over = status in (Status.RESOLVED, Status.CLOSED)
        self.status = status
        self.resolved_at = (self.resolved_at or at) if over else None
        self.closed_at = (self.closed_at or at) if status is Status.CLOSED else None


class TicketMessage(Tenanted, Model):
    """What is known of a comment as a message that came from a customer or went to one. One to one with its comment."""

    __tablename__ = "ticket_messages"
    __table_args__ = (
        UniqueConstraint("organization_id", "comment_id"),
        *belongs_to("comments", "comment_id", ondelete="CASCADE", index=False),
        *belongs_to("tickets", "ticket_id", ondelete="CASCADE", index=False),
        Index("ix_ticket_messages_ticket", "organization_id", "ticket_id", "id"),
        Index("ix_ticket_messages_message", "organization_id", "message_id"),
        *belongs_to("incoming_mails", "incoming_mail_id", ondelete="SET NULL"),
        *belongs_to("outgoing_mails", "outgoing_mail_id", ondelete="SET NULL"),
    )

    ticket_id: Mapped[int]
    comment_id: Mapped[int]
    direction: Mapped[Direction]
    from_name: Mapped[str] = mapped_column(String(200), default="")
    from_address: Mapped[str] = mapped_column(String(254), default="")
    to_addresses: Mapped[list[str]] = mapped_column(default=list)
    #: With its angle brackets, as mail programs refer to it.
    message_id: Mapped[str | None] = mapped_column(String(998))
    in_reply_to: Mapped[str | None] = mapped_column(String(998))
    #: The Message-IDs before it, oldest first.
    references: Mapped[list[str]] = mapped_column(default=list)
    #: The raw mail; it goes before its message does.
    incoming_mail_id: Mapped[int | None]
    #: The mail to the customer; others who take part got the same one each.
    outgoing_mail_id: Mapped[int | None]
    #: As it came, hostile. Shown only through a sandboxed frame, cleaned each time.
    html_source: Mapped[str | None]
    #: A bounce came back, or the mail server refused it for good.
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(default=now)
