"""What issues say of the properties of their kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, select

from app.boards.models import Issue, IssueValue
from app.kernel.database import db
from app.kernel.words import gettext as _
from app.organizations.models import Member
from app.projects.models import IssueProperty, PropertyKind, PropertyOption
from app.projects.queries import type_of


class Said(NamedTuple):
    """One value, in words."""

    property_id: int
    name: str
    text: str
    kind: PropertyKind
    hue: int | None = None
    option_id: int | None = None
    member_id: int | None = None
    is_yes: bool | None = None


@dataclass(frozen=True)
class Fact:
    """A property on an issue's page, with what the issue says of it."""

    field: IssueProperty
    said: Sequence[Said]

    @property
    def is_missing(self) -> bool:
        return self.field.is_required and not self.said


@dataclass(frozen=True)
class Facts:
    """All properties of an issue's kind, and how many values are kept of kinds that it is no more of."""

    facts: Sequence[Fact]
    hidden: int = 0


def said_of(ids: Sequence[int], property_id: int | None = None) -> Mapping[int, Sequence[Said]]:
    """{issue id: what it says}, of one property or of all: one statement."""
    option = and_(
        PropertyOption.organization_id == IssueValue.organization_id, PropertyOption.id == IssueValue.option_id
    )
    member = and_(Member.organization_id == IssueValue.organization_id, Member.id == IssueValue.member_id)
    field = and_(
        IssueProperty.organization_id == IssueValue.organization_id, IssueProperty.id == IssueValue.property_id
    )
    found = (
        select(
            IssueValue,
            IssueProperty.name,
            IssueProperty.kind,
            PropertyOption.name.label("option"),
            PropertyOption.hue,
            Member.name.label("member"),
        )
        .join(IssueProperty, field)
        .outerjoin(PropertyOption, option)
        .outerjoin(Member, member)
        .where(IssueValue.issue_id.in_(ids))
        .order_by(IssueProperty.rank, IssueProperty.id, PropertyOption.rank, IssueValue.id)
        .execution_options(populate_existing=True)
    )
    if property_id is not None:
        found = found.where(IssueValue.property_id == property_id)
    said: dict[int, list[Said]] = defaultdict(list)
    for row in db.session.execute(found):
        value = row[0]
        text = row.option or row.member or _plain(value)
        said[value.issue_id].append(
            Said(
                value.property_id,
                row.name,
                text,
                row.kind,
                row.hue,
                value.option_id,
                value.member_id,
                value.value_boolean,
            )
        )
    return said


def facts_of(issue: Issue) -> Facts:
    """The properties of an issue's kind in their order: four statements, none for an issue of no kind."""
    if issue.issue_type_id is None:
        return Facts(())
    kind, said = type_of(issue.issue_type_id), said_of([issue.id]).get(issue.id, ())
    active = [field for field in kind.properties if field.is_active]
    ids = {field.id for field in active}
    shown = [Fact(field, [one for one in said if one.property_id == field.id]) for field in active]
    return Facts(shown, len({one.property_id for one in said} - ids))


def _plain(value: Any) -> str:
    if value.value_number is not None:
        return format_number(value.value_number)
    if value.value_date is not None:
        return str(value.value_date.isoformat())
    if value.value_boolean is not None:
        return _("Yes") if value.value_boolean else _("No")
    return str(value.value_text or "")


def format_number(number: Decimal) -> str:
    """Without noughts that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
