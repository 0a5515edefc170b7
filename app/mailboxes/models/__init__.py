"""Raw mail, out and in, and where it comes from."""

from app.mailboxes.models.accounts import MailAccount, Security
from app.mailboxes.models.incoming import (
    FIRST_PAUSE,
    INCOMING_KEPT,
    MOST,
    TRIES,
    TROUBLED,
    Fate,
    IncomingMail,
    MailAddress,
)
from app.mailboxes.models.outgoing import ATTEMPTS, FIRST_WAIT, KEPT, LONGEST_WAIT, OutgoingMail

__all__ = [
    "ATTEMPTS",
    "FIRST_PAUSE",
    "FIRST_WAIT",
    "INCOMING_KEPT",
    "KEPT",
    "LONGEST_WAIT",
    "MOST",
    "TRIES",
    "TROUBLED",
    "Fate",
    "IncomingMail",
    "MailAccount",
    "MailAddress",
    "OutgoingMail",
    "Security",
]
