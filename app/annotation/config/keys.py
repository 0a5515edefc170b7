"""Which keys pick options on the page of a task."""

from __future__ import annotations

#: Keys of the page itself: go, instructions, next and former region, undo.
TAKEN = frozenset("gijkz")
#: Given to options in this order, as Label Studio does: digits first, then the left hand.
AUTOMATIC = tuple(key for key in "1234567890qwertasdfxcvbyuiophjklnm" if key not in TAKEN)
