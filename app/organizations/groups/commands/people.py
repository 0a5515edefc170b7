"""Rows that say who is in a group: written for many at once, told of as one change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.kernel.events import Event
from app.kernel.words import gettext as _
from app.organizations.models import Member


@contextmanager
def uniquely_named(taken: str) -> Iterator[None]:
    """Turn the database's refusal of a name that is taken into a sentence, at `name`."""
    try:
        yield
    except IntegrityError as error:
        if "_name" not in str(error.orig):
            raise
        raise Invalid(taken, "name") from error


def only_colleagues(members: Sequence[Member]) -> None:
    """Raises Invalid for customers and people who left."""
    if refused := next((member for member in members if not member.is_colleague or member.left_at), None):
        raise Invalid(_("%(name)s is not a colleague.", name=refused.name), "members")


def roles_of(rows: Any, column: Any, group_id: int) -> dict[int, str]:
    """{member id: role} of a group. `rows` is the table, `column` its key to the group."""
    found = db.session.execute(select(rows.member_id, rows.role).where(column == group_id).order_by(rows.member_id))
    return {row[0]: row[1].value for row in found}


def put(rows: Any, column: Any, group: Any, roles: Mapping[int, str], *, event: Event, by: Actor) -> bool:
    """Let members in, or give those who are in another role; whether anything changed."""
    before = _locked(rows, column, group)
    new = {member_id: role for member_id, role in roles.items() if before.get(member_id) != role}
    if not new:
        return False
    values = [
        {"organization_id": current_organization_id(), column.key: group.id, "member_id": member_id, "role": role}
        for member_id, role in new.items()
    ]
    added = insert(rows).values(values)
    db.session.execute(
        added.on_conflict_do_update(
            index_elements=["organization_id", column.key, "member_id"], set_={"role": added.excluded.role}
        )
    )
    _tell(group, before, before | new, event, by)
    return True


def take_out(rows: Any, column: Any, group: Any, ids: Sequence[int], *, event: Event, by: Actor) -> bool:
    """Put members out; whether anybody was in."""
    before = _locked(rows, column, group)
    gone = before.keys() & set(ids)
    if not gone:
        return False
    db.session.execute(
        delete(rows).where(column == group.id, rows.member_id.in_(gone)),
        execution_options={"synchronize_session": False},
    )
    _tell(group, before, {who: role for who, role in before.items() if who not in gone}, event, by)
    return True


def _locked(rows: Any, column: Any, group: Any) -> dict[int, str]:
    """Who is in, once nobody else changes it: of two who do, the second tells only what they changed."""
    model = type(group)
    db.session.execute(select(model.id).where(model.id == group.id).with_for_update())
    return roles_of(rows, column, group.id)


def _tell(group: Any, before: Mapping[int, str], after: Mapping[int, str], event: Event, by: Actor) -> None:
    """The people, and those whose role changed: a history reads both."""
    changes: dict[str, Any] = {"people": [sorted(before), sorted(after)]}
    if before.keys() == after.keys():
        changes = {}
    moved = [who for who, role in after.items() if who in before and before[who] != role]
    if moved:
        changes["roles"] = [
            [f"{who}:{before[who]}" for who in sorted(moved)],
            [f"{who}:{after[who]}" for who in sorted(moved)],
        ]
    ledger.record(event, [(group, changes)], by=by)
    live.touch(f"{type(group).__tablename__}")
