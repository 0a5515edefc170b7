"""Who makes something of mail: the rooms above say so for their kind of address, and a job asks them.

    filing.file_with("queue", file_ticket)

The function runs inside the organization and inside the transaction that settles the mail: what it makes and the mail's
fate are committed together, so a mail becomes one thing, however often its job runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.kernel.errors import Refused
from app.kernel.words import gettext as _
from app.mailboxes.models import IncomingMail, MailAddress
from app.mailboxes.parsing import Parsed


@dataclass(frozen=True)
class Filed:
    """What a mail became: a row of a noun, and how people call it."""

    noun: str
    subject_id: int
    became: str
    #: How it came to that, when it is not plain: a sentence.
    reason: str = ""


class Ignored(Refused):
    """The mail is no work. The message says why."""


Filer = Callable[[IncomingMail, Parsed, MailAddress], Filed]

_filers: dict[str, Filer] = {}


def file_with(kind: str, filer: Filer) -> None:
    """Let a room file the mail of addresses of this kind."""
    _filers[kind] = filer


def filer_of(kind: str) -> Filer:
    """Raises Refused for a kind that no room files."""
    try:
        return _filers[kind]
    except KeyError:
        raise Refused(_("No part of Trestleboard files mail to this address.")) from None
