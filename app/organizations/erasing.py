"""What names somebody beside their own row. Rooms above say what of theirs does, and take the names out.

erasing.forget_with("tickets", forget_senders)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

#: (members' ids, the addresses they had): part of the transaction that makes them nameless, and of its row locks.
Forget = Callable[[Sequence[int], Sequence[str]], None]

#: By their key, so that registering again replaces.
_forgetting: dict[str, Forget] = {}


def forget_with(key: str, function: Forget) -> None:
    """Let a room forget who somebody was: a fixed number of statements, however many they are."""
    _forgetting[key] = function


def forget_everywhere(ids: Sequence[int], addresses: Sequence[str]) -> None:
    """Have every room forget them."""
    for function in _forgetting.values():
        function(ids, addresses)
