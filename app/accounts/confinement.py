"""Browsers that came in by an organization's own provider: they are let into that organization and nowhere else.

Such a provider is in the hands of the organization's admins, so what it says may open what is theirs, and never what a
person has elsewhere. Of the pages of the account it opens none, unless the account is nothing but its own making.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.accounts.commands.identities import is_made_by

#: Pages outside of organizations that a confined browser opens all the same: they prove who sits there, or end it.
OPEN = {
    "accounts.show_confinement",
    "accounts.show_reproof",
    "accounts.create_reproof",
    "accounts.create_proof_letter",
    "accounts.show_proof_link",
    "accounts.follow_proof_link",
}

#: (user id, organization id) -> whether a person is a member anywhere else. The organizations' room answers.
_elsewhere: list[Callable[[int, int], bool]] = []


def ask_elsewhere_with(ask: Callable[[int, int], bool]) -> None:
    """Let the organizations' room say whether a person is a member of another organization, too."""
    _elsewhere[:] = [ask]


#: organization id -> (address, name) of it. The organizations' room answers.
_home: list[Callable[[int], tuple[str, str] | None]] = []


def lead_home_with(home: Callable[[int], tuple[str, str] | None]) -> None:
    """Let the organizations' room say where a confined browser belongs."""
    _home[:] = [home]


def home_of_confined(user: Any) -> tuple[str, str] | None:
    """The organization that a confined browser opens, if there still is one."""
    own = confined_to(user)
    return _home[0](own) if own is not None and _home else None


def confined_to(user: Any) -> int | None:
    """The one organization that a signed-in browser may enter; None for any."""
    browser = getattr(user, "session", None)
    return browser.organization_id if browser is not None else None


def may_be_there(organization_id: int | None, endpoint: str, user: Any) -> bool:
    """Whether a signed-in browser may open a page of an organization, or one (None) that belongs to none."""
    own = confined_to(user)
    if own is None or organization_id == own:
        return True
    if organization_id is not None:
        return False
    if endpoint in OPEN:
        return True
    if not endpoint.startswith("accounts.") or not _elsewhere:
        return False
    return is_made_by(user.id, own) and not _elsewhere[0](user.id, own)
