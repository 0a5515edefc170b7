"""What the console lists: of all organizations, a page at a time, each by a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true, tuple_

from app.accounts.models import User, UserSession
from app.discussions.models import Attachment
from app.kernel import timers
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.ledger import Activity
from app.kernel.outbox import ATTEMPTS as DISPATCHES
from app.mailboxes.models import TROUBLED, Fate, IncomingMail, OutgoingMail
from app.operating.models import OperatorVisit
from app.operating.reading import first, rows
from app.organizations.models import Kind, Member, Organization

PAGE = 50

_NAMED = (Organization.slug, Organization.name)
_WAITING = (Activity.id, Activity.organization_id, Activity.verb, Activity.at, Activity.attempts, Activity.error)
_OUT = (
    OutgoingMail.id,
    OutgoingMail.organization_id,
    OutgoingMail.to_address,
    OutgoingMail.created_at,
    OutgoingMail.next_try_at,
    OutgoingMail.attempts,
    OutgoingMail.sent_at,
    OutgoingMail.failed_at,
    OutgoingMail.error,
)
_IN = (
    IncomingMail.id,
    IncomingMail.organization_id,
    IncomingMail.address,
    IncomingMail.sender_address,
    IncomingMail.subject,
    IncomingMail.size_bytes,
    IncomingMail.received_at,
    IncomingMail.fate,
    IncomingMail.reason,
    IncomingMail.attempts,
)


def timer_filters() -> dict[str, ColumnElement[bool]]:
    row, at = timers.Timer, now()
    return {
        "all": true(),
        "overdue": row.wake_at <= at,
        "claimed": row.claimed_until > at,
        "failing": row.attempts > 1,
        "stopped": row.attempts >= timers.ATTEMPTS,
    }


def due_timers(only: str, *, after: tuple[datetime, int] | None = None) -> Sequence[Any]:
    """Timers in the order in which they are due, up to one more than a page. One statement."""
    row = timers.Timer
    wanted = (
        select(row.organization_id, row.id, row.alarm, row.subject_id, row.wake_at, row.attempts, row.claimed_until)
        .add_columns(*_NAMED)
        .outerjoin(Organization, Organization.id == row.organization_id)
        .where(timer_filters()[only])
    )
    if after is not None:
        wanted = wanted.where(tuple_(row.wake_at, row.id) > after)
    return rows(wanted.order_by(row.wake_at, row.id).limit(PAGE + 1))


def owed_activities(*, after: int = 0) -> Sequence[Any]:
    """What was not dispatched, oldest first. One statement."""
    wanted = (
        select(*_WAITING, *_NAMED)
        .outerjoin(Organization, Organization.id == Activity.organization_id)
        .where(Activity.dispatched_at.is_(None), Activity.id > after)
    )
    return rows(wanted.order_by(Activity.id).limit(PAGE + 1))


MAIL_FILTERS: dict[str, ColumnElement[bool]] = {
    "all": or_(OutgoingMail.sent_at.is_(None), OutgoingMail.failed_at.is_not(None)),
    "waiting": and_(OutgoingMail.sent_at.is_(None), OutgoingMail.failed_at.is_(None)),
    "failed": OutgoingMail.failed_at.is_not(None),
}


def undelivered(only: str, *, below: int | None = None) -> Sequence[Any]:
    """Mail that waits or was given up, newest first: to whom and why, never what it says. One statement."""
    wanted = select(*_OUT, *_NAMED).outerjoin(Organization, Organization.id == OutgoingMail.organization_id)
    wanted = wanted.where(MAIL_FILTERS[only])
    if below is not None:
        wanted = wanted.where(OutgoingMail.id < below)
    return rows(wanted.order_by(OutgoingMail.id.desc()).limit(PAGE + 1))


def undelivered_by_id(mail_id: int) -> Any:
    """Raises NotFound."""
    return _found(first(select(*_OUT).where(OutgoingMail.id == mail_id, MAIL_FILTERS["all"])))


def unfiled(*, below: int | None = None) -> Sequence[Any]:
    """Mail that could not be read, filed, or has no home, newest first. One statement."""
    wanted = select(*_IN, *_NAMED).outerjoin(Organization, Organization.id == IncomingMail.organization_id)
    wanted = wanted.where(IncomingMail.fate.in_(TROUBLED))
    if below is not None:
        wanted = wanted.where(IncomingMail.id < below)
    return rows(wanted.order_by(IncomingMail.id.desc()).limit(PAGE + 1))


def unfiled_by_id(mail_id: int) -> Any:
    """Raises NotFound, also for mail that is nobody's trouble."""
    return _found(first(select(*_IN).where(IncomingMail.id == mail_id, IncomingMail.fate.in_(TROUBLED))))


def people(search: str, *, below: int | None = None) -> Sequence[Any]:
    """Accounts, the newest first, whose address begins with or whose name has what is looked for. One statement."""
    browsers = (
        select(func.count())
        .where(UserSession.user_id == User.id, UserSession.revoked_at.is_(None), UserSession.expires_at > now())
        .scalar_subquery()
    )
    wanted = select(User, browsers.label("browsers"))
    if search:
        said = search.lower()
        wanted = wanted.where(
            or_(User.email.startswith(said, autoescape=True), User.name.icontains(said, autoescape=True))
        )
    if below is not None:
        wanted = wanted.where(User.id < below)
    return db.session.execute(wanted.order_by(User.id.desc()).limit(PAGE + 1)).all()


def person(user_id: int) -> User:
    """Raises NotFound."""
    return _found(db.session.get(User, user_id))


def memberships(user_id: int) -> Sequence[Any]:
    """Where a person is a member. One statement."""
    return rows(
        select(Organization.id, *_NAMED, Member.role, Member.kind, Member.left_at, Member.last_seen_at)
        .join(Organization, Organization.id == Member.organization_id)
        .where(Member.user_id == user_id)
        .order_by(Organization.name, Organization.id)
        .limit(200)
    )


def organizations(search: str, *, below: int | None = None) -> Sequence[Any]:
    """Organizations, the newest first. One statement; `sizes` says what is in them."""
    wanted = select(Organization.id, *_NAMED, Organization.plan, Organization.created_at, Organization.deleted_at)
    if search:
        said = search.lower()
        wanted = wanted.where(
            or_(Organization.slug.startswith(said, autoescape=True), Organization.name.icontains(said, autoescape=True))
        )
    if below is not None:
        wanted = wanted.where(Organization.id < below)
    return rows(wanted.order_by(Organization.id.desc()).limit(PAGE + 1))


def sizes(ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """{organization: (people, customers, bytes of files)}. Two statements."""
    kinds = (
        select(
            Member.organization_id,
            func.sum(case((Member.kind == Kind.PERSON, 1), else_=0)),
            func.sum(case((Member.kind == Kind.CUSTOMER, 1), else_=0)),
        )
        .where(Member.organization_id.in_(ids), Member.left_at.is_(None))
        .group_by(Member.organization_id)
    )
    stored = select(Attachment.organization_id, func.sum(Attachment.size_bytes)).where(
        Attachment.organization_id.in_(ids)
    )
    known = {number: (int(persons), int(customers)) for number, persons, customers in rows(kinds)}
    taken = {number: int(size) for number, size in rows(stored.group_by(Attachment.organization_id))}
    return {number: (*known.get(number, (0, 0)), taken.get(number, 0)) for number in ids}


def organization_by_id(organization_id: int) -> Any:
    """Raises NotFound."""
    return _found(
        first(
            select(Organization.id, *_NAMED, Organization.plan, Organization.created_at, Organization.deleted_at).where(
                Organization.id == organization_id
            )
        )
    )


def visits_to(organization_id: int) -> Sequence[Any]:
    """The last visits of operators, newest first. One statement."""
    row = OperatorVisit
    return rows(
        select(row.id, row.user_id, row.reason, row.began_at, row.ends_at, row.ended_at, User.name)
        .outerjoin(User, User.id == row.user_id)
        .where(row.organization_id == organization_id)
        .order_by(row.id.desc())
        .limit(20)
    )


def open_visits(user_id: int) -> Sequence[Any]:
    """Where an operator is now. One statement."""
    row = OperatorVisit
    return rows(
        select(row.organization_id, row.ends_at, row.reason, *_NAMED)
        .join(Organization, Organization.id == row.organization_id)
        .where(row.user_id == user_id, row.ended_at.is_(None), row.ends_at > now())
        .order_by(row.id.desc())
        .limit(20)
    )


def figures() -> Any:
    """Numbers of what waits and what fails, in one statement."""
    row, at = timers.Timer, now()
    owed = Activity.dispatched_at.is_(None)
    waiting = MAIL_FILTERS["waiting"]

    def one(what: Any, *where: ColumnElement[bool]) -> Any:
        return select(what).where(*where).scalar_subquery()

    return first(
        select(
            one(func.count(row.id), row.wake_at <= at).label("timers_overdue"),
            one(func.min(row.wake_at), row.attempts < timers.ATTEMPTS).label("next_timer_at"),
            one(func.count(row.id), row.attempts >= timers.ATTEMPTS).label("timers_stopped"),
            one(func.count(Activity.id), owed).label("outbox_owed"),
            one(func.min(Activity.at), owed).label("outbox_oldest_at"),
            one(func.count(Activity.id), owed, Activity.attempts >= DISPATCHES).label("outbox_stopped"),
            one(func.count(OutgoingMail.id), waiting).label("mails_waiting"),
            one(func.min(OutgoingMail.created_at), waiting).label("mails_oldest_at"),
            one(func.count(OutgoingMail.id), MAIL_FILTERS["failed"]).label("mails_failed"),
            one(func.count(IncomingMail.id), IncomingMail.fate.in_(TROUBLED)).label("mails_unfiled"),
            one(func.count(IncomingMail.id), IncomingMail.fate == Fate.RECEIVED).label("mails_received"),
        )
    )


def live_sessions() -> int:
    """Browsers that are signed in."""
    lasting = (UserSession.revoked_at.is_(None), UserSession.expires_at > now())
    return db.session.scalar(select(func.count()).select_from(UserSession).where(*lasting)) or 0


def _found(row: Any) -> Any:
    if row is None:
        raise NotFound
    return row
