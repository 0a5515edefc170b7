"""What the templates of the board get: the columns, the filter, who may do what, and what all cards share."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Response, current_app, request, url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement
from werkzeug.datastructures import MultiDict

from app.boards.models import Issue, Priority
from app.boards.policies import P
from app.boards.queries.board import Card, Column, Face, Key, Sort, Tag, card_of, columns_of, fill, on_cards, sums_of
from app.boards.queries.filters import Filter, read_filter
from app.boards.queries.values import format_number
from app.kernel import access
from app.kernel.ledger import Activity
from app.kernel.words import gettext as _
from app.organizations.models import Member
from app.projects.models import EstimateKind, Feature, Project, StateGroup
from app.web.current import current_member
from app.web.filtering import ME
from app.web.filters import today
from app.web.htmx import trigger
from app.web.replies import reply

_HUES = range(1, 9)
#: Cards that a process remembers, at about a kilobyte each.
_REMEMBERED = 8_000
_drawn: dict[tuple[Any, ...], Markup] = {}
#: Cards that a reply repaints one by one; for more than these the page fetches its board anew.
_FEW = 50


@dataclass(frozen=True)
class Look:
    """What all cards of a reply share. Pieces that repeat are drawn once, and addresses are built once."""

    identifier: str
    #: The address of an issue, but for its key.
    issues: str
    #: States in which work is over.
    done: frozenset[int]
    people: Mapping[int, Sequence[Face]]
    labels: Mapping[int, Sequence[Tag]]
    comments: Mapping[int, int]
    kinds: Mapping[int, Sort] = field(default_factory=dict)
    points: Mapping[int, str] = field(default_factory=dict)
    _faces: dict[int, Markup] = field(default_factory=dict)
    _sorts: dict[int, Markup] = field(default_factory=dict)
    _days: dict[tuple[date, bool], Markup] = field(default_factory=dict)

    def cards(self, cards: Sequence[Card]) -> Markup:
        """Many cards in one piece: a template that asked for each would hand every one up through all its layers."""
        return Markup("").join(map(self.card, cards))

    def card(self, card: Card) -> Markup:
        """A card's markup. Remembered by all that it shows, so a board draws only what has changed since."""
        shown = (
            card,
            card.state_id in self.done,
            tuple(self.people[card.id]),
            tuple(self.labels[card.id]),
            self.comments.get(card.id, 0),
            self.kinds.get(card.type_id or 0),
            self.points.get(card.point_id or 0),
            self.issues,
            self.identifier,
            self.today if card.due_date else None,
        )
        found = _drawn.get(shown)
        if found is None:
            if len(_drawn) >= _REMEMBERED:
                _drawn.clear()
            found = _drawn[shown] = _macros("boards/board/_card.html").card(card, self)
        return found

    @cached_property
    def priorities(self) -> list[Markup]:
        draw = _macros("web/_icon.html").priority_icon
        return [draw(level) for level in sorted(Priority)]

    @cached_property
    def dots(self) -> dict[int, Markup]:
        draw = _macros("web/_chip.html").dot
        return {hue: draw(hue) for hue in _HUES}

    @cached_property
    def speech(self) -> Markup:
        return _macros("web/_icon.html").icon("comment", None, "small")

    def sort(self, kind: Sort) -> Markup:
        """The sign of a kind of issues."""
        if kind.id not in self._sorts:
            self._sorts[kind.id] = _macros("projects/_type.html").type_sign(kind)
        return self._sorts[kind.id]

    @cached_property
    def nobody(self) -> Markup:
        return _macros("web/_avatar.html").nobody()

    def face(self, person: Face) -> Markup:
        if person.id not in self._faces:
            self._faces[person.id] = _macros("web/_avatar.html").avatar(person.name, person.initials, person.hue)
        return self._faces[person.id]

    def due(self, on: date, done: bool) -> Markup:
        if (on, done) not in self._days:
            late = not done and on <= self.today
            self._days[on, done] = _macros("boards/board/_due.html").due(on, late, late and on < self.today)
        return self._days[on, done]

    @cached_property
    def today(self) -> date:
        return today()


@dataclass
class Board:
    """A project's board as a member sees it, by a filter."""

    project: Project
    member: Member
    filter: Filter
    columns: list[Column]
    look: Look

    region = "board"
    counted = ("issue", "issues")
    texts = "Title"

    @cached_property
    def base(self) -> str:
        """The board's own address; those of its parts begin with it."""
        return url_for("boards.show_board", identifier=self.project.identifier)

    @property
    def plain(self) -> str:
        """The board by no filter."""
        return self.base

    @property
    def part(self) -> str:
        """Where the board's region is had by another filter, which is added."""
        return f"{self.base}/columns?show"

    @property
    def query(self) -> str:
        return self.filter.query

    @property
    def project_url(self) -> str:
        return self.base.removesuffix("/board")

    @property
    def total(self) -> int:
        return sum(column.count for column in self.columns)

    @cached_property
    def may_edit(self) -> bool:
        return access.may(self.member, P.EDIT, self.project)

    @property
    def estimates(self) -> bool:
        """Whether its issues can be estimated."""
        return self.project.estimated_in is not None and self.project.has(Feature.ESTIMATES)

    @property
    def sorts(self) -> bool:
        """Whether its issues can be of kinds."""
        return self.project.has(Feature.TYPES)

    def amount(self, of: Decimal) -> str:
        """What a column is estimated at."""
        said = format_number(of)
        return _("%(hours)s h", hours=said) if self.project.estimated_in is EstimateKind.TIME else said

    @cached_property
    def may_create(self) -> bool:
        return access.may(self.member, P.CREATE, self.project)

    @cached_property
    def may_delete(self) -> bool:
        return access.may(self.member, P.DELETE, self.project)

    def address(self, chosen: Filter) -> str:
        """The board by another filter."""
        return f"{self.base}?{chosen.query}" if chosen else self.base

    def query_with(self, name: str, value: object) -> str:
        """The filter's query and one pair more."""
        pair = urlencode({name: str(value)})
        return f"{self.filter.query}&{pair}" if self.filter else pair

    @property
    def extent(self) -> str:
        """What a refetch asks with: the filter, and how far each column is loaded."""
        until = urlencode({f"until-{column.id}": str(column.until) for column in self.columns if column.until})
        return "&".join(part for part in (self.filter.query, until) if part)


def board_of(project: Project, member: Member, args: MultiDict[str, str]) -> Board:
    """The whole board as an address (`args`) asks for it: five statements, one for each name in the filter, and three
    more at most where there are kinds and estimates.
    """
    chosen = read_filter(args, project)
    clauses = chosen.clauses(member, project.identifier)
    every = columns_of(project.id, clauses)
    columns = [column for column in every if chosen.shows(column.id)]
    until = {column.id: key for column in columns if (key := Key.read(args.get(f"until-{column.id}", "")))}
    fill(columns, clauses, until)
    add_up(project, columns, clauses)
    look = look_of(project, every, [card for column in columns for card in column.cards])
    return Board(project, member, chosen, columns, look)


def alike(project: Project, member: Member, args: MultiDict[str, str]) -> tuple[Hashable, ...]:
    """What the board's region depends on beside its rows: who have this in common see the same."""
    may = tuple(access.may(member, permission, project) for permission in (P.EDIT, P.CREATE, P.DELETE))
    return today(), may, member.id if ME in args.getlist("assignee") else None, *args.items(multi=True)


def look_of(project: Project, states: Sequence[Any], cards: Sequence[Card]) -> Look:
    """How these cards look: three statements. `states` are Columns or States, at least those of the cards."""
    around = on_cards(cards)
    prefix = url_for("boards.show_issue", key="-").removesuffix("-")
    done = frozenset(state.id for state in states if state.group in (StateGroup.COMPLETED, StateGroup.CANCELLED))
    return Look(
        project.identifier,
        prefix,
        done,
        around.people,
        around.labels,
        around.comments,
        around.kinds if project.has(Feature.TYPES) else {},
        around.points if project.has(Feature.ESTIMATES) else {},
    )


def add_up(project: Project, columns: Sequence[Column], clauses: Sequence[ColumnElement[bool]]) -> None:
    """Say what each column is estimated at: one statement, and none for a project whose estimates do not add up."""
    if project.estimated_in is None or not project.estimated_in.adds_up or not project.has(Feature.ESTIMATES):
        return
    sums = sums_of(project.id, clauses)
    for column in columns:
        column.sum = sums.get(column.id)


def filter_of_page(project: Project) -> Filter:
    """The filter of the board page that a change was made on; none when it was made on another page."""
    try:
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # an address that no browser has been at
        return Filter()
    on_board = shown.path == url_for("boards.show_board", identifier=project.identifier)
    return read_filter(MultiDict(parse_qsl(shown.query) if on_board else ()), project)


def changed(
    project: Project,
    issues: Sequence[Issue],
    activity: Activity | None,
    said: str,
    *,
    heads: Collection[int] = (),
    moved: bool = False,
    refetch: bool = False,
    undo: bool = True,
) -> Response:
    """The reply to every change on a board: the cards, the heads of these states' columns, a toast that takes it back.

    The page has put cards that were `moved` to their places itself. Where others may come or go (`refetch`, a filter,
    very many cards) it fetches its board anew instead. Other parts that show one of the issues follow by `moved`.
    """
    if activity is None:
        return reply("boards/board/unchanged.html")
    chosen = filter_of_page(project)
    refetch = refetch or len(issues) > _FEW or bool(chosen and not moved)
    cards = [] if refetch else [card_of(issue) for issue in issues]
    clauses = chosen.clauses(current_member, project.identifier)
    columns = columns_of(project.id, clauses, *heads) if heads else []
    if columns:
        add_up(project, columns, clauses)
    look = look_of(project, [issue.state for issue in issues], cards)
    board = Board(project, current_member, chosen, columns, look)
    response = reply(
        "boards/board/changed.html", board=board, cards=cards, said=said, undo=undo_of(activity) if undo else None
    )
    topics = [f"issue-{issue.id}" for issue in issues[:_FEW]] + ([f"board-{project.id}"] if refetch else [])
    return trigger(response, moved={"topics": topics})


def named(issues: Sequence[Issue]) -> str:
    """ "WEB-12", or "3 issues"."""
    return issues[0].key if len(issues) == 1 else f"{len(issues)} issues"


def undo_of(activity: Activity) -> str | None:
    """The address that takes an activity back (POST)."""
    return url_for("boards.create_undo", activity_id=activity.id)


def _macros(template: str) -> Any:
    return current_app.jinja_env.get_template(template).module
