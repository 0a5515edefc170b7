"""Who may hand work over. That they also may do what is done on the other side is asked there."""

from __future__ import annotations

from enum import StrEnum

from app.desk.policies import AGENTS
from app.kernel.access import grant


class P(StrEnum):
    HAND_OVER = "ticket:hand_over"


grant(P.HAND_OVER, *AGENTS)
