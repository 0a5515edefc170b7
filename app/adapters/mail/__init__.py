"""Mail out: a letter becomes a MIME message, and a carrier takes it: SMTP, or a folder when no server is named."""

from __future__ import annotations

from typing import Protocol

from app.adapters.mail.folder import Folder
from app.adapters.mail.letters import MESSAGE_ID, Letter, LetterPart, MailRefused, check_address, plain_line
from app.adapters.mail.smtp import Smtp
from config import Config

__all__ = [
    "MESSAGE_ID",
    "Carrier",
    "Folder",
    "Letter",
    "LetterPart",
    "MailRefused",
    "Smtp",
    "carrier_for",
    "check_address",
    "plain_line",
]


class Carrier(Protocol):
    """Takes letters. What it does not take it refuses with MailRefused; every other error is a fault of ours."""

    def carry(self, letter: Letter) -> None: ...


def carrier_for(config: Config) -> Carrier:
    """The server of SMTP_URL, else the folder `mail` of the instance. Raises ConfigurationError for an unusable URL."""
    return Smtp.at(config.smtp_url) if config.smtp_url else Folder(config.instance / "mail")
