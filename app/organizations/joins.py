"""What one joins together with an organization: teams, workspaces, and whatever rooms above hand in.

A kind of place says what a member may invite into, writes it down with an invitation, and lets people in when they
come. Each asks anew whether the inviter may: what they have lost meanwhile is not theirs to give any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """One kind. `offered(member)` gives rows that have `id` and `name`; what is kept is their ids."""

    title: Any
    icon: str
    #: (member) -> the rows that they may invite into.
    offered: Callable[[Any], Sequence[Any]]
    #: (invitation ids, row ids, standing) -> None: written down with new invitations.
    keep: Callable[[Sequence[int], Sequence[int], Any], None]
    #: (invitation ids) -> {invitation id: names of the places}.
    named: Callable[[Sequence[int]], dict[int, list[str]]]
    #: (invitation, member, inviter) -> whether they are somewhere now where they were not.
    join: Callable[[Any, Any, Any], bool]


PLACES: dict[str, Place] = {}


def offer_place(kind: str, place: Place) -> None:
    """Let people be invited into places of a kind. Again replaces."""
    PLACES[kind] = place


def names_of(ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """{invitation id: [(icon, name)]} of all that one joins by them. One statement a kind."""
    found: dict[int, list[tuple[str, str]]] = {number: [] for number in ids}
    for place in PLACES.values() if ids else ():
        for number, names in place.named(ids).items():
            found[number] += [(place.icon, name) for name in names]
    return found
