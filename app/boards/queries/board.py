"""What a board shows, in as many statements for ten issues as for ten thousand.

It reads plain columns and never a description. The caller has found the project through its `visible_to(member)`, which
is the rule of its issues too, so nothing here asks again; what is deleted is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Text,
    and_,
    bindparam,
    column,
    func,
    or_,
    select,
    true,
    tuple_,
)

from app.boards.models import Issue, IssueAssignee, IssueLabel
from app.discussions.queries import comments_on
from app.kernel.database import db
from app.organizations.models import Member, initials
from app.projects.models import EstimatePoint, IssueType, Label, State, StateGroup

#: Cards of a column that are loaded at once.
PAGE = 30
#: Cards of a column that a refetch brings at most, however far somebody has scrolled.
MOST = 600
_KEY = re.compile(r"([0-9A-Za-z]{1,400})\.(\d{1,18})")


class Key(NamedTuple):
    """A card's place in its column: what loading goes on from. Written `a0V.123`."""

    rank: str
    id: int

    def __str__(self) -> str:
        return f"{self.rank}.{self.id}"

    @classmethod
    def read(cls, text: str) -> Key | None:
        """None for what is no key."""
        found = _KEY.fullmatch(text) if text.isascii() else None
        return cls(found[1], int(found[2])) if found else None


class Face(NamedTuple):
    """Somebody, as a card shows them."""

    id: int
    name: str
    hue: int

    @property
    def initials(self) -> str:
        return initials(self.name)


class Tag(NamedTuple):
    """A label, as a card shows it."""

    id: int
    name: str
    hue: int


class Card(NamedTuple):
    id: int
    number: int
    title: str
    state_id: int
    priority: int
    due_date: date | None
    rank: str
    type_id: int | None = None
    point_id: int | None = None


@dataclass(slots=True)
class Column:
    """A state of the project with the cards of it that are loaded."""

    id: int
    name: str
    group: StateGroup
    #: Issues that pass the filter, loaded or not.
    count: int
    cards: Sequence[Card] = ()
    #: The last card loaded by scrolling; None when only the first page is.
    until: Key | None = None
    #: What its issues are estimated at together; None where nothing adds up.
    sum: Decimal | None = None

    @property
    def more(self) -> int:
        """How many are not loaded yet."""
        return max(self.count - len(self.cards), 0)

    @property
    def last(self) -> Key | None:
        return Key(self.cards[-1].rank, self.cards[-1].id) if self.cards else None


class Sort(NamedTuple):
    """A kind of issues, as a card shows it."""

    id: int
    name: str
    icon: str
    hue: int


@dataclass(frozen=True, slots=True)
class Cards:
    """What stands on cards beside their own columns: `people[issue id]`, `labels[issue id]`, `comments[issue id]`."""

    people: Mapping[int, Sequence[Face]]
    labels: Mapping[int, Sequence[Tag]]
    #: How many; none where there are none.
    comments: Mapping[int, int]
    #: By their own numbers: the kinds of these issues, and the steps that they are estimated at.
    kinds: Mapping[int, Sort]
    points: Mapping[int, str]


_CARD = (
    Issue.id,
    Issue.number,
    Issue.title,
    Issue.state_id,
    Issue.priority,
    Issue.due_date,
    Issue.rank,
    Issue.issue_type_id,
    Issue.estimate_point_id,
)


def columns_of(project_id: int, clauses: Sequence[ColumnElement[bool]] = (), *ids: int) -> list[Column]:
    """The project's states in order, with the count of issues that pass: one statement. `ids`: only these states."""
    counted = _counted(clauses) if clauses else _all_counted()
    if ids:
        counted = counted.where(State.id.in_(ids))
    return [Column(*row) for row in db.session.execute(counted, {"project": project_id})]


def _counted(clauses: Sequence[ColumnElement[bool]]) -> Any:
    there = and_(
        Issue.organization_id == State.organization_id, Issue.state_id == State.id, Issue.deleted_at.is_(None), *clauses
    )
    return (
        select(State.id, State.name, State.group, func.count(Issue.id).label("count"))
        .outerjoin(Issue, there)
        .where(State.project_id == bindparam("project", type_=BigInteger))
        .group_by(State.organization_id, State.id)
        .order_by(State.rank, State.id)
    )


@cache
def _all_counted() -> Any:
    """Without a filter the index of the columns alone answers, so it is asked state by state."""
    there = and_(Issue.organization_id == State.organization_id, Issue.state_id == State.id, Issue.deleted_at.is_(None))
    count = select(func.count()).select_from(Issue).where(there).correlate(State).scalar_subquery()
    return (
        select(State.id, State.name, State.group, count.label("count"))
        .where(State.project_id == bindparam("project", type_=BigInteger))
        .order_by(State.rank, State.id)
    )


def fill(
    columns: Sequence[Column], clauses: Sequence[ColumnElement[bool]] = (), until: Mapping[int, Key] | None = None
) -> None:
    """Load each column's first page of cards, or all up to the key in `until` (by state): one statement."""
    until = until or {}
    for shown in columns:
        shown.until = until.get(shown.id)
    keys = [shown.until for shown in columns]
    rows = db.session.execute(
        _pages(clauses) if clauses else _first_pages(),
        {
            "states": [shown.id for shown in columns],
            "most": [MOST if key else PAGE for key in keys],
            "ranks": [key and key.rank for key in keys],
            "ids": [key and key.id for key in keys],
        },
    )
    by_state: dict[int, list[Card]] = defaultdict(list)
    for row in rows:
        by_state[row.state_id].append(Card(*row))
    for shown in columns:
        shown.cards = by_state[shown.id]


def _pages(clauses: Sequence[ColumnElement[bool]]) -> Any:
    """For each wanted state its own short walk along the index (state, rank)."""
    wanted = (
        func.unnest(
            bindparam("states", type_=ARRAY(BigInteger)),
            bindparam("most", type_=ARRAY(BigInteger)),
            bindparam("ranks", type_=ARRAY(Text)),
            bindparam("ids", type_=ARRAY(BigInteger)),
        )
        .table_valued(
            column("state_id", BigInteger),
            column("most", BigInteger),
            column("rank", Text),
            column("id", BigInteger),
            name="wanted",
        )
        .render_derived()
    )
    up_to = or_(wanted.c.id.is_(None), tuple_(Issue.rank, Issue.id) <= tuple_(wanted.c.rank, wanted.c.id))
    card = (
        select(*_CARD)
        .where(Issue.state_id == wanted.c.state_id, Issue.deleted_at.is_(None), up_to, *clauses)
        .order_by(Issue.rank, Issue.id)
        .limit(wanted.c.most)
        .lateral("card")
    )
    return select(*card.c).select_from(wanted.join(card, true())).order_by(card.c.state_id, card.c.rank, card.c.id)


@cache
def _first_pages() -> Any:
    return _pages(())


def behind(key: Key) -> ColumnElement[bool]:
    """What comes after a card in its column."""
    return tuple_(Issue.rank, Issue.id) > tuple_(key.rank, key.id)


def more_cards(state_id: int, clauses: Sequence[ColumnElement[bool]], after: Key) -> list[Card]:
    """The next page of a column: one statement."""
    rows = db.session.execute(
        select(*_CARD)
        .where(Issue.state_id == state_id, Issue.deleted_at.is_(None), behind(after), *clauses)
        .order_by(Issue.rank, Issue.id)
        .limit(PAGE)
    )
    return [Card(*row) for row in rows]


def card_of(issue: Issue) -> Card:
    """An issue that is at hand already, as a card."""
    return Card(
        issue.id,
        issue.number,
        issue.title,
        issue.state_id,
        issue.priority,
        issue.due_date,
        issue.rank,
        issue.issue_type_id,
        issue.estimate_point_id,
    )


def on_cards(cards: Sequence[Card]) -> Cards:
    """Who works on these, what labels they bear, how much is said about them: three statements; one each
    more where there are kinds and estimates.
    """
    people: dict[int, list[Face]] = defaultdict(list)
    labels: dict[int, list[Tag]] = defaultdict(list)
    if cards:
        given = {"ids": [card.id for card in cards]}
        for issue_id, member_id, name, hue in db.session.execute(_WORKING, given):
            people[issue_id].append(Face(member_id, name, hue))
        for issue_id, label_id, name, hue in db.session.execute(_BEARING, given):
            labels[issue_id].append(Tag(label_id, name, hue))
    kinds = {card.type_id for card in cards if card.type_id}
    points = {card.point_id for card in cards if card.point_id}
    return Cards(
        people,
        labels,
        comments_on("issue", [card.id for card in cards]),
        {row.id: Sort(*row) for row in db.session.execute(_KINDS, {"ids": sorted(kinds)})} if kinds else {},
        {row.id: row.value for row in db.session.execute(_POINTS, {"ids": sorted(points)})} if points else {},
    )


def sums_of(project_id: int, clauses: Sequence[ColumnElement[bool]] = ()) -> dict[int, Decimal]:
    """{state id: what its issues that pass the filter are estimated at together}. One statement."""
    point = and_(EstimatePoint.organization_id == Issue.organization_id, EstimatePoint.id == Issue.estimate_point_id)
    found = (
        select(Issue.state_id, func.sum(EstimatePoint.amount))
        .join(EstimatePoint, point)
        .where(Issue.project_id == project_id, Issue.deleted_at.is_(None), *clauses)
        .group_by(Issue.state_id)
    )
    return {state_id: amount for state_id, amount in db.session.execute(found) if amount is not None}


# One array and not `IN (…)`: its text would grow with the cards, and nobody could keep it prepared.
_IDS = bindparam("ids", type_=ARRAY(BigInteger))
_WORKING = (
    select(IssueAssignee.issue_id, Member.id, Member.name, Member.hue)
    .join(Member, and_(Member.organization_id == IssueAssignee.organization_id, Member.id == IssueAssignee.member_id))
    .where(IssueAssignee.issue_id == func.any(_IDS))
    .order_by(Member.name, Member.id)
)
_KINDS = select(IssueType.id, IssueType.name, IssueType.icon, IssueType.hue).where(IssueType.id == func.any(_IDS))
_POINTS = select(EstimatePoint.id, EstimatePoint.value).where(EstimatePoint.id == func.any(_IDS))
_BEARING = (
    select(IssueLabel.issue_id, Label.id, Label.name, Label.hue)
    .join(Label, and_(Label.organization_id == IssueLabel.organization_id, Label.id == IssueLabel.label_id))
    .where(IssueLabel.issue_id == func.any(_IDS))
    .order_by(Label.name, Label.id)
)
