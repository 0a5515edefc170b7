"""Histories and the stream, in a fixed number of statements, of what a member may see and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.activity.sentences import Told, Words, anchor_of, look_up, sentence, tell
from app.kernel.database import db
from app.kernel.events import Noun, all_nouns, noun_named, noun_of
from app.kernel.ledger import Activity, Change
from app.organizations.models import Member


@dataclass(frozen=True)
class Entry:
    """One thing that happened, as people read it: `actor` `text` (· `title`)."""

    id: int
    at: datetime
    verb: str
    #: None: Trestleboard itself.
    actor: Member | None
    text: str
    #: Versions of a long text that changed: (before, after).
    versions: tuple[int, int] | None = None
    #: In a stream: what it happened to, where that is, and its kind's icon.
    title: str = ""
    url: str = ""
    icon: str = ""
    noun: str = ""

    @property
    def actor_name(self) -> str:
        return self.actor.name if self.actor else "Trestleboard"


def history_of(subject: Any, *, limit: int = 50, before: int | None = None) -> list[Entry]:
    """What happened to one noun, newest first, below an activity's id. The caller has checked that it may be seen."""
    noun = noun_of(subject)
    found = (
        select(Activity, Change.fields, Member)
        .join(Change, and_(Change.organization_id == Activity.organization_id, Change.activity_id == Activity.id))
        .outerjoin(Member, and_(Member.organization_id == Activity.organization_id, Member.id == Activity.actor_id))
        .where(Change.noun == noun.name, Change.subject_id == subject.id)
    )
    if before is not None:
        found = found.where(Activity.id < before)
    rows = db.session.execute(found.order_by(Activity.id.desc()).limit(limit)).all()
    words = look_up((noun.name, fields) for _, fields, _ in rows)
    entries = []
    for activity, fields, actor in rows:
        told = tell(noun, activity.verb, fields, words, activity.payload, f"this {noun.name}")
        if told:
            entries.append(Entry(activity.id, activity.at, activity.verb, actor, told.text, told.versions))
    return entries


def stream(member: Member, *, limit: int = 30, before: int | None = None) -> list[Entry]:
    """What changed among all that `member` sees, newest first, below an activity's id.

    An activity over many nouns counts those that the member sees; one that touched none of them is not there. Who is no
    colleague gets none: of a ticket of theirs they see what was said openly, not what is done about it.
    """
    if not member.is_colleague:
        return []
    visible = _visible(member)
    found = select(Activity, Member).outerjoin(
        Member, and_(Member.organization_id == Activity.organization_id, Member.id == Activity.actor_id)
    )
    seen = select(literal(1)).where(
        Change.organization_id == Activity.organization_id, Change.activity_id == Activity.id, visible
    )
    found = found.where(seen.exists())
    if before is not None:
        found = found.where(Activity.id < before)
    rows = db.session.execute(found.order_by(Activity.id.desc()).limit(limit)).all()
    touched = _touched([activity.id for activity, _ in rows], visible)
    subjects = _subjects(touched)
    words = look_up((change.noun, change.fields) for change, _ in touched.values())
    entries = []
    for activity, actor in rows:
        change, count = touched[activity.id]
        subject = subjects.get((change.noun, change.subject_id))
        if subject is not None and (entry := _entry(activity, actor, change, count, subject, words)):
            entries.append(entry)
    return entries


def _visible(member: Member) -> ColumnElement[bool]:
    """Whether a change touched something that `member` sees, of any kind."""
    kinds = [
        and_(Change.noun == noun.name, Change.subject_id.in_(select(_id(noun)).where(noun.visible(member))))
        for noun in all_nouns()
    ]
    return or_(*kinds)


def _id(noun: Noun) -> Any:
    return noun.model.id  # type: ignore[attr-defined]


def _touched(activities: Sequence[int], visible: ColumnElement[bool]) -> dict[int, tuple[Change, int]]:
    """{activity: (the first visible change, how many there are)}. One statement."""
    many = func.count().over(partition_by=Change.activity_id)
    rows = db.session.execute(
        select(Change, many)
        .where(Change.activity_id.in_(activities), visible)
        .ext(distinct_on(Change.activity_id))
        .order_by(Change.activity_id, Change.id)
    )
    return {change.activity_id: (change, count) for change, count in rows}


def _subjects(touched: Mapping[int, tuple[Change, int]]) -> dict[tuple[str, int], Any]:
    """The nouns themselves, one statement a kind."""
    wanted: dict[str, set[int]] = {}
    for change, _ in touched.values():
        wanted.setdefault(change.noun, set()).add(change.subject_id)
    found = {}
    for name, ids in wanted.items():
        noun = noun_named(name)
        rows: Any = db.session.scalars(select(noun.model).where(_id(noun).in_(ids)).options(*noun.load))
        found.update({(name, row.id): row for row in rows})
    return found


def _entry(
    activity: Activity, actor: Member | None, change: Change, count: int, subject: Any, words: Words
) -> Entry | None:
    noun, verb, payload = noun_named(change.noun), activity.verb, activity.payload
    title = noun.title(subject)
    told: Told | None
    if count > 1:
        told = Told(sentence(verb, payload, f"{count:,} {noun.name}s"))
        title = f"{title} and {count - 1:,} more"
    else:
        told = tell(noun, verb, change.fields, words, payload, f"this {noun.name}")
    if told is None:
        return None
    return Entry(
        activity.id,
        activity.at,
        verb,
        actor,
        told.text,
        told.versions,
        title,
        noun.url(subject) + anchor_of(payload),
        noun.icon,
        noun.name,
    )
