"""Single permissions, given for a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from app.accounts.models import SecurityEvent
from app.kernel import live
from app.kernel.access import CLOCK, Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Forbidden, Invalid, Refused
from app.kernel.ledger import record
from app.kernel.timers import alarm, cancel, wake_each
from app.kernel.words import gettext as _
from app.organizations import events
from app.organizations.commands.standing import lock_members
from app.organizations.models import FOREVER, Member, PermissionGrant
from app.organizations.policies import may_grant, may_grant_to


def grant_permission(
    members: Sequence[Member], permission: str, *, until: datetime | None, reason: str, by: Member
) -> list[PermissionGrant]:
    """Give all a permission until a time (None: for good). At that time it ends by itself, also in an open page.

    Raises Forbidden for one that the giver's own role does not have or a member above them, Invalid (at `until`) for
    a time that is over, Refused when somebody's role allows it already.
    """
    lock_members()
    ends = until or FOREVER
    if not may_grant(by, permission) or not all(may_grant_to(by, member) for member in members):
        raise Forbidden(_("You can give only what your own role allows, and nobody above you."))
    if ends <= now():
        raise Invalid(_("This time is over."), "until")
    if any(permission in member.lasting for member in members):
        raise Refused(_("Their role allows this already."))
    return put_grants(members, permission, until=ends, reason=reason, by=by)


def put_grants(
    members: Sequence[Member], permission: str, *, until: datetime, reason: str, by: Member
) -> list[PermissionGrant]:
    """The same without asking: for what was asked when it was promised, as with an invitation."""
    grants = [
        PermissionGrant(
            member_id=member.id, permission=permission, reason=reason, granted_by_id=by.id, expires_at=until
        )
        for member in members
    ]
    db.session.add_all(grants)
    for member in members:
        member.granted_until = max(until, member.granted_until or until)
    db.session.flush()
    if until < FOREVER:
        wake_each(end_grant, [grant.id for grant in grants], at=until)
    says = {"permission": permission, "until": None if until >= FOREVER else until.isoformat(), "reason": reason}
    told = [(member, {"mentions": [[], [member.id]]}) for member in members]
    record(events.GRANTED, told, by=by, payload=says)
    _look_again(members)
    return grants


def revoke_grants(grants: Sequence[PermissionGrant], *, by: Actor) -> None:
    """End what was granted before its time. What has ended is left alone."""
    at = now()
    ending = [grant for grant in grants if grant.ended_at is None and grant.expires_at > at]
    _end(ending, events.GRANT_REVOKED, by=by)
    for grant in ending:
        cancel(end_grant, grant.id)


def end_grants_of(members: Sequence[Member]) -> None:
    """Whoever goes holds nothing any more, should they come back."""
    live_ones = select(PermissionGrant).where(
        PermissionGrant.member_id.in_([member.id for member in members]), PermissionGrant.ended_at.is_(None)
    )
    for grant in db.session.scalars(live_ones):
        grant.ended_at = now()
    for member in members:
        member.granted_until = None
    db.session.flush()


@alarm
def end_grant(grant_id: int) -> None:
    """Its time has come. It counts no more since then; here it is written down."""
    grant = db.session.scalar(select(PermissionGrant).where(PermissionGrant.id == grant_id).with_for_update())
    if grant is not None and grant.ended_at is None and grant.expires_at <= now():
        _end([grant], events.GRANT_ENDED, by=CLOCK)
        holder = db.session.scalar(select(Member.user_id).where(Member.id == grant.member_id))
        _note("grant.ended", user_id=holder, member=grant.member_id, permission=grant.permission)


def _end(grants: Sequence[PermissionGrant], event: Any, *, by: Actor) -> None:
    if not grants:
        return
    at = now()
    for grant in grants:
        grant.ended_at = at
    db.session.flush()
    holders = {grant.member_id for grant in grants}
    latest = (
        select(PermissionGrant.member_id, func.max(PermissionGrant.expires_at))
        .where(PermissionGrant.member_id.in_(holders), PermissionGrant.ended_at.is_(None))
        .group_by(PermissionGrant.member_id)
    )
    until = {member_id: ends for member_id, ends in db.session.execute(latest)}  # noqa: C416 - rows are not pairs
    members = db.session.scalars(select(Member).where(Member.id.in_(holders))).all()
    for member in members:
        member.granted_until = until.get(member.id)
    by_holder = {member.id: member for member in members}
    for grant in grants:
        held = by_holder[grant.member_id]
        record(event, [(held, {})], by=by, payload={"permission": grant.permission})
    _look_again(members)


def _look_again(members: Sequence[Member]) -> None:
    db.session.flush()
    for member in members:
        member.__dict__.pop("_held", None)
    live.touch("any-member")


def _note(kind: str, *, user_id: int | None, **details: Any) -> None:
    """A security event of no request's: the clock did it."""
    row = {"kind": kind, "at": now(), "user_id": user_id, "organization_id": current_organization_id()}
    db.session.execute(insert(SecurityEvent).values(**row, details=details))
