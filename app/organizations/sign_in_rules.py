"""What an organization asks of its colleagues' browsers. The page is put together from sections, one a rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.accounts import second_factors
from app.accounts.confinement import confined_to
from app.organizations.models import Kind, Member, Organization
from app.web.guard import this_page


@dataclass(frozen=True)
class Section:
    """A part of the page: a template with a form of its own, and what it shows."""

    template: str
    context: Callable[[Organization], dict[str, Any]]


#: In order; by template, so that registering again replaces.
SECTIONS: dict[str, Section] = {}


def add_section(template: str, context: Callable[[Organization], dict[str, Any]]) -> None:
    SECTIONS[template] = Section(template, context)


def lacks_second_factor(organization: Organization, member: Member, user: Any) -> str | None:
    """Where a colleague goes who has not shown a second factor where one is asked for (`guard.also_ask`)."""
    if not organization.two_factor_required or member.kind != Kind.PERSON:
        return None
    if confined_to(user) == organization.id:  # its own provider let them in, and asks for as many factors as it likes
        return None
    browser = getattr(user, "session", None)
    if browser is not None and browser.second_factor_at is not None:
        return None
    endpoint = "accounts.show_reproof" if second_factors.is_set_up(user.id) else "accounts.new_authenticator"
    return url_for(endpoint, next=this_page() or f"/{organization.slug}/")
