"""What rooms above do when groups change, and what they show on the pages of groups. Data and functions, handed in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

#: Asked for the numbers of teams and workspaces whose people, or what they open, changed.
Moved = Callable[[Collection[int], Collection[int]], None]

_listeners: dict[str, Moved] = {}


@dataclass(frozen=True)
class Part:
    """A template on the page of a group, shown with `part`: what `facts(group, member)` gave."""

    template: str
    facts: Callable[[Any, Any], Any]


#: By the noun's name: {name of the part: it}.
PARTS: dict[str, dict[str, Part]] = {"team": {}, "workspace": {}}


def when_access_moves(room: str, listener: Moved) -> None:
    """Let a room hear, in the same transaction, that somebody may have lost or won a way in. Again replaces."""
    _listeners[room] = listener


def access_moved(*, teams: Collection[int] = (), workspaces: Collection[int] = ()) -> None:
    for listener in _listeners.values():
        listener(teams, workspaces)


def show_part(noun: str, name: str, part: Part) -> None:
    PARTS[noun][name] = part


def parts_of(noun: str, group: Any, member: Any) -> list[tuple[str, Any]]:
    """The templates to include and what each is shown with."""
    return [(part.template, part.facts(group, member)) for part in PARTS[noun].values()]
