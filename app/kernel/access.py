"""Who may do what: permissions by room, built-in roles, and one rule a permission.

Each room declares its permissions as a StrEnum (`issue:edit`), grants them to built-in roles in its `init_app`, and
may refine one with a rule that looks at the object. Without a rule, holding the permission is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any, Protocol


class Role(StrEnum):
    """The built-in roles. Organizations add their own, as sets of permissions."""

    OWNER = "owner"
    ADMIN = "admin"
    MANAGER = "manager"
    AGENT = "agent"
    ANALYST = "analyst"
    ANNOTATOR = "annotator"
    REVIEWER = "reviewer"
    TECHNICIAN = "technician"
    MEMBER = "member"
    VIEWER = "viewer"
    GUEST = "guest"
    CUSTOMER = "customer"


#: Those who work on planned work with everybody: most rooms grant their everyday permissions to these.
STAFF = (
    Role.OWNER,
    Role.ADMIN,
    Role.MANAGER,
    Role.AGENT,
    Role.ANALYST,
    Role.ANNOTATOR,
    Role.REVIEWER,
    Role.TECHNICIAN,
    Role.MEMBER,
)
ADMINS = (Role.OWNER, Role.ADMIN)
#: Everybody but customers.
COLLEAGUES = (*STAFF, Role.VIEWER, Role.GUEST)


class Actor(Protocol):
    """Whoever changes something: a member, or the clock (`id` None)."""

    @property
    def id(self) -> int | None: ...


class _Clock:
    """Trestleboard itself, when time passes."""

    id = None
    name = "Trestleboard"

    def may(self, permission: str) -> bool:
        return True


CLOCK = _Clock()

#: What a permission without a sentence is called; every one has one, see `tests/organizations/test_roles.py`.
_UNSAID = ""

_granted: dict[Role, set[str]] = {role: set() for role in Role}
_rules: dict[str, Callable[[Any, Any], bool]] = {}
_known: dict[str, Any] = {}
_titles: dict[str, Any] = {}


def permissions(kind: type[StrEnum], title: Any = None, /, **says: Any) -> None:
    """Say what a room's permissions allow, after "may": `permissions(P, lazy("Issues"), EDIT=lazy("edit issues"))`.

    The title is what they stand under where people choose among all; without one, the first part of their names.
    """
    for permission in kind:
        _known[permission.value] = says.get(permission.name, _known.get(permission.value, _UNSAID))
        if title is not None:
            _titles[permission.value] = title


def grant(permission: StrEnum, *roles: Role) -> None:
    """Give built-in roles a permission."""
    _known.setdefault(permission.value, _UNSAID)
    for role in roles:
        _granted[role].add(permission.value)


def rule(permission: StrEnum) -> Callable[[Callable[[Any, Any], bool]], Callable[[Any, Any], bool]]:
    """Declare the rule of a permission: `(member, object) -> bool`."""

    def declare(function: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
        _rules[permission.value] = function
        return function

    return declare


def granted_to(role: Role) -> frozenset[str]:
    """The permissions of a built-in role."""
    return frozenset(_granted[role])


def all_permissions() -> list[str]:
    return sorted(_known)


def everybodys() -> frozenset[str]:
    """What every built-in role allows, customers' too: no role is made without it, so nobody is asked."""
    return frozenset.intersection(*(granted_to(role) for role in Role))


def by_title(offered: Collection[str]) -> list[tuple[str, list[str]]]:
    """These permissions as people choose among them: under titles, in the order in which the rooms said them."""
    found: dict[str, list[str]] = {}
    for permission in _known:
        if permission in offered:
            found.setdefault(str(_titles.get(permission) or permission.split(":")[0].capitalize()), []).append(
                permission
            )
    return list(found.items())


def is_permission(permission: str) -> bool:
    """Whether there is such a permission; what was granted may be gone since."""
    return permission in _known


def allows(permission: str) -> str:
    """What a permission allows, in words; its name for one that nothing knows."""
    return str(_known.get(permission) or permission)


def may(member: Any, permission: str, on: Any = None) -> bool:
    """Whether `member` may do this, to `on` when given. Templates and the guard ask the same question here."""
    if member is None:
        return False
    decide = _rules.get(str(permission))
    if decide is None or on is None:
        return bool(member.may(permission))
    return bool(decide(member, on))
