"""Teams, workspaces and tags of projects for the sweeps."""

from __future__ import annotations

from app.kernel.crypto import new_token
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.groups.commands.teams import create_team, delete_teams, put_in_team
from app.organizations.groups.commands.workspaces import create_workspace, delete_workspaces, put_in_workspace
from app.organizations.models import Access, Standing
from app.projects.commands.people import put_teams
from app.projects.commands.tags import create_tag, put_teams_on_tag
from app.projects.models import Project
from tests.world import World


def a_name(begin: str) -> str:
    return f"{begin} {new_token()[:8]}"


def a_team(world: World) -> int:
    """Bob is in it, it works in WEB."""
    with organization(world.organization_id):
        alice = world.cast["alice"].member
        team = create_team(a_name("Field"), by=alice)
        put_in_team(team, [world.cast["bob"].member], by=alice)
        project = db.session.get_one(Project, (world.organization_id, world.ids.web))
        put_teams(project, [team], role=Standing.GUEST, by=alice)
        return team.id


def a_deleted_team(world: World) -> int:
    with organization(world.organization_id):
        alice = world.cast["alice"].member
        team = create_team(a_name("Field"), by=alice)
        delete_teams([team], by=alice)
        return team.id


def a_workspace(world: World) -> int:
    """Open to its members; Bob is its admin."""
    return _workspace(world, Access.PRIVATE)


def a_public_workspace(world: World) -> int:
    return _workspace(world, Access.PUBLIC)


def _workspace(world: World, access: Access) -> int:
    with organization(world.organization_id):
        alice = world.cast["alice"].member
        shelf = create_workspace(a_name("Shelf"), access=access, by=alice)
        put_in_workspace(shelf, [world.cast["bob"].member], role=Standing.ADMIN, by=alice)
        return shelf.id


def a_deleted_workspace(world: World) -> int:
    with organization(world.organization_id):
        alice = world.cast["alice"].member
        shelf = create_workspace(a_name("Shelf"), by=alice)
        delete_workspaces([shelf], by=alice)
        return shelf.id


def a_tag(world: World) -> int:
    with organization(world.organization_id):
        alice = world.cast["alice"].member
        tag = create_tag(a_name("Mobile"), by=alice)
        put_teams_on_tag(tag, [create_team(a_name("Field"), by=alice)], role=Standing.MEMBER, by=alice)
        return tag.id
