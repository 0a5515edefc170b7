"""What a person works on, sorted by when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, literal, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from app.activity.queries import stream
from app.boards.models import Issue, IssueAssignee
from app.boards.policies import visible_to
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member
from app.organizations.policies import members_visible_to
from app.projects.models import State, StateGroup

#: Rows at home, rows a page, and the most that a region asks for again after scrolling.
BRIEF, PAGE, MOST = 20, 50, 500
#: Entries of the stream a page, and the most that its region asks for again.
CHANGES, MOST_CHANGES = 30, 200
#: The sidebar counts no further.
COUNTED = 100
_OPEN = (StateGroup.BACKLOG, StateGroup.UNSTARTED, StateGroup.STARTED)
_NEVER = date(9999, 12, 31)


class Due(IntEnum):
    """When something is due, seen from a day; the order in which people take it on."""

    OVERDUE = 0
    TODAY = 1
    THIS_WEEK = 2
    LATER = 3
    NO_DATE = 4

    @property
    def label(self) -> str:
        return ("Overdue", "Today", "This week", "Later", "No date")[self]


@dataclass(frozen=True)
class Key:
    """The place of a row in the order; what comes after it is the next page."""

    due: int
    priority: int
    due_date: date
    id: int

    def __str__(self) -> str:
        return f"{self.due}_{self.priority}_{self.due_date.isoformat()}_{self.id}"

    @classmethod
    def read(cls, text: str) -> Key | None:
        """None for nothing. Raises NotFound for what is no key: it comes from an address."""
        if not text:
            return None
        try:
            due, priority, day, number = text.split("_")
            key = cls(int(due), int(priority), date.fromisoformat(day), int(number))
        except ValueError as error:
            raise NotFound from error
        if not (0 <= key.due < 10 and -10 < key.priority < 10 and 0 < key.id < 2**63):
            raise NotFound
        return key


@dataclass(frozen=True)
class Work:
    """A part of somebody's work, in groups, and how much there is in all of it."""

    groups: Sequence[tuple[Due, Sequence[Issue]]]
    counts: dict[Due, int]
    #: The last row's place, and whether more come after it.
    last: Key | None
    more: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def _assigned(member: Member, of: int) -> ColumnElement[bool]:
    """Open issues that `of` works on and `member` sees."""
    return and_(visible_to(member), IssueAssignee.member_id == of, State.group.in_(_OPEN))


def _joined(*columns: Any) -> Any:
    on = and_(IssueAssignee.organization_id == Issue.organization_id, IssueAssignee.issue_id == Issue.id)
    return select(*columns).select_from(Issue).join(IssueAssignee, on).join(Issue.state)


def _due(today: date, week_begins: int) -> ColumnElement[int]:
    last = today + timedelta(days=6 - (today.weekday() - week_begins) % 7)
    return case(
        (Issue.due_date.is_(None), Due.NO_DATE.value),
        (Issue.due_date < today, Due.OVERDUE.value),
        (Issue.due_date == today, Due.TODAY.value),
        (Issue.due_date <= last, Due.THIS_WEEK.value),
        else_=Due.LATER.value,
    )


def count_work(member: Member) -> int:
    """How many open issues are assigned to `member`, up to COUNTED. One statement."""
    few = _joined(Issue.id).where(_assigned(member, member.id)).limit(COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(few)) or 0


def work_of(
    member: Member,
    of: int,
    *,
    today: date,
    week_begins: int = 0,
    after: Key | None = None,
    until: Key | None = None,
    most: int = PAGE,
) -> Work:
    """What `of` has to do, as far as `member` sees it: by when it is due, then priority. Two statements.

    `after` gives the next page; `until` gives everything up to a row that was loaded before.
    """
    due = _due(today, week_begins)
    place = tuple_(due, -Issue.priority, func.coalesce(Issue.due_date, _NEVER), Issue.id)
    rows = _joined(Issue, due.label("due")).where(_assigned(member, of)).order_by(*place.clauses)
    if after:
        rows = rows.where(place > _literal(after))
    if until:
        rows = rows.where(place <= _literal(until))
    most = MOST if until else most
    whole = (contains_eager(Issue.state), joinedload(Issue.project))
    found = db.session.execute(rows.options(*whole).limit(most + 1)).all()
    counted = _joined(due.label("due"), func.count().label("many")).where(_assigned(member, of)).group_by(due)
    counts = {Due(row.due): row.many for row in db.session.execute(counted)}
    shown = found[:most]
    more = len(found) > most or (until is not None and sum(counts.values()) > len(shown))
    groups = [(Due(number), [row.Issue for row in same]) for number, same in groupby(shown, key=lambda row: row.due)]
    return Work(groups, counts, _place_of(shown[-1]) if shown else None, more)


def _place_of(row: Any) -> Key:
    return Key(row.due, -row.Issue.priority, row.Issue.due_date or _NEVER, row.Issue.id)


def _literal(key: Key) -> Any:
    return tuple_(literal(key.due, Integer), literal(key.priority, Integer), literal(key.due_date), literal(key.id))


def changes_of(member: Member, *, before: int | None = None, until: int | None = None) -> dict[str, Any]:
    """What changed in what `member` sees: a page of it below an activity, or all down to one that was loaded before."""
    found = stream(member, limit=MOST_CHANGES if until else CHANGES + 1, before=before)
    shown = [entry for entry in found if entry.id >= until] if until else found[:CHANGES]
    return {"changes": shown, "more": len(found) > len(shown), "before": before}


def colleague(member: Member, member_id: int) -> Member:
    """Somebody one works with. Raises NotFound for customers, strangers, and for customers who ask."""
    found = db.session.scalar(select(Member).where(Member.id == member_id, members_visible_to(member)))
    if found is None:
        raise NotFound
    return found
