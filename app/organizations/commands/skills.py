"""What members can do, and the papers that say so."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from app.kernel.access import CLOCK, Role
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.ledger import record
from app.kernel.timers import alarm, cancel, wake
from app.kernel.words import gettext as _
from app.organizations import events
from app.organizations.days import beginning_of
from app.organizations.models import Kind, Level, Member, MemberCertification, MemberSkill

#: Of either, a member has at most so many.
MOST = 50
#: How long before a paper runs out its bearer and the admins are told.
WARNING = timedelta(days=30)


def set_skill(member: Member, name: str, level: Level, *, by: Member) -> None:
    """Note what somebody can do, or how well they can by now. Capitals do not make another skill."""
    found = db.session.scalar(
        select(MemberSkill).where(MemberSkill.member_id == member.id, func.lower(MemberSkill.name) == name.lower())
    )
    if found is None:
        _check_room(MemberSkill, member)
        db.session.add(MemberSkill(member_id=member.id, name=name, level=level))
    else:
        if found.level is level:
            return
        found.level = level
    record(events.SKILLS_CHANGED, [(member, {})], by=by, payload={"skill": name, "level": level.value})


def remove_skill(skill: MemberSkill, *, of: Member, by: Member) -> None:
    record(events.SKILLS_CHANGED, [(of, {})], by=by, payload={"skill": skill.name, "level": None})
    db.session.delete(skill)


def add_certification(member: Member, name: str, expires_on: date | None, *, by: Member) -> MemberCertification:
    """Note a paper, or a new end of one that is known.

    A month before it runs out its bearer and the admins are told. Raises Invalid (at `expires_on`) for a past day.
    """
    found = db.session.scalar(
        select(MemberCertification).where(
            MemberCertification.member_id == member.id, func.lower(MemberCertification.name) == name.lower()
        )
    )
    if expires_on is not None and beginning_of(expires_on) <= now():
        raise Invalid(_("Take a day that is still to come."), "expires_on")
    if found is None:
        _check_room(MemberCertification, member)
        found = MemberCertification(member_id=member.id, name=name)
        db.session.add(found)
    found.expires_on = expires_on
    db.session.flush()
    says = {"certification": found.name, "until": expires_on.isoformat() if expires_on else None}
    record(events.CERTIFICATIONS_CHANGED, [(member, {})], by=by, payload=says)
    if expires_on is None:
        cancel(warn_of_end, found.id)
    else:
        wake(warn_of_end, found.id, at=max(beginning_of(expires_on) - WARNING, now()))
    return found


def remove_certification(certification: MemberCertification, *, of: Member, by: Member) -> None:
    says = {"certification": certification.name, "until": None}
    record(events.CERTIFICATIONS_CHANGED, [(of, {})], by=by, payload=says)
    cancel(warn_of_end, certification.id)
    db.session.delete(certification)


@alarm
def warn_of_end(certification_id: int) -> None:
    """A paper runs out soon: tell its bearer, and those who can send them to renew it."""
    row = db.session.execute(
        select(MemberCertification, Member)
        .join(
            Member,
            (Member.organization_id == MemberCertification.organization_id)
            & (Member.id == MemberCertification.member_id),
        )
        .where(MemberCertification.id == certification_id, Member.left_at.is_(None))
    ).first()
    if row is None:
        return
    paper, member = row[0], row[1]
    if paper.expires_on is None:
        return
    admins = select(Member.id).where(
        Member.role.in_((Role.OWNER, Role.ADMIN)), Member.kind == Kind.PERSON, Member.left_at.is_(None)
    )
    told = sorted({member.id, *db.session.scalars(admins)})
    says = {"certification": paper.name, "until": str(paper.expires_on)}
    record(events.CERTIFICATION_ENDS, [(member, {"mentions": [[], told]})], by=CLOCK, payload=says)


def _check_room(model: type[MemberSkill] | type[MemberCertification], member: Member) -> None:
    if (db.session.scalar(select(func.count()).where(model.member_id == member.id)) or 0) >= MOST:
        raise Refused(_("%(most)s are enough. Take one away first.", most=MOST))
