"""What projects share, made for the addresses that are about it."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.crypto import new_token
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.projects.commands.grouping import add_group, save_template
from app.projects.commands.labels import add_label
from app.projects.commands.properties import add_property
from app.projects.commands.types import add_type, use_types
from app.projects.models import IssueProperty, IssueType, Project, PropertyKind
from tests.world import World


def a_name(what: str) -> str:
    """One that nothing has yet."""
    return f"{what} {new_token().lower()[:8]}"


def a_type(world: World) -> int:
    """One that WEB uses, with a property that is a text."""
    with organization(world.organization_id):
        alice = world.cast["alice"].member
        kind = add_type(a_name("Bug"), by=alice)
        add_property(kind, "Browser", PropertyKind.TEXT, by=alice)
        use_types(db.session.get_one(Project, (world.organization_id, world.ids.web)), [kind], by=alice)
        return kind.id


def a_property(world: World) -> int:
    with organization(world.organization_id):
        found = db.session.scalar(select(IssueProperty.id).order_by(IssueProperty.id.desc()).limit(1))
        if found is None:
            kind = db.session.get_one(IssueType, (world.organization_id, a_type(world)))
            found = db.session.scalars(select(IssueProperty.id).where(IssueProperty.issue_type_id == kind.id)).one()
        return found


def type_of_property(world: World) -> int:
    with organization(world.organization_id):
        field = db.session.get_one(IssueProperty, (world.organization_id, a_property(world)))
        return field.issue_type_id


def a_group(world: World) -> int:
    with organization(world.organization_id):
        return add_group(a_name("Customers"), by=world.cast["alice"].member).id


def a_template(world: World) -> int:
    with organization(world.organization_id):
        project = db.session.get_one(Project, (world.organization_id, world.ids.web))
        return save_template(project, a_name("Like WEB"), by=world.cast["alice"].member).id


def a_shared_label(world: World) -> int:
    with organization(world.organization_id):
        return add_label(None, a_name("Legal"), 3, by=world.cast["alice"].member).id


def a_typed_issue(world: World) -> int:
    """An issue that is of the kind of `a_property`."""
    return world.issue(issue_type_id=type_of_property(world)).id
