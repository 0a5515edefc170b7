"""What issues say of the properties of their kind: read from what people write, kept in the column of its kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from urllib.parse import urlsplit

from sqlalchemy import Table, delete, insert

from app.boards import events
from app.boards.commands.writing import tell
from app.boards.dates import day_said
from app.boards.models import Issue, IssueValue
from app.boards.queries.values import Said, said_of
from app.kernel import ledger
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects.models import IssueProperty, IssueType, PropertyKind

TEXT_MOST = 2000
_COLUMNS = ("value_text", "value_number", "value_date", "value_boolean", "option_id", "member_id")
_YES, _NO = ("yes", "y", "true", "1", "on"), ("no", "n", "false", "0")


def set_property(
    issues: Sequence[Issue], field: IssueProperty, written: Sequence[str], *, people: Collection[int], by: Actor
) -> ledger.Activity | None:
    """Let issues of the property's kind say this, or nothing when nothing is written; others are left alone.

    `people` may be named. Three statements, however many issues. None when nothing changes. Raises Invalid for what the
    property cannot hold.
    """
    concerned = [issue for issue in issues if issue.issue_type_id == field.issue_type_id]
    if not concerned:
        raise Invalid(_("These issues have no %(name)s.", name=field.name))
    rows = read(field, written, people)
    before = said_of([issue.id for issue in concerned], field.id)
    db.session.execute(
        delete(IssueValue).where(
            IssueValue.property_id == field.id, IssueValue.issue_id.in_([issue.id for issue in concerned])
        ),
        execution_options={"synchronize_session": False},
    )
    _insert([(issue.id, field.id, row) for issue in concerned for row in rows])
    after = said_of([issue.id for issue in concerned], field.id)
    differing = [
        (issue, {"properties": [_words(before, issue.id), _words(after, issue.id)]})
        for issue in concerned
        if _words(before, issue.id) != _words(after, issue.id)
    ]
    if not differing:
        return None
    tell([issue for issue, _diff in differing])
    return ledger.record(events.SAID, differing, by=by)


def begin_values(
    kind: IssueType | None, written: Mapping[int, Sequence[str]], people: Collection[int], *, lenient: bool = False
) -> list[tuple[int, dict[str, Any]]]:
    """What a new issue of a kind says: what was written, else what its properties start as. (property id, row).

    Raises Invalid at `property-<id>` for what cannot be held, and for a required one that says nothing.
    """
    found: list[tuple[int, dict[str, Any]]] = []
    if kind is None:
        return found
    for field in kind.properties:
        if not field.is_active:
            continue
        rows = read(field, written.get(field.id) or ([field.starts_as] if field.starts_as else []), people)
        if not rows and field.is_required and not lenient:
            raise Invalid(_("%(kind)s needs this: %(name)s.", kind=kind.name, name=field.name), name_of(field))
        found += [(field.id, row) for row in rows]
    return found


def keep_values(values: Sequence[tuple[int, int, dict[str, Any]]]) -> None:
    """(issue id, property id, row) of issues that were just made: one statement."""
    _insert(values)


def name_of(field: IssueProperty) -> str:
    """How a form calls it."""
    return f"property-{field.id}"


def read(field: IssueProperty, written: Sequence[str], people: Collection[int]) -> list[dict[str, Any]]:
    """The rows that keep what was written. Raises Invalid at the property's field."""
    texts = [text.strip() for text in written if text.strip()]
    if not texts:
        return []
    if len(texts) > 1 and field.kind is not PropertyKind.CHOICES:
        raise Invalid(_("Only one value fits here."), name_of(field))
    try:
        return [_row(field, text, people) for text in dict.fromkeys(texts)]
    except (ValueError, InvalidOperation) as error:
        raise Invalid(_said_wrong(field.kind), name_of(field)) from error


def _row(field: IssueProperty, text: str, people: Collection[int]) -> dict[str, Any]:
    """Raises ValueError for what the property cannot hold."""
    kind = field.kind
    if kind is PropertyKind.NUMBER:
        number = Decimal(text.replace(",", ".").replace(" ", ""))
        if not number.is_finite() or abs(number) >= Decimal(10) ** 14:
            raise ValueError(text)
        return {"value_number": number}
    if kind is PropertyKind.DATE:
        return {"value_date": day_said(text, now().date(), name_of(field))}
    if kind is PropertyKind.CHECKBOX:
        if text.lower() not in (*_YES, *_NO):
            raise ValueError(text)
        return {"value_boolean": text.lower() in _YES}
    if kind.has_options:
        options = [option.id for option in field.options if text in (str(option.id), option.name)]
        return {"option_id": options[0] if options else _nothing(text)}
    if kind is PropertyKind.MEMBER:
        who = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
        return {"member_id": who if who in people else _nothing(text)}
    if len(text) > TEXT_MOST:
        raise ValueError(text)
    if kind is PropertyKind.URL:
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.hostname or any(mark in text for mark in ' \t\n"<>'):
            raise ValueError(text)
    return {"value_text": " ".join(text.split())}


def _nothing(text: str) -> int:
    raise ValueError(text)


def _said_wrong(kind: PropertyKind) -> str:
    match kind:
        case PropertyKind.NUMBER:
            return _("This is no number.")
        case PropertyKind.URL:
            return _("A web address begins with https:// or http://.")
        case PropertyKind.MEMBER:
            return _("Only people who see this project can be named.")
        case PropertyKind.CHECKBOX:
            return _("Say yes or no.")
        case PropertyKind.TEXT:
            return _("At most %(most)s characters, please.", most=TEXT_MOST)
        case _:
            return _("Choose one of the answers.")


def _insert(values: Sequence[tuple[int, int, dict[str, Any]]]) -> None:
    if not values:
        return
    given = [
        {
            "organization_id": current_organization_id(),
            "issue_id": issue_id,
            "property_id": property_id,
            **dict.fromkeys(_COLUMNS),
            **row,
        }
        for issue_id, property_id, row in values
    ]
    db.session.execute(insert(cast(Table, IssueValue.__table__)), given)


def _words(said: Mapping[int, Sequence[Said]], issue_id: int) -> list[str]:
    """As histories keep it."""
    return [f"{one.name}: {one.text}" for one in said.get(issue_id, ())]
