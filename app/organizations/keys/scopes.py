"""What a key may do: single permissions, or `read` for whatever its member may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.kernel.access import all_permissions, is_permission
from app.organizations.models import Member
from app.organizations.policies import P

READ = "read"
#: What the second part of a permission is called that changes nothing.
_LOOKS = ("view", "every", "export")


def reads() -> frozenset[str]:
    """The permissions that only look."""
    return frozenset(name for name in all_permissions() if name.partition(":")[2].startswith(_LOOKS))


def expanded(scopes: Sequence[str]) -> frozenset[str]:
    """The permissions that scopes stand for; to ask about itself every key may."""
    named = {scope for scope in scopes if scope != READ and is_permission(scope)}
    return frozenset(named | (reads() if READ in scopes else set()) | {P.USE_KEYS.value})


def held(member: Member, scopes: Iterable[str]) -> bool:
    """Whether a member may give all of these to a key: nobody gives what they do not have."""
    return all(scope == READ or member.may(scope) for scope in scopes)


def offered(member: Member) -> list[str]:
    """The permissions that a member can give to a key."""
    return [name for name in all_permissions() if member.may(name)]
