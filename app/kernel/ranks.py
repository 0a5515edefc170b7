"""Manual order as text: between any two ranks there is always another.

Ranks compare bytewise (columns use COLLATE "C"). Dropping ten thousand times at one place makes ranks long, so whoever
meets a rank longer than CROWDED spreads the whole order anew (`ranks_between(None, None, count)`).
"""

from __future__ import annotations

from fractional_indexing import generate_key_between, generate_n_keys_between

#: Length of a rank, in characters, past which an order wants spreading.
CROWDED = 60


def rank_between(below: str | None, above: str | None) -> str:
    """A rank after `below` and before `above` (None: the very start or end). Raises FIError when not in order."""
    return generate_key_between(below, above)


def ranks_between(below: str | None, above: str | None, count: int) -> list[str]:
    """`count` ranks in order between two, evenly spread."""
    return generate_n_keys_between(below, above, count)
