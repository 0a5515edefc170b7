"""Letting people in: links that are shown once, counted when they are used, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
from app.kernel.words import gettext as _
from app.organizations import events
from app.organizations.joins import PLACES, names_of
from app.organizations.models import CustomRole, Invitation, InvitationGrant, Member, Organization, Standing
from app.organizations.policies import P, may_give, may_give_own, may_grant
from app.organizations.queries import lock_organization
from app.organizations.queries.roles import permissions_of

#: token -> the whole address of the page that it opens.
Link = Callable[[str], str]
DOOR = "invitation"


@dataclass(frozen=True)
class Offer:
    """What joining means: a role, or one of the organization's own, and places by their kinds (`joins.PLACES`)."""

    role: Role
    own: CustomRole | None = None
    places: Mapping[str, Sequence[int]] = field(default_factory=dict)
    #: What they are in those places, as far as they know such a thing.
    standing: Standing = Standing.MEMBER
    #: {permission: days that it lasts}, beside the role.
    grants: Mapping[str, int] = field(default_factory=dict)
    note: str = ""


def invite(
    *, role: Role, days: int, uses: int = 1, email: str | None = None, link_to: Link, by: Member
) -> tuple[Invitation, str]:
    """One invitation and its link; with an `email` it is for that address alone, serves once, and is posted."""
    if email:
        [invitation], [link] = invite_people([email], Offer(role), days=days, link_to=link_to, by=by)
        return invitation, link
    return invite_by_link(Offer(role), days=days, uses=uses, link_to=link_to, by=by)


def invite_by_link(offer: Offer, *, days: int, uses: int, link_to: Link, by: Member) -> tuple[Invitation, str]:
    """For whoever holds the link, which cannot be shown again: we keep only its hash. Raises as `invite_people`."""
    _check(offer, by)
    [invitation] = _make([None], offer, days=days, uses=uses, by=by)
    return invitation, _open(invitation, link_to, by)


def invite_people(
    emails: Sequence[str], offer: Offer, *, days: int, link_to: Link, by: Member
) -> tuple[list[Invitation], list[str]]:
    """For each address one that is for it alone, serves once, and is posted.

    Raises Forbidden for a role, permission or place that is not the inviter's to give, Invalid (at `email`) when
    somebody is here already.
    """
    emails = list(dict.fromkeys(emails))
    _check(offer, by)
    if present := _are_here(emails):
        said = _("Somebody with this address is a member already.")
        raise Invalid(said if len(emails) == 1 else f"{said} ({', '.join(present)})", "email")
    made = _make(emails, offer, days=days, uses=1, by=by)
    return made, [_open(invitation, link_to, by) for invitation in made]


def _check(offer: Offer, by: Member) -> None:
    if not _may_give(by, offer.role, offer.own) or not all(may_grant(by, one) for one in offer.grants):
        raise Forbidden(_("You cannot give a role above your own."))
    for kind, ids in offer.places.items():
        if not set(ids) <= {row.id for row in PLACES[kind].offered(by)}:
            raise Forbidden(_("You can invite only where you let people in yourself."))


def _may_give(member: Member, role: Role, own: CustomRole | None) -> bool:
    return may_give_own(member, own, permissions_of(own.id)) if own else may_give(member, role)


def _make(emails: Sequence[str | None], offer: Offer, *, days: int, uses: int, by: Member) -> list[Invitation]:
    until = now() + timedelta(days=days)
    made = [
        Invitation(
            role=offer.own.base if offer.own else offer.role,
            custom_role_id=offer.own.id if offer.own else None,
            email=email,
            max_uses=uses,
            note=offer.note,
            expires_at=until,
            invited_by_id=by.id,
        )
        for email in emails
    ]
    db.session.add_all(made)
    record_created(events.INVITED, made, by=by)
    ids = [invitation.id for invitation in made]
    for kind, places in offer.places.items():
        PLACES[kind].keep(ids, list(dict.fromkeys(places)), offer.standing)
    db.session.add_all(
        InvitationGrant(invitation_id=one, permission=permission, days=lasts)
        for one in ids
        for permission, lasts in offer.grants.items()
    )
    db.session.flush()
    return made


def renew_invitation(invitation: Invitation, *, days: int, link_to: Link, by: Member) -> str:
    """A new link, and a new letter where it was sent by mail; the former link is dead. Raises Forbidden as `invite`."""
    if not _may_give(by, invitation.role, _own_role(invitation)):
        raise Forbidden(_("You cannot give a role above your own."))
    if invitation.revoked_at or invitation.uses >= invitation.max_uses:
        raise Refused(_("This invitation is over. Make a new one."))
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
    since: a link that they kept does not let them in again. A member gets the places that they are not in, and keeps
    their role. What the inviter could not give now nobody gets. Raises Refused with the reason.
    """
    lock_organization()  # one at a time: two links of one person must not make them a member twice
    invitation = db.session.scalar(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if invitation is None or invitation.revoked_at or invitation.expires_at <= now():
        raise Refused(_("This invitation is not open any more. Ask whoever sent it for a new one."))
    if invitation.email and invitation.email != user.email:
        raise Forbidden(_("This invitation was sent to another address than the one you signed in with."))
    member = db.session.scalar(select(Member).where(Member.user_id == user.id))
    inviter = _inviter(invitation)
    if member is not None and member.left_at is None:
        if inviter is not None and not invitation.is_used_up and _let_into_places(invitation, member, inviter):
            _count(invitation, member)
        return member
    if member is not None and member.left_at is not None and invitation.created_at <= member.left_at:
        raise Refused(_("You are not a member any more, and this invitation is older than that. Ask for a new one."))
    if invitation.is_used_up:
        raise Refused(_("This invitation has been used up. Ask whoever sent it for a new one."))
    if inviter is None:
        raise Refused(_("Whoever sent this invitation can let nobody in any more. Ask somebody else for a new one."))
    role = invitation.role
    if member is None:
        member = Member(user_id=user.id, name=user.name, email=user.email, role=role, hue=user.id % 8 + 1)
        member.custom_role_id = invitation.custom_role_id
        member.look_like(user)
        db.session.add(member)
        record_created(events.MEMBER_JOINED, [member], by=member)
    else:
        with change(member, event=events.MEMBER_JOINED, by=member):
            member.left_at, member.role, member.custom_role_id = None, role, invitation.custom_role_id
            member.look_like(user)
    _count(invitation, member)
    _let_into_places(invitation, member, inviter)
    _grant(invitation, member, inviter)
    return member


def _inviter(invitation: Invitation) -> Member | None:
    """Who made it, unless they could not make it now."""
    inviter = db.session.scalar(
        select(Member)
        .where(Member.id == invitation.invited_by_id, Member.left_at.is_(None))
        .execution_options(populate_existing=True)
    )
    if inviter is None or not inviter.may(P.INVITE):
        return None
    return inviter if _may_give(inviter, invitation.role, _own_role(invitation)) else None


def _own_role(invitation: Invitation) -> CustomRole | None:
    return db.session.scalar(select(CustomRole).where(CustomRole.id == invitation.custom_role_id))


def _let_into_places(invitation: Invitation, member: Member, inviter: Member) -> bool:
    """Whether they are somewhere now where they were not."""
    joined = [place.join(invitation, member, inviter) for place in PLACES.values()]
    return any(joined)


def _grant(invitation: Invitation, member: Member, inviter: Member) -> None:
    from app.organizations.commands.grants import put_grants  # that module takes invitations back, so it imports this

    promised = select(InvitationGrant).where(InvitationGrant.invitation_id == invitation.id)
    for grant in db.session.scalars(promised.order_by(InvitationGrant.id)).all():
        if may_grant(inviter, grant.permission):
            until = now() + timedelta(days=grant.days)
            put_grants([member], grant.permission, until=until, reason=_("Promised by an invitation"), by=inviter)


def _count(invitation: Invitation, member: Member) -> None:
    invitation.uses += 1
    db.session.flush()
    record(events.INVITATION_USED, [(invitation, {"uses": [invitation.uses - 1, invitation.uses]})], by=member)
    if invitation.is_used_up:
        close_doors(DOOR, organization_id=invitation.organization_id, subject_id=invitation.id)


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
    places = ", ".join(name for _icon, name in names_of([invitation.id])[invitation.id])
    also = "\n" + _("You will also be in: %(places)s.", places=places) + "\n" if places else ""
    note = f"\n{invitation.note}\n" if invitation.note else ""
    own = _own_role(invitation)
    letters.send(
        to,
        _("%(inviter)s invites you to %(organization)s", inviter=inviter, organization=organization),
        _(
            """Hello,

%(inviter)s invites you to work in %(organization)s on Trestleboard, as %(role)s. To join, open

%(link)s
%(also)s%(note)s
The link works once, until %(until)s, and for this address only. If you do not know %(inviter)s,
do nothing.
""",
            inviter=inviter,
            organization=organization,
            role=own.name if own else invitation.role.value,
            link=link,
            also=also,
            note=note,
            until=f"{invitation.expires_at:%d %B %Y}",
        ),
    )


def _are_here(emails: Sequence[str]) -> list[str]:
    """Those of the addresses that are members'. One statement."""
    here = Member.email.in_(emails), Member.left_at.is_(None), Member.user_id.is_not(None)
    return [email for email in db.session.scalars(select(Member.email).where(*here).order_by(Member.email)) if email]
