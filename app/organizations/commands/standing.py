"""What every change of roles and members keeps to: one at a time, an owner left, no door left open."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.errors import Refused
from app.kernel.words import gettext as _
from app.organizations.commands.invitations import revoke_invitations
from app.organizations.models import Invitation, Kind, Member
from app.organizations.policies import may_give
from app.organizations.queries import lock_organization, open_invitations


class LastOwner(Refused):
    """Somebody has to be able to do everything."""

    def __init__(self) -> None:
        super().__init__(_("An organization needs an owner. Make somebody else one first."))


def lock_members() -> None:
    """Of two owners who demote each other, the second finds themselves the last.

    What was read before the lock is read again, also the actor: they may have been demoted while they waited.
    """
    lock_organization()
    known = [row.id for row in db.session if isinstance(row, Member)]
    db.session.execute(select(Member).where(Member.id.in_(known)).execution_options(populate_existing=True)).all()


def need_an_owner() -> None:
    """Raises LastOwner when nobody is left who is one."""
    db.session.flush()
    owners = select(func.count()).where(Member.role == Role.OWNER, Member.kind == Kind.PERSON, Member.left_at.is_(None))
    if not db.session.scalar(owners):
        raise LastOwner


def take_back_invitations(members: Sequence[Member], *, by: Member) -> None:
    """Whoever was let go or demoted leaves no door open behind them that they could not open now."""
    theirs = {member.id: member for member in members}
    theirs_to_keep = {member.id for member in members if member.left_at is None}
    if not theirs:
        return
    gone: list[Invitation] = [
        invitation
        for invitation in open_invitations(by=tuple(theirs))
        if invitation.invited_by_id not in theirs_to_keep
        or not may_give(theirs[invitation.invited_by_id], invitation.role)
    ]
    if gone:
        revoke_invitations(gone, by=by)
