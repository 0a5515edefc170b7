"""Places one can go to: pages that stand at a fixed address of the organization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.organizations.models import Member
from app.web.guard import leads_to


@dataclass(frozen=True)
class Place:
    """A page, its name, its icon, and the keys that lead there."""

    title: str
    endpoint: str
    icon: str
    keys: str = ""
    #: Other words that people call it.
    also: str = ""

    @property
    def url(self) -> str:
        return url_for(self.endpoint)


_places: dict[str, Place] = {}
_person: list[str] = []


def add(*places: Place) -> None:
    """Make places known, in the order in which the palette lists them."""
    for place in places:
        _places[place.endpoint] = place


def show_people_at(endpoint: str) -> None:
    """The page of one colleague; its address takes `member_id`."""
    _person[:] = [endpoint]


def open_to(member: Member) -> Sequence[Place]:
    """The places whose page `member` may open."""
    return [place for place in _places.values() if leads_to(place.endpoint, member)]


def url_to_person(member_id: int) -> str:
    return url_for(_person[0], member_id=member_id)


def find_places(member: Member, words: list[str]) -> Sequence[Place]:
    """The places whose name, or another word for it, begins with every word or holds it. No statement."""

    def fits(place: Place) -> bool:
        known = f"{place.title} {place.also}".casefold()
        return all(word.casefold() in known for word in words)

    return [place for place in open_to(member) if fits(place)]
