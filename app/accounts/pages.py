"""The pages of one's own account, in order, and the frame around them: `accounts/_account.html`.

They stand at `/account/…`, belong to no organization and are `@signed_in`. Rooms above add theirs by `add_page`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_login import current_user

from app.kernel.words import lazy


@dataclass(frozen=True)
class AccountPage:
    """A link in the account's navigation. A template extends `accounts/_account.html`; one not listed sets `here`."""

    title: Any
    endpoint: str
    icon: str
    order: int


#: By endpoint, so that registering again replaces.
PAGES: dict[str, AccountPage] = {}

#: user id -> (address, name) of the organization where a person was last, or None. The organizations' room answers.
_last: list[Callable[[int], tuple[str, str] | None]] = []


def add_page(endpoint: str, title: Any, *, icon: str, order: int) -> None:
    """Show a link to a page. `title` is `lazy(…)`. Orders: 10 profile, 20 sign-in, 30 sessions, 90 the end."""
    PAGES[endpoint] = AccountPage(title, endpoint, icon, order)


def lead_back_with(last: Callable[[int], tuple[str, str] | None]) -> None:
    """Let the organizations' room say where a person came from."""
    _last[:] = [last]


def account_pages() -> list[AccountPage]:
    return sorted(PAGES.values(), key=lambda page: page.order)


def way_back() -> tuple[str, str] | None:
    """The organization in which the signed-in person was last: (address, name). One statement."""
    return _last[0](current_user.id) if _last else None


add_page("accounts.show_profile", lazy("Profile"), icon="user", order=10)
add_page("accounts.show_preferences", lazy("Preferences"), icon="gear", order=12)
add_page("accounts.show_security", lazy("Sign-in and security"), icon="key", order=20)
add_page("accounts.list_sessions", lazy("Where you are signed in"), icon="globe", order=30)
add_page("accounts.show_newsletters", lazy("Newsletters"), icon="mail", order=60)
add_page("accounts.show_details", lazy("Private details"), icon="lock", order=70)
add_page("accounts.show_exports", lazy("Your data"), icon="download", order=80)
add_page("accounts.show_ending", lazy("Close account"), icon="exit", order=90)
