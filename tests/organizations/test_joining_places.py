"""Invitations into teams, workspaces and projects, of many people at once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.groups.commands.teams import create_team, delete_teams
from app.organizations.groups.commands.workspaces import create_workspace
from app.organizations.models import Invitation, Member, PermissionGrant, Standing, Team, TeamMember, WorkspaceMember
from app.projects.commands.people import add_people, change_standings
from app.projects.models import Project, ProjectMember
from app.projects.policies import role_in
from tests.world import World

INVITATIONS = "/acme/settings/invitations"
PLAIN = {"role": "member", "days": "7", "uses": "1", "standing": "member"}


@pytest.fixture
def places(world: World) -> dict[str, str]:
    """`{kind: the value of its box}` of one place of each kind."""
    with organization(world.organization_id):
        alice = world.cast["alice"].member
        team, shelf = create_team("Field", by=alice), create_workspace("Shelf", by=alice)
        return {"team": f"team-{team.id}", "workspace": f"workspace-{shelf.id}", "project": f"project-{world.ids.web}"}


def _link(person, **sent) -> str:
    answer = person.post(INVITATIONS, PLAIN | sent)
    assert answer.status_code == 200, answer.text
    return re.search(r'value="http://trestle\.test(/invitation/[^"]+)"', answer.text)[1]


def _member(world: World, name: str) -> Member:
    return db.session.scalars(select(Member).where(Member.name == name)).one()


def _standings(world: World, name: str) -> dict[str, str]:
    member = _member(world, name)
    found = {}
    for rows in (TeamMember, WorkspaceMember, ProjectMember):
        role = db.session.scalar(select(rows.role).where(rows.member_id == member.id))
        found[rows.__tablename__] = role.value if role else None
    return found


def test_zoe_joins_all_at_once(world, alice, zoe, places) -> None:
    link = _link(alice, places=list(places.values()), standing="guest", permission="project:create", lasting="9")
    page = zoe.get(link).text
    for name in ("Field", "Shelf", "Web platform"):
        assert name in page
    assert zoe.post(link).location == "/acme/"
    with organization(world.organization_id):
        assert _standings(world, "Zoe") == {
            "team_members": "member",
            "workspace_members": "guest",
            "project_members": "guest",
        }
        grants = db.session.scalars(select(PermissionGrant.permission)).all()
        assert grants == ["project:create"]
    assert zoe.get("/acme/projects/WEB/board").status_code == 200
    assert "Field" in alice.get(INVITATIONS).text


def test_a_member_gets_the_places_and_keeps_the_role(world, alice, olaf, places) -> None:
    link = _link(alice, role="viewer", places=list(places.values()))
    assert "Join these, too" in olaf.get(link).text
    assert olaf.post(link).location == "/acme/"
    with organization(world.organization_id):
        assert olaf.member.role is Role.MEMBER
        assert _standings(world, "Olaf")["team_members"] == "member"
        assert db.session.scalar(select(Invitation.uses)) == 1


def test_who_is_more_there_already_becomes_no_less(world, alice, olaf, places) -> None:
    with organization(world.organization_id):
        web = db.session.scalars(select(Project).where(Project.id == world.ids.web)).one()
        add_people(web, [olaf.member], role=Standing.ADMIN, by=alice.member)
    link = _link(alice, places=[places["project"]], standing="guest")
    olaf.post(link)
    with organization(world.organization_id):
        assert role_in(olaf.member, world.ids.web) is Standing.ADMIN
        assert db.session.scalar(select(Invitation.uses)) == 0  # nothing was joined by it


def test_many_are_invited_by_a_pasted_table(world, alice, post) -> None:
    pasted = (
        'Name,Mail\n"Zoe Smith",zoe@example.test\nYan;YAN@example.test\n"Xena" <xena@example.test>, zoe@example.test'
    )
    answer = alice.post(INVITATIONS, PLAIN | {"email": pasted, "role": "viewer", "note": "See you on Monday."})
    assert answer.status_code == 303
    for name in ("zoe", "yan", "xena"):
        [letter] = post(f"{name}@example.test")
        assert letter.subject == "Alice invites you to Acme"
    with organization(world.organization_id):
        assert db.session.scalars(select(Invitation.email).order_by(Invitation.email)).all() == [
            "xena@example.test",
            "yan@example.test",
            "zoe@example.test",
        ]


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("zoe@example.test, yan@", "yan@ is no mail address."),
        ("Zoe and Yan", "Write a whole mail address"),
        (" ".join(f"p{number}@example.test" for number in range(101)), "At most 100 at once"),
        ("zoe@example.test bob@example.test", "is a member already"),
    ],
)
def test_a_table_with_a_fault_invites_nobody(world, alice, pasted: str, sentence: str) -> None:
    answer = alice.post(INVITATIONS, PLAIN | {"email": pasted})
    assert answer.status_code == 422
    assert sentence in answer.text
    with organization(world.organization_id):
        assert db.session.scalars(select(Invitation.id)).all() == []


@pytest.mark.parametrize("sent", [{"places": "project-999999"}, {"places": "moon-1"}, {"permission": "moon:walk"}])
def test_what_is_not_there_cannot_be_promised(world, alice, sent) -> None:
    assert alice.post(INVITATIONS, PLAIN | sent).status_code == 422


def test_another_organizations_project_cannot_be_promised(world, alice) -> None:
    assert alice.post(INVITATIONS, PLAIN | {"places": f"project-{world.ids.rival.web}"}).status_code == 422


def test_what_the_inviter_lost_meanwhile_nobody_gets(world, alice, bob, zoe, arrive, places) -> None:
    """Bob was an admin when he invited; he is put down by statement, since the command takes his invitations back."""
    with organization(world.organization_id):
        bob.member.role = Role.ADMIN
    link = _link(bob, places=list(places.values()), uses="5")
    with organization(world.organization_id):
        bob.member.role = Role.MEMBER
    answer = zoe.post(link)
    assert answer.status_code == 409
    assert "can let nobody in any more" in answer.text
    with organization(world.organization_id):
        assert not db.session.scalars(select(Member).where(Member.name == "Zoe")).all()


def test_a_place_that_is_gone_is_left_out(world, alice, zoe, places) -> None:
    link = _link(alice, places=list(places.values()))
    with organization(world.organization_id):
        delete_teams([db.session.scalars(select(Team)).one()], by=alice.member)
    assert "Field" not in zoe.get(link).text
    assert zoe.post(link).location == "/acme/"
    with organization(world.organization_id):
        assert _standings(world, "Zoe")["team_members"] is None
        assert _standings(world, "Zoe")["project_members"] == "member"


def test_who_signs_in_under_another_address_learns_nothing_of_the_places(world, alice, arrive, places) -> None:
    yan = arrive("yan")
    link = _link(alice, email="zoe@example.test", places=list(places.values()), note="Dear Zoe")
    page = yan.get(link).text
    assert "zoe@example.test" not in page
    for word in ("Field", "Shelf", "Web platform", "Dear Zoe"):
        assert word not in page
    assert yan.post(link).status_code == 403


def test_a_guest_of_a_project_promises_nothing_there(world, bob, places) -> None:
    with organization(world.organization_id):
        bob.member.role = Role.MANAGER
        web = db.session.scalars(select(Project).where(Project.id == world.ids.web)).one()
        change_standings(web, [bob.member], Standing.GUEST, by=world.cast["alice"].member)
    assert bob.get(INVITATIONS).status_code == 403
