"""What somebody holds who is to go. Rooms above say what of theirs that is, and how it is handed over.

leaving.holds(lazy("Open issues"), count=open_issues_of, hand_over=hand_over_issues)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.kernel.access import Actor
from app.organizations.models import Member

#: (leaver, successor or None, by): one command, all that the leaver holds. None leaves it to nobody.
HandOver = Callable[[Member, Member | None, Actor], None]


@dataclass(frozen=True)
class Holding:
    """One kind of work: what it is called, how much of it somebody has, and how it changes hands."""

    title: Any
    count: Callable[[Member], int]
    hand_over: HandOver
    #: What becomes of it without a successor.
    otherwise: Any


#: By their key, so that registering again replaces.
_holdings: dict[str, Holding] = {}


def holds(key: str, title: Any, *, count: Callable[[Member], int], hand_over: HandOver, otherwise: Any) -> None:
    """Let a room say what somebody holds. `count` is one statement; the texts are lazy."""
    _holdings[key] = Holding(title, count, hand_over, otherwise)


def holdings_of(member: Member) -> Sequence[tuple[Holding, int]]:
    """All that somebody holds, with how much it is; what they have none of is left out. A statement a kind."""
    counted = [(holding, holding.count(member)) for holding in _holdings.values()]
    return [(holding, count) for holding, count in counted if count]


def hand_over(member: Member, to: Member | None, *, by: Actor) -> None:
    """Give all that somebody holds to another one, or to nobody."""
    for holding, _ in holdings_of(member):
        holding.hand_over(member, to, by)
