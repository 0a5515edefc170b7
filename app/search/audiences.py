"""The keys that say who may find something. A row is found by members who hold one of its keys, and see it.

Known to all rooms: `colleagues`, `member:<id>`, and every permission (`ticket:view`). A room whose rows are found by
others of a kind says which of its keys a member holds: `hold("projects", lambda member: ["project:3", …])`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.organizations.models import Member

COLLEAGUES = "colleagues"

Keys = Callable[[Member], Sequence[str]]

_holders: dict[str, Keys] = {}


def hold(room: str, keys: Keys) -> None:
    """Let a room say which of its keys a member holds. One statement at most; saying it again replaces."""
    _holders[room] = keys


def keys_of(member: Member) -> list[str]:
    """All keys that `member` holds."""
    keys = [f"member:{member.id}", *member.permissions]
    if member.is_colleague:
        keys.append(COLLEAGUES)
    for held in _holders.values():
        keys += held(member)
    return keys
