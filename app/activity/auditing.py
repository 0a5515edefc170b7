"""The audit: everything that was done in an organization, and every refusal, a page at a time or as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_

from app.accounts.models import SecurityEvent
from app.activity.sentences import look_up as words_of
from app.activity.sentences import sentence, tell
from app.kernel.database import current_organization_id, db
from app.kernel.errors import NotFound
from app.kernel.events import Noun, all_nouns, event_named, noun_named
from app.kernel.ledger import Activity, Change
from app.kernel.sight import all_seen
from app.kernel.words import gettext as _
from app.organizations.models import Member

#: Entries a page shows, and those that one file holds at most.
PAGE, MOST = 50, 100_000
#: Entries that a file is written by.
_SLICE = 1_000
#: Changes of one activity that are told; the rest is counted.
_TOLD = 20


@dataclass(frozen=True)
class Sieve:
    """What is looked for. Days are whole days in the reader's zone."""

    who: str = ""
    noun: str = ""
    ip: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, args: Any) -> Self:
        """What an address asks for; what means nothing is left out."""
        known = {noun.name for noun in all_nouns()}
        return cls(
            who=" ".join(args.get("who", "").replace("\0", "").split())[:120],
            noun=args.get("noun", "") if args.get("noun") in known else "",
            ip=args.get("ip", "").replace("\0", "").strip()[:45],
            since=_day(args.get("since")),
            until=_day(args.get("until")),
        )

    def __bool__(self) -> bool:
        return any((self.who, self.noun, self.ip, self.since, self.until))

    @property
    def asked(self) -> dict[str, str]:
        """As the query of an address."""
        named = {"who": self.who, "noun": self.noun, "ip": self.ip, "since": self.since, "until": self.until}
        return {name: str(value) for name, value in named.items() if value}

    def _within(self, at: Any, zone: ZoneInfo) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.since:
            found.append(at >= _midnight(self.since, zone))
        if self.until:
            found.append(at < _midnight(self.until + timedelta(days=1), zone))
        return found

    def of_activities(self, zone: ZoneInfo) -> list[ColumnElement[bool]]:
        """The conditions on Activity, with Member as its actor."""
        found = self._within(Activity.at, zone)
        if self.who:
            found.append(_named(self.who))
        if self.noun:
            touched = Change.organization_id == Activity.organization_id, Change.activity_id == Activity.id
            found.append(or_(Activity.noun == self.noun, exists().where(*touched, Change.noun == self.noun)))
        if self.ip:
            found.append(Activity.ip == self.ip)
        return found

    def of_events(self, zone: ZoneInfo) -> list[ColumnElement[bool]]:
        """The conditions on SecurityEvent, with Member as whom it happened to."""
        found = self._within(SecurityEvent.at, zone)
        if self.who:
            found.append(_named(self.who))
        if self.ip:
            found.append(SecurityEvent.ip == self.ip)
        return found


@dataclass(frozen=True)
class Audited:
    """One thing that was done: who, what, to what, and from where."""

    id: int
    at: datetime
    actor: Member | None
    verb: str
    text: str
    #: The first thing it was done to, if the reader may see it (and it is not deleted); else its kind and number.
    subject: str
    url: str
    icon: str
    count: int
    ip: str
    agent: str
    request_id: str

    @property
    def who(self) -> str:
        return self.actor.name if self.actor else "Trestleboard"


@dataclass(frozen=True)
class Noted:
    """One security event."""

    id: int
    at: datetime
    member: Member | None
    kind: str
    ip: str
    agent: str
    details: Mapping[str, Any]

    @property
    def who(self) -> str:
        return self.member.name if self.member else ""

    @property
    def says(self) -> str:
        """`two_factor.enabled` as "two factor: enabled"."""
        return self.kind.replace("_", " ").replace(".", ": ", 1).replace(".", " ")


def audit(
    member: Member, sieve: Sieve, zone: ZoneInfo, *, below: tuple[datetime, int] | None = None, limit: int = PAGE
) -> list[Audited]:
    """What was done, newest first, below a moment and id. Five statements and one for each kind of thing touched.

    Whoever reads it sees all that happened, but no title and no value of what is not theirs to see: a private page of
    somebody else stays private.
    """
    found = (
        select(Activity, Member)
        .outerjoin(Member, and_(Member.organization_id == Activity.organization_id, Member.id == Activity.actor_id))
        .where(*sieve.of_activities(zone))
    )
    if below is not None:
        found = found.where(tuple_(Activity.at, Activity.id) < below)
    rows = db.session.execute(found.order_by(Activity.at.desc(), Activity.id.desc()).limit(limit)).all()
    seen = all_seen({(activity.noun, activity.subject_id) for activity, _actor in rows}, member)
    fields = _fields([activity for activity, _actor in rows if (activity.noun, activity.subject_id) in seen])
    words = words_of((activity.noun, fields.get(activity.id, {})) for activity, _actor in rows)
    return [
        _audited(activity, actor, seen.get((activity.noun, activity.subject_id)), fields.get(activity.id, {}), words)
        for activity, actor in rows
    ]


def _audited(activity: Activity, actor: Member | None, row: Any, fields: Mapping[str, Any], words: Any) -> Audited:
    noun = _noun(activity.noun)
    name = noun.name if noun else activity.noun
    many = _("%(count)s of kind %(noun)s", count=f"{activity.count:,}", noun=name)
    return Audited(
        id=activity.id,
        at=activity.at,
        actor=actor,
        verb=activity.verb,
        text=_text(activity, noun, row, fields, words, many if activity.count > 1 else _("this %(noun)s", noun=name)),
        subject=noun.title(row) if noun and row is not None else f"{name} {activity.subject_id}",
        url=noun.url(row) if noun and row is not None else "",
        icon=noun.icon if noun else "clock",
        count=activity.count,
        ip=activity.ip or "",
        agent=activity.agent or "",
        request_id=activity.request_id or "",
    )


def _text(activity: Activity, noun: Noun | None, row: Any, fields: Mapping[str, Any], words: Any, subject: str) -> str:
    try:
        event_named(activity.verb)
    except LookupError:
        return activity.verb.replace("_", " ").replace(".", ": ")  # its room is gone
    if noun is None or row is None or activity.count > 1:
        return sentence(activity.verb, activity.payload if row is not None else {}, subject)
    told = tell(noun, activity.verb, fields, words, activity.payload, subject)
    return told.text if told else sentence(activity.verb, activity.payload, subject)


def _fields(activities: Sequence[Activity]) -> dict[int, Mapping[str, Any]]:
    """{activity: what changed of its first subject}. One statement."""
    rows = db.session.execute(
        select(Change.activity_id, Change.fields)
        .join(
            Activity,
            and_(
                Activity.organization_id == Change.organization_id,
                Activity.id == Change.activity_id,
                Activity.noun == Change.noun,
                Activity.subject_id == Change.subject_id,
            ),
        )
        .where(Change.activity_id.in_([activity.id for activity in activities]))
    )
    return {row.activity_id: row.fields for row in rows}


def activity_by_id(member: Member, activity_id: int) -> Activity:
    """Raises NotFound."""
    found = db.session.scalar(select(Activity).where(Activity.id == activity_id))
    if found is None:
        raise NotFound
    return found


def changes_of(activity: Activity, member: Member) -> tuple[list[tuple[Any, str, Mapping[str, Any]]], int]:
    """What an activity changed as (row, noun, fields), of what the reader may see; and how much it changed in all."""
    rows = db.session.scalars(
        select(Change).where(Change.activity_id == activity.id).order_by(Change.id).limit(_TOLD)
    ).all()
    total = db.session.scalar(select(func.count()).select_from(Change).where(Change.activity_id == activity.id)) or 0
    seen = all_seen({(row.noun, row.subject_id) for row in rows}, member)
    return [
        (seen.get((row.noun, row.subject_id)), row.noun, row.fields if (row.noun, row.subject_id) in seen else {})
        for row in rows
    ], total


def security_events(
    sieve: Sieve, zone: ZoneInfo, *, below: tuple[datetime, int] | None = None, limit: int = PAGE
) -> list[Noted]:
    """Refusals, failed tries and changed rules of this organization, newest first. One statement."""
    found = (
        select(SecurityEvent, Member)
        .outerjoin(
            Member, and_(Member.user_id == SecurityEvent.user_id, Member.organization_id == current_organization_id())
        )
        .where(SecurityEvent.organization_id == current_organization_id(), *sieve.of_events(zone))
    )
    if below is not None:
        found = found.where(tuple_(SecurityEvent.at, SecurityEvent.id) < below)
    rows = db.session.execute(found.order_by(SecurityEvent.at.desc(), SecurityEvent.id.desc()).limit(limit))
    return [
        Noted(event.id, event.at, member, event.kind, event.ip or "", event.agent or "", event.details)
        for event, member in rows
    ]


def whole_audit(member: Member, sieve: Sieve, zone: ZoneInfo) -> Iterator[Audited]:
    """All of it, newest first, `MOST` at most: slice by slice, so that a long one needs no more memory."""
    below, left = None, MOST
    while left > 0 and (found := audit(member, sieve, zone, below=below, limit=min(_SLICE, left))):
        yield from found
        below, left = (found[-1].at, found[-1].id), left - len(found)


def whole_security(sieve: Sieve, zone: ZoneInfo) -> Iterator[Noted]:
    """All security events, as `whole_audit`."""
    below, left = None, MOST
    while left > 0 and (found := security_events(sieve, zone, below=below, limit=min(_SLICE, left))):
        yield from found
        below, left = (found[-1].at, found[-1].id), left - len(found)


def _noun(name: str) -> Noun | None:
    try:
        return noun_named(name)
    except NotFound:
        return None


def _named(who: str) -> ColumnElement[bool]:
    return or_(Member.name.icontains(who, autoescape=True), Member.email == who.lower())


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
