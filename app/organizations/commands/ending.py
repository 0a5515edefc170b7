"""Deleting an organization: everybody is out at once, it can be had back for 30 days, then nothing is left."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from app.kernel import live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.doors import Door
from app.kernel.errors import Refused
from app.kernel.ledger import change
from app.kernel.timers import Timer, alarm, wake
from app.kernel.words import gettext as _
from app.organizations import events, purging
from app.organizations.models import FOREVER, GRACE, Organization
from app.organizations.queries import lock_organization
from app.organizations.queries.entering import forget_address

log = structlog.get_logger(__name__)

#: Between two parts of a purge, so that others get their turn.
_PAUSE = timedelta(seconds=1)
_KEY = "purge-organization"


def delete_organization(organization: Organization, *, by: Actor) -> None:
    """Shut it: no member comes in, every door is closed, timers stand still. Repeating it changes nothing."""
    lock_organization()
    db.session.refresh(organization)
    if organization.deleted_at is not None:
        return
    at = now()
    with change(organization, event=events.ORGANIZATION_DELETED, by=by):
        organization.deleted_at = at
    here = organization.id
    open_doors = update(Door).where(Door.organization_id == here, Door.revoked_at.is_(None))
    db.session.execute(open_doors.values(revoked_at=at), execution_options={"synchronize_session": False})
    due = update(Timer).where(Timer.organization_id == here)
    db.session.execute(due.values(claimed_until=FOREVER), execution_options={"synchronize_session": False})
    wake(purge_organization, here, at=at + GRACE, key=_KEY)
    live.touch("any-member", "any-project", "any-organization")
    forget_address(organization.slug)


def restore_organization(organization: Organization, *, by: Actor) -> None:
    """Open it again, with the doors that were open when it was deleted; what was due meanwhile is late.

    Raises Refused when its time is over.
    """
    lock_organization()
    db.session.refresh(organization)
    if organization.deleted_at is None:
        return
    if organization.deleted_at + GRACE <= now():
        raise Refused(_("Its 30 days are over. It is being purged."))
    shut = update(Door).where(Door.organization_id == organization.id, Door.revoked_at == organization.deleted_at)
    db.session.execute(shut.values(revoked_at=None), execution_options={"synchronize_session": False})
    held = update(Timer).where(Timer.organization_id == organization.id, Timer.claimed_until == FOREVER)
    db.session.execute(held.values(claimed_until=None), execution_options={"synchronize_session": False})
    wake(purge_organization, organization.id, at=FOREVER, key=_KEY)
    with change(organization, event=events.ORGANIZATION_RESTORED, by=by):
        organization.deleted_at = None
    live.touch("any-member", "any-project", "any-organization")


@alarm
def purge_organization(organization_id: int) -> None:
    """Take a part of what is left; the last part takes the organization itself."""
    lock_organization()
    deleted_at: datetime | None = db.session.scalar(
        select(Organization.deleted_at).where(Organization.id == current_organization_id())
    )
    if deleted_at is None or deleted_at + GRACE > now():
        return
    if purging.purge_part():
        log.info("organization.purged", organization=organization_id)
    else:
        wake(purge_organization, organization_id, at=now() + _PAUSE, key=_KEY)
