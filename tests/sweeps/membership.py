"""Roles, grants and what is known of members for the sweeps."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.adapters.files import store_bytes
from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.organizations.commands import change_roles, create_role, grant_permission
from app.organizations.commands.skills import add_certification, set_skill
from app.organizations.models import Level, MemberSkill, Organization
from tests.sweeps.grouping import a_name
from tests.world import World


def a_role(world: World) -> int:
    with organization(world.organization_id):
        values = {"name": a_name("Lead"), "description": "", "base": Role.MEMBER, "permissions": {"issue:view"}}
        return create_role(**values, by=world.cast["alice"].member).id


def a_grant(world: World) -> int:
    """Of bob's."""
    with organization(world.organization_id):
        alice, bob = world.cast["alice"].member, world.cast["bob"].member
        until = now() + timedelta(days=1)
        return grant_permission([bob], "mail:view", until=until, reason="Holidays", by=alice)[0].id


def a_skill(world: World) -> int:
    """Of bob's."""
    with organization(world.organization_id):
        bob, name = world.cast["bob"].member, a_name("Forklift")
        set_skill(bob, name, Level.ABLE, by=bob)
        db.session.flush()
        return db.session.scalars(select(MemberSkill.id).where(MemberSkill.name == name)).one()


def a_certification(world: World) -> int:
    """Of bob's."""
    with organization(world.organization_id):
        bob = world.cast["bob"].member
        return add_certification(bob, a_name("Crane licence"), None, by=bob).id


def a_role_change(world: World) -> int:
    """Of alice's doing."""
    with organization(world.organization_id):
        alice, olaf = world.cast["alice"].member, world.cast["olaf"].member
        change_roles([olaf], Role.GUEST if olaf.role is not Role.GUEST else Role.MEMBER, by=alice)
        db.session.flush()
        newest = select(Activity.id).where(Activity.verb == "member.role_changed").order_by(Activity.id.desc())
        return db.session.scalars(newest.limit(1)).one()


def a_logo(world: World) -> str:
    with organization(world.organization_id):
        here = db.session.get_one(Organization, world.organization_id)
        here.logo = here.logo or store_bytes(b"a picture").name
    return "logo"


def settings_form(world: World) -> dict[str, str]:
    with organization(world.organization_id):
        version = db.session.get_one(Organization, world.organization_id, populate_existing=True).version
    return {"name": "Acme", "timezone": "UTC", "currency": "EUR", "company_size": "", "version": str(version)}


def role_form(world: World) -> dict[str, str]:
    return {"name": a_name("Clerk"), "description": "", "base": "member", "permissions": "issue:view"}
