"""Taking back what was just done to roles, and removals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.errors import Forbidden, Refused
from app.kernel.ledger import Activity, Change, change, compare, snapshot
from app.kernel.words import gettext as _
from app.organizations import events
from app.organizations.commands.roles import look_again
from app.organizations.commands.standing import lock_members, need_an_owner, take_back_invitations
from app.organizations.models import CustomRole, Member
from app.organizations.policies import may_edit_member, may_give, may_give_own
from app.organizations.queries.roles import own_roles, permissions_of

_FIELDS = ("role", "custom_role_id", "left_at")


def undo_membership(activity: Activity, members: Sequence[Member], *, by: Member) -> None:
    """Set back role and presence as they were before, for all or none.

    It is asked anew whether one may: Raises Forbidden for what one may not give (any more), Refused when somebody has
    changed the same since. Invitations that were taken back stay so, and what was granted for a time is over.
    """
    lock_members()
    rows = db.session.execute(
        select(Change.subject_id, Change.fields).where(Change.activity_id == activity.id, Change.noun == "member")
    )
    fields: dict[int, dict[str, Any]] = {number: found for number, found in rows}  # noqa: C416 - rows are not pairs
    if not all(may_edit_member(by, member) for member in members):
        raise Forbidden(_("You cannot change who stands above you."))
    wanted = {member.id: _before(member, fields[member.id]) for member in members}
    _check(members, wanted, by=by)
    with change(*members, event=events.ROLE_RESTORED, by=by):
        for member in members:
            for name, value in wanted[member.id].items():
                setattr(member, name, value)
        need_an_owner()
    look_again(members)
    take_back_invitations(members, by=by)


def _before(member: Member, fields: dict[str, Any]) -> dict[str, Any]:
    """The old values of what was changed, unless something newer stands there."""
    changed = {name: fields[name] for name in _FIELDS if name in fields}
    if compare({name: new for name, (_old, new) in changed.items()}, {n: snapshot(member)[n] for n in changed}):
        raise Refused(_("%(name)s was changed again since. Nothing was taken back.", name=member.name))
    before = {name: old for name, (old, _new) in changed.items()}
    if "role" in before:
        before["role"] = Role(before["role"])
    if before.get("left_at"):
        before["left_at"] = datetime.fromisoformat(before["left_at"])
    return before


def _check(members: Sequence[Member], wanted: dict[int, dict[str, Any]], *, by: Member) -> None:
    own = own_roles([values.get("custom_role_id", None) for values in wanted.values()])
    for member in members:
        values = wanted[member.id]
        number = values.get("custom_role_id", member.custom_role_id)
        role: CustomRole | None = own.get(number) if number is not None else None
        if number is not None and role is None and number != member.custom_role_id:
            raise Refused(_("The role that %(name)s had is gone.", name=member.name))
        if role is not None:
            fine = may_give_own(by, role, permissions_of(role.id))
        else:
            fine = number is not None or may_give(by, values.get("role", member.role))
        if not fine:
            raise Forbidden(_("You cannot give a role above your own, nor change who stands above you."))
