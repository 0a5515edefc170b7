"""Who hears of an activity, and why: a fixed number of statements, however many people and nouns.

Commands of every room record people in two fields of their changes, as lists of member ids, old and new:
`assignees` and `mentions`. Who is new there is told so; all others who hear of it are watchers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, literal, select, union_all

from app.inbox.models import Reason, Watcher
from app.kernel.database import current_organization_id, db
from app.kernel.events import Bulk, Event, Noun, noun_named
from app.kernel.ledger import Activity, Change
from app.organizations.models import Kind, Member

#: Fields of changes that hold people, and what being new there means; the first weighs most.
FIELDS = {"assignees": Reason.ASSIGNED, "mentions": Reason.MENTIONED}
_WEIGHT = {Reason.ASSIGNED: 0, Reason.MENTIONED: 1, Reason.WATCHING: 2}
#: Topics of events whose actor follows the noun from then on.
_TAKES_PART = ("created", "commented")
#: Members whose sight is asked for in one statement.
_TOGETHER = 50

#: member -> noun's id -> why.
Reasons = dict[int, dict[int, Reason]]


@dataclass(frozen=True)
class Hearing:
    """What one member is told: one of the nouns, why, and of how many."""

    member_id: int
    reason: Reason
    subject_id: int
    count: int


@dataclass(frozen=True)
class Audience:
    hearings: list[Hearing]
    #: (member, noun's id): who follows it from now on.
    followers: list[tuple[int, int]]


def audience_of(activity: Activity, event: Event) -> Audience:
    """Who is told of it, and who follows its nouns from now on: people who work here and see the noun right now."""
    noun = noun_named(activity.noun)
    changes = db.session.execute(
        select(Change.subject_id, Change.fields).where(
            Change.organization_id == activity.organization_id, Change.activity_id == activity.id
        )
    ).all()
    reasons, muted = _watching(activity)
    if event.bulk is Bulk.ONLY_NAMED:
        reasons = {}
    involved: set[tuple[int, int]] = set()
    for subject_id, fields in changes:
        for field, reason in FIELDS.items():
            old, new = fields.get(field) or ((), ())
            for member_id in set(new or ()) - set(old or ()):
                involved.add((member_id, subject_id))
                _give(reasons, member_id, subject_id, reason)
        if activity.actor_id and event.topic in _TAKES_PART:
            involved.add((activity.actor_id, subject_id))
    seen = _seen(noun, activity, {*reasons, *(member_id for member_id, _ in involved)})
    reasons.pop(activity.actor_id or 0, None)
    return Audience(
        [
            hearing
            for member_id, why in reasons.items()
            if (hearing := _heard(member_id, why, seen.get(member_id, frozenset()) - muted[member_id]))
        ],
        sorted((member_id, subject) for member_id, subject in involved if subject in seen.get(member_id, ())),
    )


def _watching(activity: Activity) -> tuple[Reasons, Mapping[int, set[int]]]:
    """Who watches the activity's nouns, and who does not want to hear of which."""
    rows = db.session.execute(
        select(Watcher.member_id, Watcher.subject_id, Watcher.muted)
        .join(
            Change,
            and_(
                Change.organization_id == Watcher.organization_id,
                Change.noun == Watcher.noun,
                Change.subject_id == Watcher.subject_id,
            ),
        )
        .where(Change.organization_id == activity.organization_id, Change.activity_id == activity.id)
    )
    reasons: Reasons = {}
    muted: defaultdict[int, set[int]] = defaultdict(set)
    for member_id, subject_id, deaf in rows:
        if deaf:
            muted[member_id].add(subject_id)
        else:
            _give(reasons, member_id, subject_id, Reason.WATCHING)
    return reasons, muted


def _give(reasons: Reasons, member_id: int, subject_id: int, reason: Reason) -> None:
    mine = reasons.setdefault(member_id, {})
    mine[subject_id] = min(mine.get(subject_id, reason), reason, key=lambda why: _WEIGHT[why])


def _seen(noun: Noun, activity: Activity, member_ids: Collection[int]) -> Mapping[int, set[int]]:
    """Which of the activity's nouns each of these people sees; customers, bots and who left see none."""
    people = (
        db.session.scalars(
            select(Member).where(
                Member.organization_id == current_organization_id(),
                Member.id.in_(member_ids),
                Member.kind == Kind.PERSON,
                Member.left_at.is_(None),
            )
        ).all()
        if member_ids
        else ()
    )
    seen: defaultdict[int, set[int]] = defaultdict(set)
    for member_id, subject_id in _sight(noun, activity, [person for person in people if person.is_colleague]):
        seen[member_id].add(subject_id)
    return seen


def _sight(noun: Noun, activity: Activity, people: Sequence[Member]) -> Iterable[tuple[int, int]]:
    touched = select(Change.subject_id).where(
        Change.organization_id == activity.organization_id, Change.activity_id == activity.id
    )
    row = noun.model.id  # type: ignore[attr-defined]
    for start in range(0, len(people), _TOGETHER):
        some = people[start : start + _TOGETHER]
        sights = [select(literal(member.id), row).where(row.in_(touched), noun.visible(member)) for member in some]
        yield from (tuple(found) for found in db.session.execute(union_all(*sights)))


def _heard(member_id: int, why: Mapping[int, Reason], seen: Collection[int]) -> Hearing | None:
    """The weightiest reason, and the nouns that it holds for."""
    heard = {subject_id: reason for subject_id, reason in why.items() if subject_id in seen}
    if not heard:
        return None
    reason = min(heard.values(), key=lambda each: _WEIGHT[each])
    subjects = sorted(subject_id for subject_id, each in heard.items() if each is reason)
    return Hearing(member_id, reason, subjects[0], len(subjects))
