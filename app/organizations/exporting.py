"""What a copy of one's own data holds of each organization: rooms above add their parts.

A part is read inside of the organization, by what the member may see there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.accounts import exporting
from app.accounts.exporting import Part
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.organizations.models import Member
from app.organizations.queries import organizations_of

Parts = Callable[[Member], Iterable[Part]]

_rooms: dict[str, Parts] = {}


def contribute(name: str, parts: Parts) -> None:
    """Add a room's parts. Registering again replaces."""
    _rooms[name] = parts


def init_app() -> None:
    exporting.contribute("organizations", _collect, _count)
    contribute("membership", _own)


def rows(statement: Any) -> Iterator[Any]:
    """The rows of a statement, a few hundred at a time."""
    yield from db.session.execute(statement.execution_options(yield_per=500)).mappings()


def _of(user_id: int) -> list[tuple[int, str, int]]:
    with organization(None, user_id=user_id):
        return [(host.id, host.slug, member.id) for host, member in organizations_of(user_id)]


def _count(user_id: int) -> int:
    return len(_of(user_id)) * len(_rooms)


def _collect(user_id: int) -> Iterator[Iterable[Part]]:
    """A step for each room in each organization. What is entered is left again, also when a step fails."""
    for organization_id, slug, member_id in _of(user_id):
        for parts in _rooms.values():
            with organization(organization_id, user_id=user_id):
                member = db.session.get(Member, (organization_id, member_id))
                if member is not None and member.left_at is None:
                    yield [replace(part, path=f"{slug}/{part.path}") for part in parts(member)]


def _own(member: Member) -> Iterable[Part]:
    did = select(Activity.at, Activity.verb, Activity.noun, Activity.subject_id, Activity.count, Activity.ip)
    return [
        Part("membership.json", [_membership(member)]),
        Part("activities.json", rows(did.where(Activity.actor_id == member.id).order_by(Activity.id))),
    ]


def _membership(member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "job_title": member.job_title,
        "joined_at": member.created_at,
        "last_seen_at": member.last_seen_at,
    }
