"""Roles, and who leaves."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Forbidden, Refused
from app.kernel.ledger import change
from app.organizations import events
from app.organizations.commands.invitations import revoke_invitations
from app.organizations.models import Invitation, Kind, Member
from app.organizations.policies import may_edit_member, may_give
from app.organizations.queries import lock_organization, open_invitations


class LastOwner(Refused):
    """Somebody has to be able to do everything."""

    def __init__(self) -> None:
        super().__init__("An organization needs an owner. Make somebody else one first.")


def change_roles(members: Sequence[Member], role: Role, *, by: Member) -> None:
    """Give all the role. Invitations that they may give out no more are taken back.

    Raises Forbidden for a role above one's own or a member above oneself, LastOwner when no owner would be left.
    """
    _lock()
    if not may_give(by, role) or not all(may_edit_member(by, member) for member in members):
        raise Forbidden("You cannot give a role above your own, nor change who stands above you.")
    with change(*members, event=events.ROLE_CHANGED, by=by):
        for member in members:
            member.role = role
        _need_an_owner()
    _take_back_invitations(members, by=by)


def remove_members(members: Sequence[Member], *, by: Member) -> None:
    """Shut the organization to them. What they wrote stays under their names. Raises as `change_roles`."""
    _lock()
    if not all(may_edit_member(by, member) for member in members):
        raise Forbidden("You cannot remove who stands above you.")
    with change(*members, event=events.MEMBER_REMOVED, by=by):
        _part(members)
    _take_back_invitations(members, by=by)


def rename_member(member: Member, name: str, *, by: Member) -> None:
    """Under which name colleagues see them here. What they wrote follows."""
    with change(member, event=events.MEMBER_RENAMED, by=by):
        member.name = name


def leave(member: Member) -> None:
    """Go. Raises LastOwner."""
    _lock()
    with change(member, event=events.MEMBER_LEFT, by=member):
        _part([member])
    _take_back_invitations([member], by=member)


def _part(members: Sequence[Member]) -> None:
    at = now()
    for member in members:
        member.left_at = at
    _need_an_owner()


def _lock() -> None:
    """Of two owners who demote each other, the second finds themselves the last.

    What was read before the lock is read again, also the actor: they may have been demoted while they waited.
    """
    lock_organization()
    known = [row.id for row in db.session if isinstance(row, Member)]
    db.session.execute(select(Member).where(Member.id.in_(known)).execution_options(populate_existing=True)).all()


def _need_an_owner() -> None:
    db.session.flush()
    owners = select(func.count()).where(Member.role == Role.OWNER, Member.kind == Kind.PERSON, Member.left_at.is_(None))
    if not db.session.scalar(owners):
        raise LastOwner


def _take_back_invitations(members: Sequence[Member], *, by: Member) -> None:
    """Whoever was let go or demoted leaves no door open behind them that they could not open now."""
    theirs = {member.id: member for member in members}
    theirs_to_keep = {member.id for member in members if member.left_at is None}
    gone: list[Invitation] = [
        invitation
        for invitation in open_invitations(by=tuple(theirs))
        if invitation.invited_by_id not in theirs_to_keep
        or not may_give(theirs[invitation.invited_by_id], invitation.role)
    ]
    if gone:
        revoke_invitations(gone, by=by)
