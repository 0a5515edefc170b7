"""What a project goes without, whether it is worked on, where it stands in lists, and two who edit at once."""

from __future__ import annotations

import pytest

from app.kernel.database import db
from app.projects.models import Project
from tests.sweeps.shaping import a_group
from tests.world import Person, World

WEB = "/acme/projects/WEB"


@pytest.fixture
def archived(world: World, bob: Person) -> World:
    issue = world.issue("Printer on fire")
    assert issue.number == 1
    assert bob.post(f"{WEB}/status", {"status": "archived"}).status_code == 303
    return world


@pytest.mark.parametrize(
    ("path", "data"),
    [
        (f"{WEB}/issues", {"title": "Another"}),
        (f"{WEB}/issues/title", {"ids": "{issue}", "title": "Another"}),
        (f"{WEB}/board/moves", {"ids": "{issue}", "state": "{done}"}),
        ("/acme/issues/WEB-1", {"title": "Another", "version": "1"}),
        ("/acme/issues/WEB-1/deletion", {}),
        (f"{WEB}/settings", {"name": "Another", "version": "1"}),
        (f"{WEB}/settings/labels", {"name": "Another", "hue": "1"}),
        (f"{WEB}/settings/rules/moves", {}),
        (f"{WEB}/features", {}),
        ("/acme/pages", {"title": "Another", "project": "WEB"}),
    ],
)
def test_nothing_in_an_archived_project_changes(
    archived: World, alice: Person, path: str, data: dict[str, str]
) -> None:
    issue = archived.ids  # ids of the world are known only now
    with archived.app.app_context():
        from app.boards.models import Issue
        from app.kernel.tenancy import organization

        with organization(archived.organization_id):
            number = db.session.query(Issue.id).scalar()
    sent = {name: value.format(issue=number, done=issue.states["Done"]) for name, value in data.items()}
    assert alice.post(path, sent).status_code == 403


def test_nothing_is_said_in_it_either(archived: World, alice: Person, inside: World) -> None:
    from app.boards.models import Issue

    number = db.session.query(Issue.id).scalar()
    answer = alice.post(f"/acme/issue/{number}/comments", {"body": "Toner, I think"})
    assert answer.status_code == 409
    assert "archived" in answer.text


def test_an_archived_project_is_read_and_found_in_its_list_alone(archived: World, bob: Person, vic: Person) -> None:
    board = bob.get(f"{WEB}/board").text
    assert "This project is archived" in board
    assert "data-move-url" not in board
    assert bob.get("/acme/issues/WEB-1").status_code == 200
    listed = bob.get("/acme/projects").text
    assert "Bring Web platform back" in listed
    assert "Bring Web platform back" not in vic.get("/acme/projects").text
    assert 'href="/acme/projects/WEB/board"' not in bob.get("/acme/projects").text


def test_it_comes_back(archived: World, bob: Person) -> None:
    assert bob.post(f"{WEB}/status", {"status": "active"}).status_code == 303
    assert (
        bob.post(
            f"{WEB}/issues", {"title": "Another", "state": archived.ids.states["Todo"], "priority": "0"}, htmx=True
        ).status_code
        == 200
    )


@pytest.mark.parametrize(("who", "status"), [("vic", 403), ("olaf", 404), ("carol", 404), ("mallory", 404)])
def test_others_archive_nothing(world: World, cast: dict[str, Person], who: str, status: int) -> None:
    assert cast[who].post(f"{WEB}/status", {"status": "archived"}).status_code in (status, 403, 404)
    assert "This project is archived" not in world.cast["bob"].get(f"{WEB}/board").text


@pytest.mark.parametrize(
    ("feature", "path"),
    [
        ("pages", "/pages"),
        ("labelling", "/labelling"),
        ("types", "/settings/issue-types"),
        ("estimates", "/settings/estimates"),
    ],
)
def test_what_a_project_goes_without_is_not_there(world: World, bob: Person, feature: str, path: str) -> None:
    assert bob.get(WEB + path).status_code == 200
    rest = [one for one in ("pages", "labelling", "types", "estimates") if one != feature]
    assert bob.post(f"{WEB}/features", {"features": rest}).status_code == 303
    assert bob.get(WEB + path).status_code == 404
    assert f'{WEB}{path}"' not in bob.get(f"{WEB}/settings").text


def test_a_feature_that_is_none_is_refused(world: World, bob: Person) -> None:
    assert bob.post(f"{WEB}/features", {"features": ["gossip"]}).status_code == 422


def test_the_second_of_two_who_save_is_told(inside: World, alice: Person, bob: Person) -> None:
    data = {"description": "", "lead": "", "default_assignee": "", "version": "1"}
    assert bob.post(f"{WEB}/settings", {"name": "By Bob", **data}).status_code == 303
    answer = alice.post(f"{WEB}/settings", {"name": "By Alice", **data})
    assert answer.status_code == 422
    assert "By Bob" in answer.text
    assert "By Alice" in answer.text
    again = {"name": "By Alice", **data, "version": "2"}
    assert alice.post(f"{WEB}/settings", again).status_code == 303
    project = db.session.get_one(Project, (inside.organization_id, inside.ids.web))
    assert (project.name, project.version) == ("By Alice", 3)


def test_it_is_not_due_before_it_starts(world: World, bob: Person) -> None:
    data = {"name": "Web", "version": "1", "start_date": "2026-05-02", "due_date": "2026-05-01"}
    answer = bob.post(f"{WEB}/settings", data)
    assert answer.status_code == 422
    assert "before the start" in answer.text


def test_projects_stand_under_their_group(world: World, alice: Person) -> None:
    group = a_group(world)
    assert alice.post(f"{WEB}/group", {"group": group}).status_code == 303
    html = alice.get("/acme/projects").text
    assert (
        html.index("Customers ")
        < html.index("Web platform</a>" if "Web platform</a>" in html else "WEB")
        < html.index("Others")
    )
    assert alice.post(f"/acme/settings/project-groups/{group}/deletion").status_code == 303
    assert "Others" not in alice.get("/acme/projects").text


def test_a_group_of_elsewhere_is_none(world: World, mallory: Person) -> None:
    group = a_group(world)
    assert mallory.post("/rival/projects/WEB/group", {"group": group}).status_code == 422
    assert mallory.post(f"/rival/settings/project-groups/{group}/deletion").status_code == 404
