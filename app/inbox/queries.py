"""What an inbox shows, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, tuple_, union

from app.inbox.lines import Line, chosen, read_lines
from app.inbox.models import Notification, Reason, Watcher
from app.kernel.database import current_organization_id, db
from app.kernel.errors import NotFound
from app.kernel.events import Noun, all_nouns, noun_named, noun_of
from app.kernel.sight import rows_seen
from app.kernel.words import gettext as _
from app.organizations.models import Member

#: Rows a page, and the most that a region asks for again after scrolling.
PAGE, MOST = 40, 400
#: Badges count no further.
COUNTED = 100
#: The newest notifications that say what the inbox can be narrowed to.
_LOOKED_AT = 400

_HERE = and_(Notification.archived_at.is_(None), Notification.snoozed_until.is_(None))
_UNREAD = Notification.read_at.is_(None)
#: The tabs of the inbox, by their name in the address.
FILTERS: dict[str, ColumnElement[bool]] = {
    "all": _HERE,
    "unread": _HERE & _UNREAD,
    "mentions": _HERE & (Notification.reason == Reason.MENTIONED),
    "assigned": _HERE & (Notification.reason == Reason.ASSIGNED),
    "snoozed": Notification.snoozed_until.is_not(None),
    "archived": Notification.archived_at.is_not(None),
}


@dataclass(frozen=True)
class Narrowing:
    """What is looked at: a tab, and within it nouns of one kind, or of one project."""

    only: str = "all"
    noun: str | None = None
    project: int | None = None

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Narrowing:
        """From an address; what makes no sense is left out."""
        only, noun, project = (arguments.get(name, "") for name in ("only", "noun", "project"))
        known = {each.name for each in all_nouns()}
        number = int(project) if project.isascii() and project.isdecimal() and len(project) < 19 else None
        return cls(only if only in FILTERS else "all", noun if noun in known else None, number)

    def query(self, **changed: Any) -> dict[str, Any]:
        """The arguments of its address, some of them changed; what is usual stays out."""
        wanted = {"only": self.only, "noun": self.noun, "project": self.project} | changed
        return {name: value for name, value in wanted.items() if value not in (None, "all")}

    @property
    def clauses(self) -> list[ColumnElement[bool]]:
        found = [FILTERS[self.only]]
        if self.noun:
            found.append(Notification.noun == self.noun)
        if self.project:
            found.append(or_(false(), *(_within(noun, self.project) for noun in _in_projects())))
        return found


def inbox(
    member: Member, narrowing: Narrowing, *, below: str | None = None, until: str | None = None
) -> tuple[list[Line], bool]:
    """A page of notifications older than `below`, or everything down to `until` (both as `key_of` writes them).

    And whether there are older ones.
    """
    wanted = chosen(member).where(*narrowing.clauses)
    most = MOST if until is not None else PAGE
    if below is not None:
        wanted = wanted.where(_key() < tuple_(*_read_key(below)))
    found = read_lines(member, wanted.limit(most + 1))
    shown = found[:most]
    if until is not None:
        last = _read_key(until)
        shown = [line for at, line in enumerate(shown) if at < PAGE or _place(line.notification) >= last]
    return shown, len(found) > len(shown)


def key_of(notification: Notification) -> str:
    """The place of a notification in the list, for an address."""
    at, number = _place(notification)
    return f"{int((at - _EPOCH) / timedelta(microseconds=1))}-{number}"


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def _place(notification: Notification) -> tuple[datetime, int]:
    return notification.arrived_at, notification.id


def _key() -> ColumnElement[Any]:
    return tuple_(Notification.arrived_at, Notification.id)


def _read_key(text: str) -> tuple[datetime, int]:
    """Raises NotFound for what we never wrote."""
    at, _, number = text.partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in (at, number)):
        raise NotFound
    try:
        return _EPOCH + timedelta(microseconds=int(at)), int(number)
    except OverflowError:
        raise NotFound from None


@dataclass(frozen=True)
class Places:
    """What a member's newest notifications are about: kinds of nouns, and projects that they see."""

    nouns: Sequence[Noun]
    projects: Sequence[tuple[int, str]]


def places_of(member: Member) -> Places:
    """Two statements, and one for the projects."""
    newest = (
        select(Notification.noun, Notification.subject_id)
        .where(Notification.organization_id == current_organization_id(), Notification.member_id == member.id)
        .order_by(Notification.arrived_at.desc(), Notification.id.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    names = set(db.session.scalars(select(newest.c.noun).distinct()))
    nouns = [noun for noun in all_nouns() if noun.name in names]
    within = [
        select(_model(noun).project_id).join(
            newest, and_(newest.c.noun == noun.name, newest.c.subject_id == _model(noun).id)
        )
        for noun in _in_projects()
        if noun.name in names
    ]
    if not within:
        return Places(nouns, ())
    ids = {number for number in db.session.scalars(union(*within)) if number}
    project = noun_named("project")
    seen = rows_seen(project, ids, member).values()
    return Places(nouns, sorted(((row.id, project.title(row)) for row in seen), key=lambda each: each[1].casefold()))


def names_of(narrowing: Narrowing, member: Member) -> tuple[str | None, str | None]:
    """What the noun and the project are called that the inbox is narrowed to. One statement for a project."""
    noun = noun_named(narrowing.noun) if narrowing.noun else None
    if not narrowing.project:
        return (noun.plural or noun.name) if noun else None, None
    project = noun_named("project")
    row = rows_seen(project, [narrowing.project], member).get(narrowing.project)
    return (noun.plural or noun.name) if noun else None, project.title(row) if row else _("another project")


def _model(noun: Noun) -> Any:
    return noun.model


def _in_projects() -> list[Noun]:
    """The nouns whose rows stand in a project, whatever room they are of."""
    return [noun for noun in all_nouns() if hasattr(noun.model, "project_id")]


def _within(noun: Noun, project: int) -> ColumnElement[bool]:
    model = _model(noun)
    rows = select(model.id).where(model.organization_id == current_organization_id(), model.project_id == project)
    return and_(Notification.noun == noun.name, Notification.subject_id.in_(rows))


def count_unread(member: Member) -> int:
    """How many notifications wait; at most 100 are counted."""
    some = (
        select(Notification.id)
        .where(
            Notification.organization_id == current_organization_id(),
            Notification.member_id == member.id,
            FILTERS["unread"],
        )
        .limit(COUNTED)
    )
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def notifications_of(member: Member, ids: Sequence[int]) -> list[Notification]:
    """These of the member's own. Raises NotFound when one of them is not."""
    found = db.session.scalars(
        select(Notification).where(
            Notification.organization_id == current_organization_id(),
            Notification.member_id == member.id,
            Notification.id.in_(ids),
        )
    ).all()
    if len(found) != len(set(ids)):
        raise NotFound
    return list(found)


def notification_of(member: Member, notification_id: int) -> Notification:
    """One of the member's own. Raises NotFound."""
    found = db.session.scalar(
        select(Notification).where(
            Notification.organization_id == current_organization_id(),
            Notification.member_id == member.id,
            Notification.id == notification_id,
        )
    )
    if found is None:
        raise NotFound
    return found


def watching(row: Any, member: Member) -> str:
    """How a member follows a noun: "yes", "no" or "muted"."""
    muted = db.session.scalar(
        select(Watcher.muted).where(
            Watcher.organization_id == current_organization_id(),
            Watcher.noun == noun_of(row).name,
            Watcher.subject_id == row.id,
            Watcher.member_id == member.id,
        )
    )
    return "no" if muted is None else "muted" if muted else "yes"
