"""Mailboxes on other servers that we fetch mail from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.clock import now
from app.kernel.crypto import encrypted, encryption
from app.kernel.database import Model, Tenanted, belongs_to
from app.mailboxes.models.incoming import MailAddress


class Security(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class MailAccount(Tenanted, Model):
    """One folder of one IMAP account. What is new in it is fetched, and marked there as read."""

    __tablename__ = "mail_accounts"
    __table_args__ = (
        *belongs_to("mail_addresses", "address_id"),
        CheckConstraint("interval_minutes BETWEEN 1 AND 1440", name="interval"),
        CheckConstraint("port BETWEEN 1 AND 65535", name="port"),
    )
    __history__ = ("host", "port", "security", "username", "folder", "address_id", "interval_minutes", "enabled")

    #: Whose mail it is: everything in the folder is filed as mail to this address.
    address_id: Mapped[int]
    host: Mapped[str] = mapped_column(String(253))
    port: Mapped[int] = mapped_column(default=993)
    security: Mapped[Security] = mapped_column(default=Security.TLS)
    username: Mapped[str] = mapped_column(String(254))
    #: Encrypted; read and written through `password`.
    secret: Mapped[str]
    folder: Mapped[str] = mapped_column(String(200), default="INBOX")
    interval_minutes: Mapped[int] = mapped_column(default=5)
    enabled: Mapped[bool] = mapped_column(default=True)
    #: The server's number for this folder's life; when it changes, the numbers of mails begin anew.
    uid_validity: Mapped[int | None]
    #: The highest number that was taken.
    last_uid: Mapped[int] = mapped_column(default=0)
    #: Mails up to this number are taken only when nobody has read them: they were there before us. 0: there are none.
    unread_until: Mapped[int] = mapped_column(default=0)
    #: Somebody is at it until then, unless they died.
    claimed_until: Mapped[datetime | None]
    last_checked_at: Mapped[datetime | None]
    #: When it last went well.
    last_success_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))
    fetched_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    address: Mapped[MailAddress] = relationship(foreign_keys="MailAccount.address_id", lazy="raise")

    @property
    def password(self) -> str:
        """In the clear. Raises cryptography's InvalidToken when the instance's secret was changed."""
        return encryption().decrypt(self.secret.encode()).decode()

    @password.setter
    def password(self, plain: str) -> None:
        self.secret = encryption().encrypt(plain.encode()).decode()


encrypted(MailAccount.secret, "passwords of mailboxes")
