"""The pages of an organization's settings, in order. Rooms above add theirs; each reader is shown those that open."""

from __future__ import annotations

from typing import Any

from app.kernel.words import lazy

#: {endpoint: what its link says}
PAGES: dict[str, Any] = {
    "organizations.show_settings": lazy("Organization"),
    "organizations.list_members": lazy("Members"),
    "organizations.list_teams": lazy("Teams"),
    "organizations.list_workspaces": lazy("Workspaces"),
    "organizations.list_roles": lazy("Roles"),
    "organizations.list_invitations": lazy("Invitations"),
    "organizations.show_sign_in_rules": lazy("Sign-in rules"),
    "organizations.show_retention": lazy("Retention"),
}


def add_page(endpoint: str, text: str) -> None:
    """Show a link to a page of another room. Its template extends `organizations/_settings.html` and sets `here`."""
    PAGES[endpoint] = text
