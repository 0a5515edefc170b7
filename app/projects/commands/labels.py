"""The labels that a project's issues can bear, in a tree; and those of all projects (`project` None)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects import events
from app.projects.commands.ordering import last_rank, put
from app.projects.commands.telling import tell_of_all, tell_of_project
from app.projects.models import Label, Project

MOST = 200
#: Labels under labels: no deeper.
DEEPEST = 4
_EVENTS = {
    "added": (events.LABEL_ADDED, events.SHARED_LABEL_ADDED),
    "edited": (events.LABEL_EDITED, events.SHARED_LABEL_EDITED),
    "moved": (events.LABEL_MOVED, events.SHARED_LABEL_MOVED),
    "deleted": (events.LABEL_DELETED, events.SHARED_LABEL_DELETED),
    "merged": (events.LABEL_MERGED, events.SHARED_LABEL_MERGED),
}


def add_label(
    project: Project | None,
    name: str,
    hue: int,
    *,
    by: Actor,
    parent_id: int | None = None,
    import_id: int | None = None,
) -> Label:
    """Raises Invalid when the name is taken or there are too many. One that an import brings is told to nobody."""
    labels = _hold(project)
    if len(labels) >= MOST:
        raise Invalid(_("A project can have %(most)s labels.", most=MOST), "name")
    label = Label(project_id=project.id if project else None)
    _check_parent(labels, label, parent_id)
    label.rank = last_rank([one for one in labels if one.parent_id == parent_id])
    _name(label, name, hue, parent_id)
    tell_of_label("added", project, by, name=name, import_id=import_id)
    return label


def edit_label(
    project: Project | None, label: Label, *, by: Actor, name: str, hue: int, parent_id: int | None = None
) -> None:
    """Rename, recolour, or put under another. Raises Invalid when the name is taken or the place is none."""
    if (label.name, label.hue, label.parent_id) == (name, hue, parent_id):
        return
    if label.parent_id != parent_id:
        labels = _hold(project)
        _check_parent(labels, label, parent_id)
        label.rank = last_rank([one for one in labels if one.parent_id == parent_id])
    _name(label, name, hue, parent_id)
    tell_of_label("edited", project, by, name=name)


def move_label(
    project: Project | None, label: Label, *, after: int | None = None, before: int | None = None, by: Actor
) -> None:
    """Put a label behind the label `after`, else in front of `before`, under whatever that one stands under."""
    labels = _hold(project)
    anchor = next((one for one in labels if one.id in (after, before) and one.id != label.id), None)
    if anchor is None:
        return
    _check_parent(labels, label, anchor.parent_id)
    moved = label.parent_id != anchor.parent_id
    label.parent_id = anchor.parent_id
    siblings = sorted(
        (one for one in labels if one.parent_id == anchor.parent_id), key=lambda one: (one.rank, one.name.lower())
    )
    if put(siblings, label, after, before) or moved:
        tell_of_label("moved", project, by, name=label.name)


def delete_label(project: Project | None, label: Label, *, by: Actor) -> None:
    """Issues that bear it lose it; what stands under it moves up."""
    name = label.name
    remove_label(label)
    tell_of_label("deleted", project, by, name=name)


def remove_label(label: Label) -> None:
    """Take a label away, not recorded: what stands under it moves up."""
    for below in db.session.scalars(select(Label).where(Label.parent_id == label.id)):
        below.parent_id = label.parent_id
    db.session.flush()
    db.session.delete(label)
    db.session.flush()


def tell_of_label(verb: str, project: Project | None, by: Actor, **payload: Any) -> None:
    of_project, of_all = _EVENTS[verb]
    if project:
        tell_of_project(of_project, project, by, **payload)
    else:
        payload.pop("import_id", None)
        tell_of_all(of_all, by, **payload)


def _hold(project: Project | None) -> Sequence[Label]:
    """Held until the transaction ends, so that two people who reorder come one after the other."""
    found = select(Label).where(Label.project_id == project.id if project else Label.project_id.is_(None))
    return db.session.scalars(found.order_by(Label.rank, Label.id).with_for_update()).all()


def _check_parent(labels: Sequence[Label], label: Label, parent_id: int | None) -> None:
    """Raises Invalid for a label of elsewhere, one that stands under this one, and a tree that gets too deep."""
    by_id = {one.id: one for one in labels}
    above, depth = parent_id, 0
    while above is not None:
        if above == label.id:
            raise Invalid(_("A label cannot stand under itself."), "parent")
        if above not in by_id:
            raise Invalid(_("Choose from this project's own."), "parent")
        above, depth = by_id[above].parent_id, depth + 1
    if depth + _height(labels, label.id) > DEEPEST:
        raise Invalid(_("Labels can stand %(most)s deep.", most=DEEPEST), "parent")


def _height(labels: Sequence[Label], label_id: int | None) -> int:
    """How many levels a label and what stands under it take."""
    below = [one.id for one in labels if label_id is not None and one.parent_id == label_id]
    return 1 + max((_height(labels, one) for one in below), default=0)


def _name(label: Label, name: str, hue: int, parent_id: int | None) -> None:
    taken = Invalid(_("There is already a label %(name)s.", name=name), "name")
    if label.name != name and _is_taken(label, name):
        raise taken
    try:
        with db.session.begin_nested():
            label.name, label.hue, label.parent_id = name, hue, parent_id
            db.session.add(label)
    except IntegrityError as error:
        raise taken from error


def _is_taken(label: Label, name: str) -> bool:
    """A project's label is not called as one of all projects, nor the other way round: nobody could tell them apart."""
    there = select(func.count()).select_from(Label).where(Label.name == name)
    if label.project_id is not None:
        there = there.where(or_(Label.project_id == label.project_id, Label.project_id.is_(None)))
    with db.session.no_autoflush:
        return bool(db.session.scalar(there))
