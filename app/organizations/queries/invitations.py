"""Finding invitations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.words import gettext as _
from app.organizations.models import Invitation, Member, Organization
from app.organizations.policies import invitations_visible_to


def list_invitations(matching: Any) -> Sequence[tuple[Invitation, str]]:
    """Invitations with the names of who made them, newest first, of the last 90 days. One statement."""
    recent = Invitation.created_at > now() - timedelta(days=90)
    rows = db.session.execute(
        select(Invitation, Member.name)
        .join(Member, (Member.organization_id == Invitation.organization_id) & (Member.id == Invitation.invited_by_id))
        .where(matching, recent)
        .order_by(Invitation.id.desc())
        .limit(200)
    )
    return [(invitation, name) for invitation, name in rows]


def open_invitations(*, by: Sequence[int]) -> Sequence[Invitation]:
    """Invitations that these members made and that still let somebody in."""
    return db.session.scalars(
        select(Invitation).where(
            Invitation.invited_by_id.in_(by),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now(),
            Invitation.uses < Invitation.max_uses,
        )
    ).all()


def invitation_by_id(member: Member, invitation_id: int) -> Invitation:
    """Raises NotFound."""
    found = db.session.scalar(select(Invitation).where(invitations_visible_to(member), Invitation.id == invitation_id))
    if found is None:
        raise NotFound
    return found


def invitation_behind(invitation_id: int | None) -> tuple[Invitation, str, Organization]:
    """What stands behind a door, who made it, and where it leads. Raises NotFound when it is over."""
    row = db.session.execute(
        select(Invitation, Member.name, Organization)
        .join(Member, (Member.organization_id == Invitation.organization_id) & (Member.id == Invitation.invited_by_id))
        .join(Organization, Organization.id == Invitation.organization_id)
        .where(Invitation.id == invitation_id, Invitation.revoked_at.is_(None), Invitation.expires_at > now())
    ).first()
    if row is None:
        raise NotFound(_("This invitation is not open any more. Ask whoever sent it for a new one."))
    return row[0], row[1], row[2]
