"""Letting people in: links that are shown once, counted when they are used, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.accounts import letters
from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.doors import close_doors, open_door
from app.kernel.errors import Forbidden, Invalid, Refused
from app.kernel.ledger import change, record, record_created
from app.organizations import events
from app.organizations.models import Invitation, Member, Organization
from app.organizations.policies import may_give
from app.organizations.queries import lock_organization

#: token -> the whole address of the page that it opens.
Link = Callable[[str], str]
DOOR = "invitation"


def invite(
    *, role: Role, days: int, uses: int = 1, email: str | None = None, link_to: Link, by: Member
) -> tuple[Invitation, str]:
    """Make an invitation and its link; with an `email` it is for that address alone, serves once, and is posted.

    The link cannot be shown again: we keep only its hash. Raises Forbidden for a role above one's own, Invalid (at
    `email`) for somebody who is here already.
    """
    if not may_give(by, role):
        raise Forbidden("You cannot give a role above your own.")
    if email and _is_here(email):
        raise Invalid("Somebody with this address is a member already.", "email")
    invitation = Invitation(
        role=role,
        email=email,
        max_uses=1 if email else uses,
        expires_at=now() + timedelta(days=days),
        invited_by_id=by.id,
    )
    db.session.add(invitation)
    record_created(events.INVITED, [invitation], by=by)
    return invitation, _open(invitation, link_to, by)


def renew_invitation(invitation: Invitation, *, days: int, link_to: Link, by: Member) -> str:
    """A new link, and a new letter where it was sent by mail; the former link is dead. Raises Forbidden as `invite`."""
    if not may_give(by, invitation.role):
        raise Forbidden("You cannot give a role above your own.")
    if invitation.revoked_at or invitation.uses >= invitation.max_uses:
        raise Refused("This invitation is over. Make a new one.")
    with change(invitation, event=events.INVITATION_RENEWED, by=by, always=True):
        invitation.expires_at = now() + timedelta(days=days)
        invitation.invited_by_id = by.id
    close_doors(DOOR, organization_id=invitation.organization_id, subject_id=invitation.id)
    return _open(invitation, link_to, by)


def revoke_invitations(invitations: Sequence[Invitation], *, by: Member) -> None:
    """Shut their links. Who came in by them stays."""
    at = now()
    with change(*invitations, event=events.INVITATION_REVOKED, by=by):
        for invitation in invitations:
            invitation.revoked_at = invitation.revoked_at or at
            close_doors(DOOR, organization_id=invitation.organization_id, subject_id=invitation.id)


def accept_invitation(invitation_id: int, *, user: Any) -> Member:
    """Make `user`, whose address is proved, a member, and count the use. Of two for the last use one wins.

    Somebody who left or was removed comes back as the member they were, in the invitation's role, by one that was made
    since: a link that they kept does not let them in again. Raises Refused with the reason.
    """
    lock_organization()  # one at a time: two links of one person must not make them a member twice
    invitation = db.session.scalar(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if invitation is None or invitation.revoked_at or invitation.expires_at <= now():
        raise Refused("This invitation is not open any more. Ask whoever sent it for a new one.")
    if invitation.email and invitation.email != user.email:
        raise Forbidden("This invitation was sent to another address than the one you signed in with.")
    member = db.session.scalar(select(Member).where(Member.user_id == user.id))
    if member is not None and member.left_at is None:
        return member
    if member is not None and member.left_at is not None and invitation.created_at <= member.left_at:
        raise Refused("You are not a member any more, and this invitation is older than that. Ask for a new one.")
    if invitation.uses >= invitation.max_uses:
        raise Refused("This invitation has been used up. Ask whoever sent it for a new one.")
    if member is None:
        member = Member(user_id=user.id, name=user.name, email=user.email, role=invitation.role, hue=user.id % 8 + 1)
        db.session.add(member)
        record_created(events.MEMBER_JOINED, [member], by=member)
    else:
        with change(member, event=events.MEMBER_JOINED, by=member):
            member.left_at, member.role = None, invitation.role
    invitation.uses += 1
    db.session.flush()
    record(events.INVITATION_USED, [(invitation, {"uses": [invitation.uses - 1, invitation.uses]})], by=member)
    if invitation.uses >= invitation.max_uses:
        close_doors(DOOR, organization_id=invitation.organization_id, subject_id=invitation.id)
    return member


def _open(invitation: Invitation, link_to: Link, by: Member) -> str:
    token = open_door(
        DOOR, organization_id=invitation.organization_id, subject_id=invitation.id, expires_at=invitation.expires_at
    )
    link = link_to(token)
    if invitation.email:
        organization = db.session.get_one(Organization, current_organization_id())
        _write(invitation.email, organization.name, by.name, link, invitation)
    return link


def _write(to: str, organization: str, inviter: str, link: str, invitation: Invitation) -> None:
    letters.send(
        to,
        f"{inviter} invites you to {organization}",
        f"""Hello,

{inviter} invites you to work in {organization} on Trestleboard, as {invitation.role}. To join, open

{link}

The link works once, until {invitation.expires_at:%d %B %Y}, and for this address only. If you do not know {inviter},
do nothing.
""",
    )


def _is_here(email: str) -> bool:
    return bool(
        db.session.scalar(
            select(Member.id).where(Member.email == email, Member.left_at.is_(None), Member.user_id.is_not(None))
        )
    )
