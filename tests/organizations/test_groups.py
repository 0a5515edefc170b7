"""Teams and workspaces: who says what of them, and who does not."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.errors import Forbidden, Invalid, Refused
from app.kernel.tenancy import organization
from app.organizations.groups.commands.teams import (
    create_team,
    delete_teams,
    edit_team,
    put_in_team,
    restore_teams,
    take_out_of_team,
)
from app.organizations.groups.commands.workspaces import (
    create_workspace,
    edit_workspace,
    join_workspace,
    personal_workspace,
    put_in_workspace,
    take_out_of_workspace,
)
from app.organizations.groups.queries import people_of_team, teams_of, workspaces_of
from app.organizations.models import Access, Standing, Team, TeamMember, TeamRole, Workspace, WorkspaceMember
from app.projects.commands.people import change_standings
from app.projects.models import Project
from tests.world import Person, World


def _people(team: Team) -> dict[str, str]:
    return {member.name: role.value for member, role in people_of_team(team)}


def test_a_manager_says_who_is_in_but_not_who_manages(inside: World, alice, nora, olaf, anna) -> None:
    team = create_team("Field", by=alice.member)
    put_in_team(team, [nora.member], role=TeamRole.MANAGER, by=alice.member)
    put_in_team(team, [anna.member], role=TeamRole.MANAGER, by=alice.member)
    put_in_team(team, [olaf.member], by=nora.member)
    assert _people(team) == {"Anna": "manager", "Nora": "manager", "Olaf": "member"}
    for refused in (
        lambda: put_in_team(team, [olaf.member], role=TeamRole.MANAGER, by=nora.member),
        lambda: put_in_team(team, [anna.member], by=nora.member),
        lambda: take_out_of_team(team, [anna.member], by=nora.member),
        lambda: put_in_team(team, [inside.cast["bob"].member], by=olaf.member),
        lambda: take_out_of_team(team, [nora.member], by=olaf.member),
    ):
        with pytest.raises(Forbidden):
            refused()
    take_out_of_team(team, [olaf.member], by=nora.member)
    take_out_of_team(team, [nora.member], by=nora.member)  # one may always go
    assert _people(team) == {"Anna": "manager"}


def test_a_manager_who_may_only_view_manages_nothing(inside: World, alice, vic, olaf) -> None:
    team = create_team("Field", by=alice.member)
    put_in_team(team, [vic.member], role=TeamRole.MANAGER, by=alice.member)
    with pytest.raises(Forbidden):
        put_in_team(team, [olaf.member], by=vic.member)


def test_the_manager_does_it_on_the_page(world: World, alice, nora, olaf) -> None:
    with organization(world.organization_id):
        team = create_team("Field", by=alice.member)
        put_in_team(team, [nora.member], role=TeamRole.MANAGER, by=alice.member)
        number = team.id
    page = f"/acme/teams/{number}"
    assert "Add people" in nora.get(page).text
    assert "Add people" not in olaf.get(page).text
    assert nora.post(f"{page}/members", {"ids": olaf.member_id, "role": "member"}).status_code == 303
    assert nora.post(f"{page}/members", {"ids": olaf.member_id, "role": "manager"}).status_code == 422
    assert nora.get(f"{page}/settings").status_code == 403
    assert "Olaf" in olaf.get(page).text
    assert olaf.post(f"{page}/members/removal", {"ids": [nora.member_id]}).status_code == 403
    assert olaf.post(f"{page}/members/removal", {"ids": [olaf.member_id]}).status_code == 303


def test_names_are_given_once(inside: World, alice) -> None:
    create_team("Field", by=alice.member)
    other = create_team("Office", by=alice.member)
    for taken in (
        lambda: create_team("FIELD", by=alice.member),
        lambda: edit_team(other, by=alice.member, name="field"),
    ):
        with pytest.raises(Invalid, match="already a team"):
            taken()
    first = db.session.scalars(select(Team).where(Team.name == "Field")).one()
    delete_teams([first], by=alice.member)
    create_team("Field", by=alice.member)
    with pytest.raises(Invalid, match="another team since"):
        restore_teams([first], by=alice.member)


def test_a_team_is_no_part_of_itself(inside: World, alice) -> None:
    above = create_team("Works", by=alice.member)
    below = create_team("Field", parent_id=above.id, by=alice.member)
    with pytest.raises(Invalid, match="part of itself"):
        edit_team(above, by=alice.member, parent_id=below.id)


def test_a_guest_sees_the_teams_they_are_in(inside: World, alice, vic) -> None:
    mine, _other = create_team("Field", by=alice.member), create_team("Office", by=alice.member)
    vic.member.role = Role.GUEST
    put_in_team(mine, [vic.member], by=alice.member)
    assert [team.name for team in teams_of(vic.member)] == ["Field"]


def test_a_personal_workspace_is_seen_by_one(world: World, alice, bob, olaf) -> None:
    with organization(world.organization_id):
        own = personal_workspace(bob.member)
        assert personal_workspace(bob.member).id == own.id
        assert [one.id for one in workspaces_of(bob.member)] == [own.id]
        assert list(workspaces_of(alice.member)) == list(workspaces_of(olaf.member)) == []
        with pytest.raises(Refused):
            put_in_workspace(own, [olaf.member], by=bob.member)
        with pytest.raises(Invalid):
            edit_workspace(own, access=Access.PUBLIC, by=bob.member)
        number = own.id
    assert bob.get(f"/acme/workspaces/{number}").status_code == 200
    assert alice.get(f"/acme/workspaces/{number}").status_code == 404


def test_two_who_ask_for_their_own_at_once_get_one(world: World, bob: Person) -> None:
    start, answers = threading.Barrier(2), []

    def ask() -> None:
        start.wait()
        answers.append(bob.post("/acme/workspaces/personal").location)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    with organization(world.organization_id):
        assert db.session.scalar(select(func.count()).select_from(Workspace)) == 1


def test_two_who_let_the_same_people_in_at_once_both_succeed(world: World, alice, olaf, anna) -> None:
    with organization(world.organization_id):
        number = create_team("Field", by=alice.member).id
    start, answers = threading.Barrier(2), []

    def put(who: Person) -> None:
        start.wait()
        sent = {"ids": [olaf.member_id, who.member_id], "role": "member"}
        answers.append(alice.post(f"/acme/teams/{number}/members", sent).status_code)

    threads = [threading.Thread(target=put, args=(who,)) for who in (anna, world.cast["nora"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303, 303]
    with organization(world.organization_id):
        assert db.session.scalar(select(func.count()).select_from(TeamMember)) == 3


def test_a_public_workspace_is_joined_by_oneself(inside: World, alice, olaf, vic) -> None:
    shelf = create_workspace("Shelf", access=Access.PUBLIC, by=alice.member)
    join_workspace(shelf, by=olaf.member)
    join_workspace(shelf, by=alice.member)  # she stays its admin
    roles = dict(db.session.execute(select(WorkspaceMember.member_id, WorkspaceMember.role)).all())
    assert roles == {alice.member_id: Standing.ADMIN, olaf.member_id: Standing.MEMBER}
    take_out_of_workspace(shelf, [olaf.member], by=olaf.member)
    edit_workspace(shelf, access=Access.PRIVATE, by=alice.member)
    with pytest.raises(Forbidden):
        join_workspace(shelf, by=olaf.member)


def test_a_workspaces_admin_shapes_it_and_a_member_does_not(world: World, alice, bob, olaf) -> None:
    with organization(world.organization_id):
        shelf = create_workspace("Shelf", by=alice.member)
        put_in_workspace(shelf, [bob.member], role=Standing.ADMIN, by=alice.member)
        put_in_workspace(shelf, [olaf.member], by=alice.member)
        page = f"/acme/workspaces/{shelf.id}"
    assert bob.get(f"{page}/settings").status_code == 200
    assert olaf.get(f"{page}/settings").status_code == 403
    assert olaf.post(f"{page}/members/removal", {"ids": bob.member_id}).status_code == 403
    assert olaf.post(f"{page}/members/removal", {"ids": olaf.member_id}).status_code == 303
    assert olaf.get(page).status_code == 404


def test_a_project_is_placed_by_its_admins_alone(world: World, alice, bob) -> None:
    with organization(world.organization_id):
        shelf = create_workspace("Shelf", by=bob.member)
        number = shelf.id
    place = "/acme/projects/WEB/settings/place"
    assert bob.post(place, {"workspace": number}).status_code == 403
    with organization(world.organization_id):
        web = db.session.scalars(select(Project).where(Project.id == world.ids.web)).one()
        change_standings(web, [bob.member], Standing.ADMIN, by=alice.member)
    assert bob.post(place, {"workspace": number}).status_code == 303
    assert bob.post(place, {"workspace": "999999"}).status_code == 422
    assert "Web platform" in bob.get(f"/acme/workspaces/{number}").text


def test_nobody_lets_others_be_more_than_they_are_in_a_project(world: World, alice, bob, olaf) -> None:
    members = "/acme/projects/WEB/settings/members"
    assert bob.post(members, {"members": olaf.member_id, "role": "admin"}).status_code == 422
    assert bob.post(members, {"members": olaf.member_id, "role": "guest"}).status_code == 303
    with organization(world.organization_id):
        web = db.session.scalars(select(Project).where(Project.id == world.ids.web)).one()
        change_standings(web, [alice.member, olaf.member], Standing.ADMIN, by=alice.member)
    assert bob.post(f"{members}/{olaf.member_id}/role", {"role": "guest"}).status_code == 403
    assert bob.post(f"{members}/{olaf.member_id}/removal").status_code == 403
    assert olaf.post(f"{members}/{bob.member_id}/role", {"role": "admin"}).status_code == 303
    assert "through the team" not in alice.get(members).text


def test_another_organizations_groups_are_not_there(world: World, alice, mallory) -> None:
    with organization(world.organization_id):
        team, shelf = create_team("Field", by=alice.member), create_workspace("Shelf", by=alice.member)
        numbers = team.id, shelf.id
    assert mallory.get(f"/rival/teams/{numbers[0]}").status_code == 404
    assert mallory.get(f"/rival/workspaces/{numbers[1]}").status_code == 404
    assert mallory.post(f"/rival/teams/{numbers[0]}/members", {"ids": mallory.member_id}).status_code == 404


@pytest.mark.parametrize("path", ["/acme/teams", "/acme/workspaces", "/acme/projects/WEB/settings/members"])
def test_many_cost_the_same_statements(world: World, alice, bob, statements, path: str) -> None:
    counts = []
    for many in (1, 30):
        with organization(world.organization_id):
            for number in range(many):
                team = create_team(f"Team {many} {number}", by=alice.member)
                put_in_team(team, [bob.member], role=TeamRole.MANAGER, by=alice.member)
                put_in_workspace(
                    create_workspace(f"Shelf {many} {number}", by=alice.member), [bob.member], by=alice.member
                )
        alice.get(path)
        with statements() as seen:
            assert alice.get(path).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
