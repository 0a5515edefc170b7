"""Making an organization."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.doors import open_door
from app.kernel.errors import Invalid
from app.kernel.ledger import record_created
from app.kernel.tenancy import enter
from app.kernel.words import gettext as _
from app.organizations import addresses, events
from app.organizations.models import Member, Organization


def create_organization(*, name: str, slug: str, timezone: str, founder: Any) -> tuple[Organization, Member]:
    """Make an organization of which `founder`, a user, is the owner, and enter it.

    Raises Invalid (at `slug`) for an address that is taken, reserved or malformed.
    """
    if objection := addresses.objection(slug):
        raise Invalid(objection, "slug")
    # The number is known first: the policy lets nobody write a row of an organization that they are not inside of.
    number = db.session.execute(text("SELECT nextval(pg_get_serial_sequence('organizations', 'id'))")).scalar_one()
    enter(number, user_id=founder.id)
    organization = Organization(id=number, slug=slug, name=name, timezone=timezone)
    owner = Member(user_id=founder.id, name=founder.name, email=founder.email, role=Role.OWNER, hue=founder.id % 8 + 1)
    owner.look_like(founder)
    try:
        with db.session.begin_nested():
            db.session.add(organization)
            db.session.flush()
            open_door("organization", organization_id=number, name=slug)
            db.session.add(owner)
            db.session.flush()
    except IntegrityError as error:
        db.session.expunge_all()
        enter(None, user_id=founder.id)
        raise Invalid(_("Somebody has %(slug)s already. Take another address.", slug=slug), "slug") from error
    record_created(events.ORGANIZATION_CREATED, [organization], by=owner)
    return organization, owner
