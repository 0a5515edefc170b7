"""Who may hand work over. That they also may do what is done on the other side is asked there."""

from __future__ import annotations

from enum import StrEnum

from app.desk.policies import AGENTS
from app.kernel.access import grant, permissions
from app.kernel.words import lazy


class P(StrEnum):
    HAND_OVER = "ticket:hand_over"


permissions(
    P,
    lazy("Tickets"),
    HAND_OVER=lazy("hand tickets on as issues"),
)

grant(P.HAND_OVER, *AGENTS)
