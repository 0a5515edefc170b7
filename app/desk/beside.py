"""What rooms above show on a ticket's page: parts at its side, and ways on from it. Data, read by the templates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """A link in the head of the page. It opens in the dialog; its endpoint takes the ticket's `number`."""

    text: str
    endpoint: str
    permission: str
    icon: str
    key: str


#: Templates that are shown with `ticket`.
PARTS: list[str] = []
WAYS: dict[str, Way] = {}


def show_part(template: str) -> None:
    """Show a template at the side of each ticket. Showing it again changes nothing (tests build many apps)."""
    if template not in PARTS:
        PARTS.append(template)


def offer_way(way: Way) -> None:
    WAYS[way.endpoint] = way
