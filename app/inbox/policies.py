"""Who has an inbox: everybody who works here. Customers hear of their tickets by mail alone."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.access import COLLEAGUES, grant, permissions
from app.kernel.words import lazy


class P(StrEnum):
    #: Read one's own notifications, and watch what one sees.
    USE = "inbox:use"


permissions(
    P,
    lazy("Inbox"),
    USE=lazy("get notifications, and watch what they see"),
)

grant(P.USE, *COLLEAGUES)
