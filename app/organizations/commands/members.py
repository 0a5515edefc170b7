"""Who is here: owners, those who leave or are removed, and what is known of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from app.kernel.access import CLOCK, Actor, Role
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Forbidden, Invalid, Refused
from app.kernel.ledger import change
from app.kernel.timers import alarm, cancel, wake
from app.kernel.words import gettext as _
from app.organizations import events
from app.organizations.commands.grants import end_grants_of
from app.organizations.commands.roles import change_roles
from app.organizations.commands.standing import LastOwner, lock_members, need_an_owner, take_back_invitations
from app.organizations.days import beginning_of
from app.organizations.keys.commands import revoke_keys_of
from app.organizations.models import Availability, Kind, Member
from app.organizations.policies import may_edit_member

__all__ = [
    "LastOwner",
    "change_roles",
    "leave",
    "make_owner",
    "remove_members",
    "rename_member",
    "set_availability",
]


def remove_members(members: Sequence[Member], *, by: Member) -> None:
    """Shut the organization to them. What they wrote stays under their names. Raises as `change_roles`."""
    lock_members()
    if not all(may_edit_member(by, member) for member in members):
        raise Forbidden(_("You cannot remove who stands above you."))
    with change(*members, event=events.MEMBER_REMOVED, by=by):
        _part(members)
    take_back_invitations(members, by=by)


def leave(member: Member) -> None:
    """Go. Raises LastOwner."""
    lock_members()
    with change(member, event=events.MEMBER_LEFT, by=member):
        _part([member])
    take_back_invitations([member], by=member)


def make_owner(member: Member, *, stepping_down: bool, by: Member) -> None:
    """Make a colleague an owner, and oneself an admin when `stepping_down`. Both or neither.

    Raises Forbidden for who is no owner (any more), Refused for who cannot be one.
    """
    lock_members()
    if by.role is not Role.OWNER or by.left_at is not None:
        raise Forbidden(_("Only an owner makes another one."))
    if member.id == by.id or member.kind is not Kind.PERSON or member.user_id is None or member.left_at is not None:
        raise Refused(_("An owner has to be somebody else who signs in here."))
    touched = [member, by] if stepping_down else [member]
    with change(*touched, event=events.OWNER_MADE, by=by):
        member.role, member.custom_role_id = Role.OWNER, None
        if stepping_down:
            by.role = Role.ADMIN
        need_an_owner()
    take_back_invitations(touched, by=by)


def rename_member(member: Member, name: str, *, by: Member) -> None:
    """Under which name colleagues see them here. What they wrote follows."""
    with change(member, event=events.MEMBER_RENAMED, by=by):
        member.name = name


def set_availability(
    member: Member, availability: Availability, *, until: date | None, most_tickets: int | None, by: Actor
) -> None:
    """Say whether somebody is there, until which day they are not, and how many tickets they take at once.

    On that day, where the organization's days begin, they are there again by themselves. Raises Invalid (at
    `away_until`) for a day that is over.
    """
    if availability is Availability.AVAILABLE:
        until = None
    back = beginning_of(until) if until else None
    if back is not None and back <= now():
        raise Invalid(_("Take a day that is still to come."), "away_until")
    with change(member, event=events.AVAILABILITY_CHANGED, by=by):
        member.availability, member.away_until, member.most_tickets = availability, until, most_tickets
    if back is None:
        cancel(come_back, member.id)
    else:
        wake(come_back, member.id, at=back)


@alarm
def come_back(member_id: int) -> None:
    """The day has come that they said."""
    member = db.session.scalar(select(Member).where(Member.id == member_id).with_for_update())
    if member is not None and member.away_until and beginning_of(member.away_until) <= now() + timedelta(minutes=1):
        with change(member, event=events.AVAILABILITY_CHANGED, by=CLOCK):
            member.availability, member.away_until = Availability.AVAILABLE, None


def _part(members: Sequence[Member]) -> None:
    at = now()
    for member in members:
        member.left_at = at
        # Of a role of the organization's own only its base stays: nobody is in the way when that role is deleted.
        member.custom_role_id = None
    end_grants_of(members)
    revoke_keys_of(members)
    need_an_owner()
