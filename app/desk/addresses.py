"""The address that an answer asks to be answered at: the queue's own, with a tag that names the ticket and is signed.

`support+t1042-k5fy…@acme.example`. Who knows the tag of a ticket has had mail about it, or guesses 80 bits. It still
does not let anybody into the ticket: filing also asks whether the sender takes part.
"""

from __future__ import annotations

import base64
import hmac
import re

from app.desk.models import Queue, Ticket
from app.kernel.crypto import seals
from app.kernel.database import current_organization_id

_TAG = re.compile(r"t([1-9][0-9]{0,17})-([a-z2-7]{16})")
#: Octets of a local part that mail servers take (RFC 5321).
_LONGEST = 64


def address_for(ticket: Ticket, queue: Queue) -> str | None:
    """Where mail about a ticket is to be sent. None when its queue has no address, or one too long to carry a tag."""
    if not queue.address:
        return None
    local, _, host = queue.address.partition("@")
    tagged = f"{local}+{tag_for(ticket.id)}"
    return f"{tagged}@{host}" if len(tagged) <= _LONGEST else queue.address


def tag_for(ticket_id: int) -> str:
    """What stands behind the plus."""
    return f"t{ticket_id}-{_signatures(ticket_id)[0]}"


def ticket_id_of(tag: str) -> int | None:
    """The ticket that a tag names, if we of this organization have signed it; None for all else."""
    found = _TAG.fullmatch(tag.strip().lower())
    if not found:
        return None
    ticket_id, given = int(found[1]), found[2]
    fits = [hmac.compare_digest(given, good) for good in _signatures(ticket_id)]
    return ticket_id if any(fits) else None


def _signatures(ticket_id: int) -> list[str]:
    """By the newest secret first; lower-case base32, because mail servers change the case of local parts."""
    bound = f"{current_organization_id()}:{ticket_id}"
    return [base64.b32encode(seal[:10]).decode().lower() for seal in seals("ticket-address", bound)]
