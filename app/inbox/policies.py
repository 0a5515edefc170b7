"""Who has an inbox: everybody who works here. Customers hear of their tickets by mail alone."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.access import COLLEAGUES, grant


class P(StrEnum):
    #: Read one's own notifications, and watch what one sees.
    USE = "inbox:use"


grant(P.USE, *COLLEAGUES)
