"""What an organization is called, looks like, counts in, and gives to new projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.adapters import files, media
from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.doors import Door, open_door
from app.kernel.errors import Invalid
from app.kernel.ledger import change, record
from app.kernel.words import gettext as _
from app.organizations import addresses, events
from app.organizations.models import Member, Organization, Plan, ProjectDefaults

#: Bytes of a logo or cover as it is sent.
MOST_BYTES = 5 * 2**20
PICTURES = ("logo", "cover")
#: Former addresses that still lead here; the oldest are given up.
_FORMER = 5


def edit_organization(organization: Organization, *, by: Member, **values: Any) -> None:
    """Change name, timezone, currency, company_size, mail_domain or contact. Raises TypeError for other fields."""
    allowed = {"name", "timezone", "currency", "company_size", "mail_domain", "contact"}
    if unknown := values.keys() - allowed:
        raise TypeError(f"not a setting: {sorted(unknown)}")
    with change(organization, event=events.ORGANIZATION_CHANGED, by=by):
        for name, value in values.items():
            setattr(organization, name, value)
    organization.version += 1


def move_organization(organization: Organization, slug: str, *, by: Member) -> None:
    """Give it another address. The former ones lead to it, as long as nobody else wants one of them back.

    Raises Invalid (at `slug`) for an address that is taken, reserved or malformed.
    """
    if slug == organization.slug:
        return
    if objection := addresses.objection(slug):
        raise Invalid(objection, "slug")
    here = select(Door).where(Door.kind == "organization", Door.organization_id == organization.id)
    doors = db.session.scalars(here.order_by(Door.id).with_for_update()).all()
    try:
        with db.session.begin_nested():
            if not any(door.key == slug for door in doors):
                open_door("organization", organization_id=organization.id, name=slug)
            with change(organization, event=events.ORGANIZATION_CHANGED, by=by):
                organization.slug = slug
            organization.version += 1
            for door in [door for door in doors if door.key != slug][:-_FORMER]:
                db.session.delete(door)
            db.session.flush()
    except IntegrityError as error:
        raise Invalid(_("Somebody has %(slug)s already. Take another address.", slug=slug), "slug") from error


def set_picture(organization: Organization, which: str, file: IO[bytes], *, by: Member) -> None:
    """Take a logo or a cover: drawn anew, so that nothing of the file is kept but what one sees.

    Raises Invalid (at `picture`) for what is no picture that can be drawn.
    """
    kind = media.sniff(file)
    drawn = media.draw_preview(file, kind) if kind in media.PICTURES else None
    if drawn is None:
        raise Invalid(_("This cannot be drawn. Take a PNG, JPEG, GIF or WebP."), "picture")
    stored = files.store_bytes(drawn.data, with_transaction=True)
    _put_picture(organization, which, stored.name, by=by)


def remove_picture(organization: Organization, which: str, *, by: Member) -> None:
    _put_picture(organization, which, None, by=by)


def set_plan(organization: Organization, plan: Plan, *, by: Actor) -> None:
    """The operator's to say."""
    with change(organization, event=events.ORGANIZATION_CHANGED, by=by):
        organization.plan = plan


def set_project_defaults(organization: Organization, *, assignee_id: int | None, state: str | None, by: Member) -> None:
    """What projects begin with that are made from now on."""
    found = db.session.scalar(select(ProjectDefaults))
    if found is None:
        found = ProjectDefaults()
        db.session.add(found)
    former: Mapping[str, Any] = {"assignee_id": found.assignee_id, "state": found.state}
    found.assignee_id, found.state = assignee_id, state
    db.session.flush()
    if former != {"assignee_id": assignee_id, "state": state}:
        record(events.ORGANIZATION_CHANGED, [(organization, {})], by=by, payload={"new_projects": True})


def _put_picture(organization: Organization, which: str, name: str | None, *, by: Member) -> None:
    if which not in PICTURES:
        raise ValueError(which)
    former = db.session.scalar(
        select(getattr(Organization, which)).where(Organization.id == organization.id).with_for_update()
    )
    if former:
        files.delete_on_commit(former)
    with change(organization, event=events.ORGANIZATION_CHANGED, by=by):
        setattr(organization, which, name)


def is_current(organization: Organization, known: int) -> bool:
    """Whether nobody saved the settings since version `known`; holds them until the transaction ends."""
    asked = select(Organization.version).where(Organization.id == organization.id).with_for_update()
    return db.session.scalar(asked) == known
