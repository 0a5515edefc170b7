"""What rooms above do when a person changes or goes. People belong to no organization, so these rooms do not know them.

All of it happens in the transaction of the command that asks; whoever answers leaves the session outside of any
organization again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Face:
    """What colleagues everywhere see of a person."""

    name: str
    job_title: str | None
    avatar: str | None


_followers: list[Callable[[int, Face], None]] = []
_ties: list[Callable[[int], list[str]]] = []
_partings: list[Callable[[int], None]] = []
_endings: list[Callable[[int], None]] = []


def follow_with(follow: Callable[[int, Face], None]) -> None:
    """Let a room take over a person's new name, title and picture."""
    _add(_followers, follow)


def tie_with(ties: Callable[[int], list[str]]) -> None:
    """Let a room name what a person has to hand over before they can go."""
    _add(_ties, ties)


def part_with(part: Callable[[int], None]) -> None:
    """Let a room forget who a person was, just before their account is erased. Raises Refused when that cannot be."""
    _add(_partings, part)


def shut_with(shut: Callable[[int], None]) -> None:
    """Let a room end what acts in a person's name, when their account is shut."""
    _add(_endings, shut)


def show_face(user_id: int, face: Face) -> None:
    for follow in _followers:
        follow(user_id, face)


def ties_of(user_id: int) -> list[str]:
    """Names of what still needs this person."""
    return [name for ties in _ties for name in ties(user_id)]


def part(user_id: int) -> None:
    for leave in _partings:
        leave(user_id)


def shut(user_id: int) -> None:
    for end in _endings:
        end(user_id)


def _add(to: list[Any], function: Any) -> None:
    if function not in to:
        to.append(function)
