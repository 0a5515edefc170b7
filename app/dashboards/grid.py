"""The grid: nothing overlaps and nothing floats. What was moved gets its place, the others give way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.dashboards.models.dashboards import COLUMNS, HEIGHT_MOST, ROWS_MOST


class Place(NamedTuple):
    """In columns and rows, from the top left."""

    x: int
    y: int
    w: int
    h: int

    def meets(self, other: Place) -> bool:
        return (
            self.x < other.x + other.w
            and other.x < self.x + self.w
            and self.y < other.y + other.h
            and other.y < self.y + self.h
        )


def within(place: Place) -> Place:
    """The nearest place that is on the grid."""
    w, h = max(1, min(COLUMNS, place.w)), max(1, min(HEIGHT_MOST, place.h))
    return Place(max(0, min(COLUMNS - w, place.x)), max(0, min(ROWS_MOST - h, place.y)), w, h)


def arranged(standing: Mapping[int, Place], moved: Mapping[int, Place]) -> dict[int, Place]:
    """Everybody's place once `moved` are where they were put: who is in the way goes above if there is room, else
    below; then all close up.
    """
    wanted = {one: within(place) for one, place in {**standing, **moved}.items()}
    order = sorted(wanted, key=lambda one: (one not in moved, wanted[one].y, wanted[one].x, one))
    held: dict[int, Place] = {}
    for one in order:
        place, others = wanted[one], list(held.values())
        in_the_way = [held[other] for other in moved if other in held and held[other].meets(place)]
        above = _above(place, in_the_way, others) if one not in moved and in_the_way else None
        held[one] = above or _down(place, others)
    settled: dict[int, Place] = {}
    for one in sorted(held, key=lambda other: (held[other].y, held[other].x, other)):
        settled[one] = _up(held[one], list(settled.values()))
    return settled


def free_place(standing: Mapping[int, Place], w: int, h: int) -> Place:
    """Where something new fits: the highest place, then the leftmost."""
    places = list(standing.values())
    lowest = max((place.y + place.h for place in places), default=0)
    for y in range(lowest + 1):
        for x in range(COLUMNS - w + 1):
            place = Place(x, y, w, h)
            if not any(place.meets(other) for other in places):
                return place
    return Place(0, lowest, w, h)


def _above(place: Place, in_the_way: list[Place], others: list[Place]) -> Place | None:
    """The lowest free place above what is in the way, so that two that follow each other can change places."""
    for y in range(min(other.y for other in in_the_way) - place.h, -1, -1):
        if not any(place._replace(y=y).meets(other) for other in others):
            return place._replace(y=y)
    return None


def _down(place: Place, others: list[Place]) -> Place:
    while met := [other for other in others if place.meets(other)]:
        place = place._replace(y=max(other.y + other.h for other in met))
    return place


def _up(place: Place, others: list[Place]) -> Place:
    while place.y and not any(place._replace(y=place.y - 1).meets(other) for other in others):
        place = place._replace(y=place.y - 1)
    return place
