"""Numbers that rooms above know of what belongs to projects."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_bearers: list[Callable[[Sequence[int]], dict[int, int]]] = []


def count_labels_with(count: Callable[[Sequence[int]], dict[int, int]]) -> None:
    """Let a room say how many of its things bear each of these labels."""
    if count not in _bearers:
        _bearers.append(count)


def bearers_of(label_ids: Sequence[int]) -> dict[int, int]:
    """{label id: how many things bear it}"""
    found: dict[int, int] = {}
    for count in _bearers:
        for label_id, number in count(label_ids).items():
            found[label_id] = found.get(label_id, 0) + number
    return found
