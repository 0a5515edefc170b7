"""The pages of a project's settings, in order. Rooms above add theirs."""

from __future__ import annotations

from typing import Any

from app.kernel.words import lazy
from app.projects.models import Feature

#: {endpoint: (what its link says, the feature that it belongs to)}
PAGES: dict[str, tuple[Any, Feature | None]] = {
    "projects.show_settings": (lazy("General"), None),
    "projects.list_people": (lazy("Members"), None),
    "projects.list_states": (lazy("States"), None),
    "projects.show_rules": (lazy("Rules"), None),
    "projects.list_labels": (lazy("Labels"), None),
    "projects.list_used_types": (lazy("Types"), Feature.TYPES),
}


def add_page(endpoint: str, text: Any, feature: Feature | None = None) -> None:
    """Show a link to a page of another room. Its template extends `projects/settings/_frame.html`."""
    PAGES[endpoint] = (text, feature)
