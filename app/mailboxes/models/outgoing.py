"""Outgoing mail is a row first, so that it is never lost; it is sent at least once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Identity, Index, String, UniqueConstraint, and_, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
#: After this many tries, about two days, a mail is given up.
ATTEMPTS = 16
#: Days that settled mail is kept for reading.
KEPT = 30


class OutgoingMail(Model):
    """A mail to one address. Those of accounts (verification, reset) belong to no organization.

    Its policy is `organization_id IS NOT DISTINCT FROM app_org()`: inside an organization only its mail is seen,
    outside of one only that of accounts.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        UniqueConstraint("message_id"),
        UniqueConstraint("organization_id", "id"),  # rows of an organization point here by both
        Index("ix_outgoing_mails_owed", "next_try_at", postgresql_where=text("sent_at IS NULL AND failed_at IS NULL")),
        Index("ix_outgoing_mails_organization", "organization_id", text("id DESC")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    #: The same one on every try, so that a repeat can be recognised.
    message_id: Mapped[str] = mapped_column(String(200))
    to_address: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(400))
    text: Mapped[str]
    html: Mapped[str | None]
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: The name before our address; None: as configured.
    sender_name: Mapped[str | None] = mapped_column(String(120))
    reply_to: Mapped[str | None] = mapped_column(String(320))
    in_reply_to: Mapped[str | None] = mapped_column(String(998))
    #: The Message-IDs of the thread, oldest first.
    thread: Mapped[list[str]] = mapped_column(default=list)
    #: Whether a machine wrote it; a person's reply is not, and does not say so.
    automatic: Mapped[bool] = mapped_column(default=True)
    #: Files that go along, as `MailPart` has them; `file` is this mail's own copy and is deleted with it.
    parts: Mapped[list[dict[str, str | None]]] = mapped_column(JSONB, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
    next_try_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None]

    @hybrid_property
    def is_owed(self) -> bool:
        """Neither handed over nor given up."""
        return self.sent_at is None and self.failed_at is None

    @is_owed.inplace.expression
    @classmethod
    def _is_owed(cls) -> ColumnElement[bool]:
        return and_(cls.sent_at.is_(None), cls.failed_at.is_(None))

    def accept(self, at: datetime) -> None:
        """A carrier has taken it."""
        self.attempts, self.sent_at, self.error = self.attempts + 1, at, None

    def refuse(self, why: str, *, permanent: bool, at: datetime) -> None:
        """A carrier has not taken it: again later, each time twice as late, or never."""
        self.attempts += 1
        self.error = why[:2000]
        self.next_try_at = at + min(FIRST_WAIT * 2 ** (self.attempts - 1), LONGEST_WAIT)
        if permanent or self.attempts >= ATTEMPTS:
            self.failed_at = at
