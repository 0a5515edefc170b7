"""Mail that came in: the raw file and a row, before anything is made of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model, Tenanted

#: Bytes of the largest mail that is taken.
MOST = 50 * 2**20
#: Filing is tried so often before somebody has to look at the mail.
TRIES = 5
FIRST_PAUSE = timedelta(minutes=1)
#: Days that a mail which was filed or ignored is kept. What could not be filed stays until somebody decides.
INCOMING_KEPT = 90


class Fate(StrEnum):
    """What became of a mail."""

    RECEIVED = "received"
    FILED = "filed"
    IGNORED = "ignored"
    UNREADABLE = "unreadable"
    UNROUTABLE = "unroutable"
    FAILED = "failed"


#: What somebody should look at.
TROUBLED = (Fate.UNREADABLE, Fate.UNROUTABLE, Fate.FAILED)


class MailAddress(Tenanted, Model):
    """An address whose mail is the organization's: a door of kind `address` leads to it, from any plus-tag too."""

    __tablename__ = "mail_addresses"
    __table_args__ = (
        UniqueConstraint("organization_id", "address"),
        Index("ix_mail_addresses_subject", "organization_id", "kind", "subject_id"),
        CheckConstraint("address = lower(address)", name="lower"),
    )
    __history__ = ("address",)

    #: Lower case.
    address: Mapped[str] = mapped_column(String(254))
    #: Who files its mail, as registered by `filing.file_with`: "queue".
    kind: Mapped[str] = mapped_column(String(40))
    #: The row of that kind, as `queues.id`.
    subject_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)


class IncomingMail(Model):
    """A mail as it came. One whose address is nobody's belongs to no organization.

    Its policy is that of outgoing mail: inside an organization only its own is seen, outside of any only what belongs
    to none. The same mail to the same address is one row, however often it is delivered.
    """

    __tablename__ = "incoming_mails"
    __table_args__ = (
        UniqueConstraint("organization_id", "address", "fingerprint"),
        UniqueConstraint("organization_id", "id"),  # rows of an organization point here by both
        ForeignKeyConstraint(
            ["organization_id", "address_id"],
            ["mail_addresses.organization_id", "mail_addresses.id"],
            ondelete="SET NULL (address_id)",
        ),
        Index("ix_incoming_mails_address_id", "organization_id", "address_id"),
        Index("ix_incoming_mails_organization", "organization_id", text("id DESC")),
        Index("ix_incoming_mails_owed", "next_try_at", postgresql_where=text("fate = 'received'")),
        Index("ix_incoming_mails_kept", "received_at"),
    )

    __history__ = ("fate",)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    #: To which of our addresses it came, lower case, without its tag.
    address: Mapped[str] = mapped_column(String(320), default="")
    address_id: Mapped[int | None]
    #: What stood behind the plus in that address.
    tag: Mapped[str] = mapped_column(String(120), default="")
    #: The raw mail, in `adapters.files`. None: it was too large to be taken.
    file: Mapped[str | None] = mapped_column(String(32))
    size_bytes: Mapped[int] = mapped_column(default=0)
    #: SHA-256 of what the sender wrote: a repeat differs only in the marks of its way here.
    fingerprint: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[str | None] = mapped_column(String(998))
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    sender_address: Mapped[str] = mapped_column(String(320), default="")
    recipients: Mapped[list[str]] = mapped_column(default=list)
    subject: Mapped[str] = mapped_column(String(400), default="")
    received_at: Mapped[datetime] = mapped_column(default=now)
    fate: Mapped[Fate] = mapped_column(default=Fate.RECEIVED)
    #: Why it has this fate: a sentence.
    reason: Mapped[str] = mapped_column(String(1000), default="")
    #: What it became: the noun's name, the row's id, and how people call it (#1042).
    noun: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    became: Mapped[str] = mapped_column(String(120), default="")
    #: Somebody wants it filed although a machine wrote it.
    wanted: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=now)

    def settle(self, fate: Fate, reason: str = "") -> None:
        """Nothing more happens to it by itself."""
        self.fate, self.reason = fate, reason[:1000]

    def begin_try(self, at: datetime) -> None:
        """Counted before it is tried: a mail that ends its worker is not tried for ever."""
        self.attempts += 1
        self.next_try_at = at + FIRST_PAUSE * 4 ** (self.attempts - 1)
