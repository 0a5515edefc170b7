"""Every way into a project opens it wherever it shows, and whoever loses the way is out of it at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.organizations.commands import remove_members
from app.organizations.groups.commands.teams import (
    create_team,
    delete_teams,
    put_in_team,
    restore_teams,
    take_out_of_team,
)
from app.organizations.groups.commands.workspaces import (
    archive_workspaces,
    create_workspace,
    delete_workspaces,
    edit_workspace,
    put_in_workspace,
    take_out_of_workspace,
)
from app.organizations.models import Access, Member, Standing, Team, TeamRole, Workspace
from app.projects.commands.people import add_people, change_standings, put_teams, remove_people, remove_teams
from app.projects.commands.shelving import place_projects
from app.projects.commands.tags import create_tag, delete_tags, put_teams_on_tag, tag_projects, take_teams_off_tag
from app.projects.models import Project, ProjectTag
from app.projects.policies import role_in
from app.projects.queries import people_of, project_keys, projects_of
from tests.world import Person, World

BOARD = "/acme/projects/WEB/board"


class Places:
    """WEB, and the groups through which Olaf, who is in none of it, comes to see it."""

    def __init__(self, world: World) -> None:
        self.alice: Member = world.cast["alice"].member
        self.olaf: Member = world.cast["olaf"].member
        self.web: Project = db.session.scalars(select(Project).where(Project.id == world.ids.web)).one()

    @property
    def team(self) -> Team:
        return db.session.scalars(select(Team)).one()

    @property
    def workspace(self) -> Workspace:
        return db.session.scalars(select(Workspace)).one()

    @property
    def tag(self) -> ProjectTag:
        return db.session.scalars(select(ProjectTag)).one()

    def named(self, role: Standing) -> None:
        add_people(self.web, [self.olaf], role=role, by=self.alice)

    def through_team(self, role: Standing) -> None:
        team = create_team("Field", by=self.alice)
        put_in_team(team, [self.olaf], by=self.alice)
        put_teams(self.web, [team], role=role, by=self.alice)

    def through_tag(self, role: Standing) -> None:
        team = create_team("Field", by=self.alice)
        put_in_team(team, [self.olaf], by=self.alice)
        tag = create_tag("Mobile", by=self.alice)
        put_teams_on_tag(tag, [team], role=role, by=self.alice)
        tag_projects([self.web], [tag], by=self.alice)

    def through_workspace(self, role: Standing) -> None:
        shelf = create_workspace("Shelf", by=self.alice)
        put_in_workspace(shelf, [self.olaf], role=role, by=self.alice)
        place_projects([self.web], shelf, by=self.alice)

    def through_all(self, _role: Standing) -> None:
        place_projects([self.web], create_workspace("Shelf", access=Access.PUBLIC, by=self.alice), by=self.alice)


WAYS: dict[str, Callable[[Places, Standing], None]] = {
    "named": Places.named,
    "team": Places.through_team,
    "tag": Places.through_tag,
    "workspace": Places.through_workspace,
    "public": Places.through_all,
}
#: How each way ends, and how one ends that closes the whole group.
ENDS: list[tuple[str, Callable[[Places], None]]] = [
    ("named", lambda at: remove_people(at.web, [at.olaf], by=at.alice)),
    ("named", lambda at: remove_members([at.olaf], by=at.alice)),
    ("team", lambda at: take_out_of_team(at.team, [at.olaf], by=at.alice)),
    ("team", lambda at: remove_teams(at.web, [at.team], by=at.alice)),
    ("team", lambda at: delete_teams([at.team], by=at.alice)),
    ("tag", lambda at: take_out_of_team(at.team, [at.olaf], by=at.alice)),
    ("tag", lambda at: take_teams_off_tag(at.tag, [at.team], by=at.alice)),
    ("tag", lambda at: tag_projects([at.web], [], by=at.alice)),
    ("tag", lambda at: delete_tags([at.tag], by=at.alice)),
    ("workspace", lambda at: take_out_of_workspace(at.workspace, [at.olaf], by=at.alice)),
    ("workspace", lambda at: edit_workspace(at.workspace, inherits=False, by=at.alice)),
    ("workspace", lambda at: delete_workspaces([at.workspace], by=at.alice)),
    ("workspace", lambda at: place_projects([at.web], None, by=at.alice)),
    ("public", lambda at: edit_workspace(at.workspace, access=Access.PRIVATE, by=at.alice)),
]


def _open(world: World, way: str, role: Standing = Standing.MEMBER) -> None:
    with organization(world.organization_id):
        WAYS[way](Places(world), role)


@pytest.mark.parametrize("way", WAYS)
def test_it_opens_wherever_it_shows(world: World, olaf: Person, way: str) -> None:
    issue = world.issue("Zeppelin on fire")
    assert olaf.get(BOARD).status_code == 404
    _open(world, way)
    world.index()
    assert "Zeppelin on fire" in olaf.get(BOARD).text
    assert "Web platform" in olaf.get("/acme/projects").text
    assert "Zeppelin" in olaf.get("/acme/search?q=zeppelin").text
    assert "Zeppelin" in olaf.get(f"/acme/palette?q=WEB-{issue.number}").text
    assert "Web platform" in olaf.get("/acme/").text
    with organization(world.organization_id):
        assert f"project:{world.ids.web}" in project_keys(olaf.member)
        assert [project.identifier for project in projects_of(olaf.member)] == ["WEB"]
        assert "Olaf" in [person.name for person in people_of(world.ids.web)]
        assert role_in(olaf.member, world.ids.web) is (Standing.GUEST if way == "public" else Standing.MEMBER)
        assert role_in(olaf.member, world.ids.ops) is None


@pytest.mark.parametrize(("way", "end"), ENDS)
def test_who_loses_the_way_is_out_of_the_open_board_at_once(
    world: World, olaf: Person, bob: Person, way: str, end: Callable[[Places], None]
) -> None:
    issue = world.issue("Zeppelin on fire")
    _open(world, way)
    bob.post("/acme/projects/WEB/issues/priority", {"ids": issue.id, "priority": "4"}, htmx=True)

    def ask():
        return olaf.get(f"{BOARD}/columns", headers={"HX-Request": "true"})

    for _ in range(3):  # now it is answered without a look into the database
        assert "Zeppelin" in ask().text
    with organization(world.organization_id):
        end(Places(world))
    answer = ask()
    assert answer.status_code == 404
    assert "Zeppelin" not in answer.text
    assert "Zeppelin" not in olaf.get("/acme/search?q=zeppelin").text


def test_an_archived_workspace_keeps_open_what_it_opens(world: World, olaf: Person) -> None:
    _open(world, "workspace")
    with organization(world.organization_id):
        at = Places(world)
        archive_workspaces([at.workspace], by=at.alice)
    assert olaf.get(BOARD).status_code == 200


def test_a_team_that_is_restored_opens_again(world: World, olaf: Person) -> None:
    _open(world, "team")
    with organization(world.organization_id):
        at = Places(world)
        delete_teams([at.team], by=at.alice)
    assert olaf.get(BOARD).status_code == 404
    with organization(world.organization_id):
        at = Places(world)
        restore_teams([at.team], by=at.alice)
    assert olaf.get(BOARD).status_code == 200


@pytest.mark.parametrize("way", ["named", "team", "tag", "workspace"])
def test_a_guest_of_a_project_changes_nothing_in_it(world: World, olaf: Person, way: str) -> None:
    """Although Olaf's role in the organization allows to."""
    issue = world.issue("Zeppelin on fire")
    _open(world, way, Standing.GUEST)
    board = olaf.get(BOARD)
    assert "Zeppelin" in board.text
    assert "data-move-url" not in board.text
    assert olaf.get(f"/acme/issues/WEB-{issue.number}").status_code == 200
    base = "/acme/projects/WEB"
    for path, sent in (
        (f"{base}/issues/priority", {"ids": issue.id, "priority": "4"}),
        (f"{base}/issues/deletion", {"ids": issue.id}),
        (f"{base}/board/moves", {"ids": issue.id, "state": world.ids.states["Done"]}),
        (f"{base}/issues", {"title": "Mine"}),
        (f"{base}/settings", {"name": "Mine"}),
        (f"{base}/settings/members", {"members": olaf.member_id}),
        (f"/acme/issues/WEB-{issue.number}/text", {"body": "Mine", "version": "0"}),
        ("/acme/pages", {"title": "Mine", "project": "WEB"}),
        (f"{base}/imports", {}),
    ):
        assert olaf.post(path, sent).status_code in (403, 404, 405), path
    assert olaf.get(f"{base}/settings").status_code == 403
    assert olaf.get(f"{base}/issues/new").status_code == 403


def test_the_highest_of_many_ways_counts(inside: World, olaf: Person) -> None:
    at = Places(inside)
    at.named(Standing.GUEST)
    assert role_in(at.olaf, at.web.id) is Standing.GUEST
    at.through_team(Standing.ADMIN)
    assert role_in(at.olaf, at.web.id) is Standing.ADMIN
    at.through_workspace(Standing.MEMBER)
    assert role_in(at.olaf, at.web.id) is Standing.ADMIN
    delete_teams([at.team], by=at.alice)
    assert role_in(at.olaf, at.web.id) is Standing.MEMBER
    change_standings(at.web, [at.olaf], Standing.ADMIN, by=at.alice)
    assert role_in(at.olaf, at.web.id) is Standing.ADMIN


def test_a_projects_admin_shapes_it_whatever_their_role_is_for(world: World, nora: Person, vic: Person) -> None:
    settings = "/acme/projects/WEB/settings"
    assert nora.get(settings).status_code == 403
    with organization(world.organization_id):
        at = Places(world)
        change_standings(at.web, [nora.member, vic.member], Standing.ADMIN, by=at.alice)
    assert nora.get(settings).status_code == 200
    assert vic.get(settings).status_code == 403  # viewers change nothing anywhere


def test_guests_of_the_organization_do_not_see_what_is_public(world: World, vic: Person, olaf: Person) -> None:
    from app.kernel.access import Role

    _open(world, "public")
    with organization(world.organization_id):
        olaf.member.role = Role.GUEST
    assert olaf.get(BOARD).status_code == 404
    with organization(world.organization_id):
        assert "Olaf" not in [person.name for person in people_of(world.ids.web)]


def test_customers_work_in_no_project(inside: World, carol: Person) -> None:
    at = Places(inside)
    with pytest.raises(Invalid):
        put_in_team(create_team("Field", by=at.alice), [carol.member], by=at.alice)
    with pytest.raises(Invalid):
        put_in_workspace(create_workspace("Shelf", by=at.alice), [carol.member], by=at.alice)


def test_another_organizations_groups_open_nothing(world: World, mallory: Person) -> None:
    """Not even when they bear the same numbers."""
    _open(world, "public")
    assert mallory.get(BOARD).status_code == 404
    with organization(world.rival_id):
        assert {project.id for project in projects_of(mallory.member)} == {world.ids.rival.web, world.ids.rival.ops}


def test_what_happened_is_told(inside: World) -> None:
    at = Places(inside)
    at.through_tag(Standing.MEMBER)
    at.through_workspace(Standing.GUEST)
    put_in_team(at.team, [at.olaf], role=TeamRole.MANAGER, by=at.alice)
    put_in_team(at.team, [at.olaf], role=TeamRole.MANAGER, by=at.alice)  # says nothing: it is so
    assert db.session.scalars(select(Activity.verb).order_by(Activity.id)).all() == [
        "team.created",
        "team.people_changed",
        "project_tag.created",
        "project_tag.teams_changed",
        "project.tagged",
        "workspace.created",
        "workspace.people_changed",
        "project.placed",
        "team.people_changed",
    ]


def test_many_ways_cost_no_more_statements(inside: World, olaf: Person, statements) -> None:
    at, member = Places(inside), olaf.member
    for way in ("named", "tag", "workspace"):
        WAYS[way](at, Standing.MEMBER)
    db.session.commit()
    olaf.get(BOARD)
    with statements() as seen:
        assert [project.identifier for project in projects_of(member)] == ["WEB"]
        assert role_in(member, at.web.id) is Standing.MEMBER
        assert role_in(member, at.web.id) is Standing.MEMBER  # remembered
    assert len(seen) == 2
    with statements() as with_ways:
        assert olaf.get(BOARD).status_code == 200
    with statements() as by_name:
        assert inside.cast["bob"].get(BOARD).status_code == 200
    with statements() as of_admin:
        assert inside.cast["alice"].get(BOARD).status_code == 200
    assert len(with_ways) == len(of_admin) <= len(by_name)
