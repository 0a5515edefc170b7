"""Looking into an organization as its operator: for a reason that its audit shows, for an hour, reading only.

The operator reads as a member of kind `bot` with the role of a viewer, who sees every project for as long as the visit
lasts. That member has left in the eyes of everybody: it is offered nowhere, gets no mail and takes no seat.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from app.accounts.security import note_event
from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Forbidden, NotFound
from app.kernel.ledger import record
from app.kernel.live import touch_user
from app.kernel.tenancy import enter, organization
from app.kernel.words import gettext as _
from app.mailboxes.commands import post_mail
from app.operating import events
from app.operating.models import LASTS, OperatorVisit
from app.organizations.commands.grants import put_grants, revoke_grants
from app.organizations.models import Kind, Member, Organization, PermissionGrant
from app.organizations.queries import organization_id_of
from app.projects.policies import P as Projects
from app.web.urls import outside

_READING = ("GET", "HEAD", "OPTIONS")


def begin_visit(organization_id: int, user: Any, reason: str) -> datetime:
    """Let an operator in until the returned moment; the owners are told by mail. Raises NotFound."""
    with organization(organization_id, user_id=user.id):
        here = db.session.get(Organization, organization_id)
        if here is None:
            raise NotFound
        at = now()
        for open_one in _open(user.id):
            open_one.ended_at = at
        member = _member_for(user)
        visit = OperatorVisit(
            user_id=user.id, member_id=member.id, reason=reason, began_at=at, ends_at=at + LASTS, ended_at=None
        )
        db.session.add(visit)
        db.session.flush()
        put_grants([member], Projects.EVERY, until=visit.ends_at, reason=reason[:300], by=member)
        record(events.ENTERED, [(here, {})], by=member, payload={"reason": reason})
        note_event("operator.entered", user_id=user.id, organization=organization_id, reason=reason)
        _tell_owners(here, member, reason, visit.ends_at)
        touch_user(user.id)
        return visit.ends_at


def end_visit(organization_id: int, user: Any) -> bool:
    """Leave before the hour is over; whether the operator was there."""
    with organization(organization_id, user_id=user.id):
        found = _open(user.id)
        here = db.session.get(Organization, organization_id)
        for visit in found:
            visit.ended_at = now()
            member = db.session.get_one(Member, (organization_id, visit.member_id))
            mine = (PermissionGrant.member_id == member.id, PermissionGrant.ended_at.is_(None))
            revoke_grants(db.session.scalars(select(PermissionGrant).where(*mine)).all(), by=member)
            record(events.LEFT, [(here, {})], by=member)
        note_event("operator.left", user_id=user.id, organization=organization_id)
        touch_user(user.id)
        return bool(found)


def pass_in(slug: str, user: Any) -> tuple[Organization, Member] | None:
    """The guard asks when somebody is no member: an operator on a visit comes in to read, and for nothing else."""
    if not getattr(user, "is_operator", False):
        return None
    organization_id = organization_id_of(slug)
    if organization_id is None:
        return None
    enter(organization_id, user_id=user.id)
    row = db.session.execute(
        select(Organization, Member)
        .join(OperatorVisit, OperatorVisit.organization_id == Organization.id)
        .join(
            Member, (Member.organization_id == OperatorVisit.organization_id) & (Member.id == OperatorVisit.member_id)
        )
        .where(
            Organization.id == organization_id,
            OperatorVisit.user_id == user.id,
            OperatorVisit.ended_at.is_(None),
            OperatorVisit.ends_at > now(),
        )
        .limit(1)
    ).first()
    if row is None:
        enter(None, user_id=user.id)
        return None
    if request.method not in _READING:
        raise Forbidden(_("You are here as the operator, to read. Nothing was changed."))
    return row[0], row[1]


def _open(user_id: int) -> list[OperatorVisit]:
    lasting = (OperatorVisit.user_id == user_id, OperatorVisit.ended_at.is_(None), OperatorVisit.ends_at > now())
    return list(db.session.scalars(select(OperatorVisit).where(*lasting).with_for_update()))


def _member_for(user: Any) -> Member:
    """The row that this operator reads as here: that of the last visit, or a new one."""
    former = select(OperatorVisit.member_id).where(OperatorVisit.user_id == user.id).order_by(OperatorVisit.id.desc())
    number = db.session.scalar(former.limit(1))
    if number is not None:
        return db.session.scalars(select(Member).where(Member.id == number)).one()
    member = Member(
        kind=Kind.BOT, user_id=None, name=f"{user.name} (operator)"[:120], email=None, role=Role.VIEWER, left_at=now()
    )
    db.session.add(member)
    db.session.flush()
    return member


def _tell_owners(here: Organization, member: Member, reason: str, until: datetime) -> None:
    owners = (
        Member.role == Role.OWNER,
        Member.left_at.is_(None),
        Member.kind == Kind.PERSON,
        Member.email.is_not(None),
    )
    link = outside(url_for("organizations.show_settings", organization=here.slug))
    for address in db.session.scalars(select(Member.email).where(*owners).order_by(Member.id)):
        post_mail(
            address or "",
            _("The operator looked into %(name)s", name=here.name),
            _(
                "%(who)s, who runs this installation, has entered %(name)s to read until %(until)s UTC.\n\n"
                "Reason: %(reason)s\n\n"
                "Nothing can be changed by it, and the organization's history shows it.\n%(link)s",
                who=member.name,
                name=here.name,
                until=f"{until:%Y-%m-%d %H:%M}",
                reason=reason,
                link=link,
            ),
        )
