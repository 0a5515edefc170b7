"""Projects: listed, made, changed, deleted and restored, by those who may."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.kernel.database import db
from app.kernel.ledger import Activity
from app.projects.commands.people import remove_people
from app.projects.identifiers import suggest_identifier
from app.projects.models import Label, Project, ProjectMember, State
from app.projects.queries import people_of, projects_of
from tests.world import Person, World

NEW = {"name": "Driver app", "identifier": "drv", "emoji": "🚚", "description": "For the cab"}


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Web platform", "WEB2"),
        ("Driver app", "DRI"),
        ("Big yellow truck", "BYT"),
        ("Éclair", "ECL"),
        ("مشروع", "P"),
        ("2nd try", "ND"),
        ("!!!", "P"),
        ("Operations", "OPE"),
        ("123", "P"),
    ],
)
def test_a_key_is_suggested(name: str, identifier: str) -> None:
    assert suggest_identifier(name, {"WEB", "OPS"}) == identifier


def test_suggestions_stop_at_nothing_taken() -> None:
    taken = {"P", *(f"P{number}" for number in range(2, 50))}
    assert suggest_identifier("", taken) == "P50"


def test_bob_makes_a_project(inside: World, bob: Person) -> None:
    answer = bob.post("/acme/projects", NEW)
    assert answer.status_code == 303
    assert answer.location.endswith("/acme/projects/DRV")
    project = db.session.scalars(select(Project).where(Project.identifier == "DRV")).one()
    states = db.session.scalars(select(State).where(State.project_id == project.id).order_by(State.rank)).all()
    assert [state.name for state in states] == ["Backlog", "Todo", "In progress", "In review", "Done", "Cancelled"]
    assert [state.name for state in states if state.is_default] == ["Todo"]
    assert db.session.scalars(select(Label.id).where(Label.project_id == project.id)).all()
    assert project.lead_id == bob.member_id
    members = db.session.scalars(select(ProjectMember.member_id).where(ProjectMember.project_id == project.id)).all()
    assert members == [bob.member_id]
    assert db.session.scalars(select(Activity.verb)).all() == ["project.created"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"identifier": "WEB"}, "Another project already uses WEB."),
        ({"identifier": "1X"}, "a letter first"),
        ({"identifier": ""}, "A project needs a key."),
        ({"name": ""}, "A project needs a name."),
        ({"name": "x" * 81}, "At most 80"),
        ({"name": "x" * 1_000_000}, "At most 80"),
        ({"name": "\u202e \u200f"}, "empty"),
        ({"description": "x" * 2001}, "At most 2,000"),
    ],
)
def test_what_a_project_cannot_be(world: World, bob: Person, change: dict[str, str], sentence: str) -> None:
    answer = bob.post("/acme/projects", NEW | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "For the cab" in answer.text or "description" in change  # nothing typed is lost


def test_a_deleted_projects_key_stays_taken(world: World, alice: Person) -> None:
    alice.post("/acme/projects/WEB/deletion")
    assert "already uses WEB" in alice.post("/acme/projects", NEW | {"identifier": "WEB"}).text


def test_nul_bytes_and_doubled_keys(world: World, bob: Person) -> None:
    assert bob.post("/acme/projects", NEW | {"name": "a\0b"}).status_code == 400
    assert bob.post("/acme/projects", NEW | {"name": ["One", "Two"]}).status_code == 422


def test_the_key_follows_the_name_until_one_is_written(world: World, bob: Person) -> None:
    ask = "/acme/projects/key?name=Big+yellow+truck"
    assert 'value="BYT"' in bob.get(ask).text
    assert 'value="BYT"' in bob.get(f"{ask}&identifier=BIG&suggested=BIG").text
    assert bob.get(f"{ask}&identifier=MINE&suggested=BIG").status_code == 204


def test_the_list_shows_ones_own_projects(world: World, bob: Person, olaf: Person, mallory: Person) -> None:
    assert "Web platform" in bob.get("/acme/projects").text
    assert "Web platform" not in olaf.get("/acme/projects").text
    assert "No projects yet" in olaf.get("/acme/projects").text
    assert mallory.get("/acme/projects").status_code == 404


def test_the_list_costs_the_same_for_many(inside: World, alice: Person, statements) -> None:
    from app.projects.commands.projects import create_project

    alice.get("/acme/projects")  # remembers where the slug leads
    counts = []
    for many in (1, 40):
        for number in range(many):
            create_project(f"Project {number}", f"X{many}N{number}", by=alice.member)
        db.session.commit()
        with statements() as seen:
            assert alice.get("/acme/projects").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_sidebars_list_is_one_statement(inside: World, bob: Person, statements) -> None:
    member = bob.member
    with statements() as seen:
        assert [project.identifier for project in projects_of(member)] == ["OPS", "WEB"]
    assert len(seen) == 1


def test_settings_are_saved(inside: World, bob: Person) -> None:
    page = bob.get("/acme/projects/web/settings")
    assert page.status_code == 200
    data = {
        "name": "Web",
        "emoji": "🌍",
        "description": "All",
        "lead": bob.member_id,
        "default_assignee": "",
        "version": "1",
    }
    assert bob.post("/acme/projects/WEB/settings", data).status_code == 303
    project = db.session.get(Project, (inside.organization_id, inside.ids.web))
    assert project is not None
    assert (project.name, project.emoji, project.lead_id) == ("Web", "🌍", bob.member_id)


def test_olaf_and_carol_cannot_lead(world: World, bob: Person) -> None:
    for name in ("olaf", "carol", "mallory"):
        data = {"name": "Web", "lead": world.cast[name].member_id, "default_assignee": ""}
        assert bob.post("/acme/projects/WEB/settings", data).status_code == 422


def test_deleted_and_restored(world: World, alice: Person, bob: Person) -> None:
    alice.post("/acme/projects/WEB/deletion")
    assert bob.get("/acme/projects/WEB/settings").status_code == 404
    assert "Restore Web platform" in alice.get("/acme/projects").text
    assert alice.post("/acme/projects/WEB/restoration").status_code == 303
    assert bob.get("/acme/projects/WEB/settings").status_code == 200


def test_people_come_and_go(inside: World, bob: Person, olaf: Person) -> None:
    people = "/acme/projects/WEB/settings/members"
    assert olaf.get("/acme/projects/WEB").status_code == 404
    assert bob.post(people, {"members": [olaf.member_id]}).status_code == 303
    assert olaf.get("/acme/projects/WEB").status_code == 303
    assert bob.post(f"{people}/{olaf.member_id}/removal").status_code == 303
    assert olaf.get("/acme/projects/WEB").status_code == 404


@pytest.mark.parametrize("who", ["carol", "mallory"])
def test_customers_and_strangers_are_not_added(world: World, bob: Person, who: str) -> None:
    assert bob.post("/acme/projects/WEB/settings/members", {"members": [world.cast[who].member_id]}).status_code == 422


def test_who_leaves_leads_no_more(inside: World, alice: Person, bob: Person) -> None:
    project = db.session.get(Project, (inside.organization_id, inside.ids.web))
    assert project is not None
    project.lead_id = project.default_assignee_id = bob.member_id
    remove_people(project, [bob.member], by=alice.member)
    assert (project.lead_id, project.default_assignee_id) == (None, None)
    assert [activity.verb for activity in db.session.scalars(select(Activity))] == ["project.people_changed"]


def test_whom_a_project_knows(inside: World) -> None:
    names = [person.name for person in people_of(inside.ids.web)]
    assert names == ["Alice", "Anna", "Bob", "Nora", "Vic"]  # neither Olaf nor Carol


VIEWS = [
    ("get", "/acme/projects/WEB"),
    ("get", "/acme/projects/WEB/settings"),
    ("post", "/acme/projects/WEB/settings"),
    ("get", "/acme/projects/WEB/settings/members"),
    ("post", "/acme/projects/WEB/settings/members"),
    ("get", "/acme/projects/WEB/settings/states"),
    ("post", "/acme/projects/WEB/settings/states"),
    ("post", "/acme/projects/WEB/settings/states/order"),
    ("get", "/acme/projects/WEB/settings/labels"),
    ("post", "/acme/projects/WEB/settings/labels"),
    ("post", "/acme/projects/WEB/deletion"),
]


@pytest.mark.parametrize(("method", "url"), VIEWS)
def test_who_may_not_see_it_gets_nothing(world: World, method: str, url: str) -> None:
    for who in ("mallory", "olaf", "carol"):
        status = getattr(world.cast[who], method)(url).status_code
        assert status in ((404,) if who != "carol" else (403, 404)), who
    if "settings" in url or "deletion" in url:
        assert getattr(world.cast["vic"], method)(url).status_code == 403


@pytest.mark.parametrize("url", ["/acme/projects/new", "/acme/projects/key"])
def test_only_those_who_may_make_projects(world: World, url: str) -> None:
    assert [world.cast[who].get(url).status_code for who in ("bob", "vic", "carol", "mallory")] == [200, 403, 403, 404]
