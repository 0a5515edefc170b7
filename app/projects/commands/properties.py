"""What issues of a kind say about themselves: its properties, and the answers that they offer."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.ranks import ranks_between
from app.kernel.words import gettext as _
from app.projects import events
from app.projects.commands.ordering import last_rank, put
from app.projects.commands.telling import tell_of_all
from app.projects.models import IssueProperty, IssueType, PropertyKind, PropertyOption

MOST = 30
MOST_OPTIONS = 60


def add_property(
    kind: IssueType,
    name: str,
    holds: PropertyKind,
    *,
    by: Actor,
    is_required: bool = False,
    starts_as: str = "",
    options: Sequence[str] = (),
) -> IssueProperty:
    """Raises Invalid when the name is taken, for a choice without answers, and when there are too many."""
    there = _in_order(kind.id)
    if len(there) >= MOST:
        raise Invalid(_("A type can have %(most)s properties.", most=MOST), "name")
    _check(holds, options, starts_as)
    field = IssueProperty(issue_type_id=kind.id, kind=holds, is_required=is_required, starts_as=starts_as)
    field.rank = last_rank(there)
    _name(field, name)
    _offer(field, options)
    tell_of_all(events.PROPERTY_ADDED, by, name=name, type=kind.name)
    return field


def edit_property(
    kind: IssueType,
    field: IssueProperty,
    *,
    by: Actor,
    name: str,
    is_required: bool,
    starts_as: str,
    options: Sequence[str] = (),
) -> None:
    """Rename it, say whether it is required, and what it offers: an answer that is left out goes from issues too.

    What it holds stays, for what was written would mean something else.
    """
    _check(field.kind, options, starts_as)
    offered = [option.name for option in options_of([field.id])]
    if (field.name, field.is_required, field.starts_as, offered) == (name, is_required, starts_as, [*options]):
        return
    field.is_required, field.starts_as = is_required, starts_as
    _name(field, name)
    _offer(field, options)
    tell_of_all(events.PROPERTY_EDITED, by, name=name, type=kind.name)


def move_property(
    kind: IssueType, field: IssueProperty, *, after: int | None = None, before: int | None = None, by: Actor
) -> None:
    """Put a property behind the property `after`, else in front of `before`, else at the end."""
    if put(_in_order(kind.id), field, after, before):
        tell_of_all(events.PROPERTY_MOVED, by, name=field.name, type=kind.name)


def delete_property(kind: IssueType, field: IssueProperty, *, by: Actor) -> None:
    """What issues say of it goes with it."""
    name = field.name
    db.session.delete(field)
    tell_of_all(events.PROPERTY_DELETED, by, name=name, type=kind.name)


def options_of(property_ids: Sequence[int]) -> Sequence[PropertyOption]:
    """What properties offer, in order."""
    return db.session.scalars(
        select(PropertyOption)
        .where(PropertyOption.property_id.in_(property_ids))
        .order_by(PropertyOption.property_id, PropertyOption.rank, PropertyOption.id)
    ).all()


def _in_order(type_id: int) -> Sequence[IssueProperty]:
    found = select(IssueProperty).where(IssueProperty.issue_type_id == type_id)
    return db.session.scalars(found.order_by(IssueProperty.rank, IssueProperty.id).with_for_update()).all()


def _check(holds: PropertyKind, options: Sequence[str], starts_as: str) -> None:
    if not holds.has_options:
        return
    if not options:
        raise Invalid(_("Write down what can be chosen, one answer a line."), "options")
    if len(options) > MOST_OPTIONS:
        raise Invalid(_("A property can offer %(most)s answers.", most=MOST_OPTIONS), "options")
    if any(len(option) > 60 for option in options):
        raise Invalid(_("An answer has at most 60 characters."), "options")
    if len(set(options)) != len(options):
        raise Invalid(_("Each answer stands there once."), "options")
    if starts_as and starts_as not in options:
        raise Invalid(_("It can only begin as one of its answers."), "starts_as")


def _offer(field: IssueProperty, names: Sequence[str]) -> None:
    """Make the answers what `names` say, in that order; those that stay keep their rows."""
    there = {option.name: option for option in options_of([field.id])}
    for name, option in there.items():
        if name not in names:
            db.session.delete(option)
    for place, (name, rank) in enumerate(zip(names, ranks_between(None, None, len(names)), strict=True)):
        option = there.get(name) or PropertyOption(property_id=field.id, name=name, hue=place % 8 + 1)
        option.rank = rank
        db.session.add(option)
    db.session.flush()


def _name(field: IssueProperty, name: str) -> None:
    there = select(func.count()).where(
        IssueProperty.issue_type_id == field.issue_type_id,
        func.lower(IssueProperty.name) == name.lower(),
        IssueProperty.id.is_distinct_from(field.id),
    )
    taken = Invalid(_("There is already a property %(name)s.", name=name), "name")
    with db.session.no_autoflush:
        if db.session.scalar(there):
            raise taken
    try:
        with db.session.begin_nested():
            field.name = name
            db.session.add(field)
    except IntegrityError as error:
        raise taken from error
