"""The pages of an organization's settings, in order. Rooms above add theirs; each reader is shown those that open."""

from __future__ import annotations

#: {endpoint: what its link says}
PAGES = {
    "organizations.show_settings": "Organization",
    "organizations.list_members": "Members",
    "organizations.list_invitations": "Invitations",
}


def add_page(endpoint: str, text: str) -> None:
    """Show a link to a page of another room. Its template extends `organizations/_settings.html` and sets `here`."""
    PAGES[endpoint] = text
