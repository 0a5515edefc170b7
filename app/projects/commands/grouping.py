"""Groups of projects, and templates of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects import events
from app.projects.commands.ordering import last_rank, put
from app.projects.commands.shaping import shape_of
from app.projects.commands.telling import tell_of_all
from app.projects.models import Project, ProjectGroup, ProjectTemplate

MOST = 60


def add_group(name: str, *, by: Actor, description: str = "") -> ProjectGroup:
    """A heading for projects, behind the others. Raises Invalid when the name is taken or there are too many."""
    groups = _in_order()
    if len(groups) >= MOST:
        raise Invalid(_("There can be %(most)s groups.", most=MOST), "name")
    group = ProjectGroup(rank=last_rank(groups), created_by_id=by.id)
    _write(group, name, description)
    tell_of_all(events.GROUP_ADDED, by, name=name)
    return group


def edit_group(group: ProjectGroup, *, by: Actor, name: str, description: str = "") -> None:
    if (group.name, group.description) != (name, description):
        _write(group, name, description)
        tell_of_all(events.GROUP_EDITED, by, name=name)


def move_group(group: ProjectGroup, *, after: int | None = None, before: int | None = None, by: Actor) -> None:
    if put(_in_order(), group, after, before):
        tell_of_all(events.GROUP_MOVED, by, name=group.name)


def delete_group(group: ProjectGroup, *, by: Actor) -> None:
    """Its projects stand under none from then on."""
    name = group.name
    db.session.delete(group)
    tell_of_all(events.GROUP_DELETED, by, name=name)


def save_template(project: Project, name: str, *, by: Actor, description: str = "") -> ProjectTemplate:
    """Keep how a project is shaped, without its work. Raises Invalid when the name is taken or there are too many."""
    if (db.session.scalar(select(func.count()).select_from(ProjectTemplate)) or 0) >= MOST:
        raise Invalid(_("There can be %(most)s templates.", most=MOST), "name")
    template = ProjectTemplate(shape=shape_of(project).written(), created_by_id=by.id)
    _write(template, name, description)
    tell_of_all(events.TEMPLATE_SAVED, by, name=name)
    return template


def edit_template(template: ProjectTemplate, *, by: Actor, name: str, description: str = "") -> None:
    if (template.name, template.description) != (name, description):
        _write(template, name, description)
        tell_of_all(events.TEMPLATE_EDITED, by, name=name)


def delete_template(template: ProjectTemplate, *, by: Actor) -> None:
    """Projects that were made from it stay as they are."""
    name = template.name
    db.session.delete(template)
    tell_of_all(events.TEMPLATE_DELETED, by, name=name)


def _in_order() -> Sequence[ProjectGroup]:
    return db.session.scalars(select(ProjectGroup).order_by(ProjectGroup.rank, ProjectGroup.id).with_for_update()).all()


def _write(row: ProjectGroup | ProjectTemplate, name: str, description: str) -> None:
    try:
        with db.session.begin_nested():
            row.name, row.description = name, description
            db.session.add(row)
    except IntegrityError as error:
        raise Invalid(_("“%(name)s” is there already.", name=name), "name") from error
