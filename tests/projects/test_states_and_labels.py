"""Columns and labels: added, changed, put in order, deleted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.boards.models import Issue, IssueLabel
from app.kernel.database import db
from app.projects.models import Label, State
from tests.world import Person, World

STATES = "/acme/projects/WEB/settings/states"
LABELS = "/acme/projects/WEB/settings/labels"


def _names(world: World) -> list[str]:
    found = select(State.name).where(State.project_id == world.ids.web).order_by(State.rank)
    return list(db.session.scalars(found))


def _state(world: World, name: str) -> State:
    return db.session.scalars(select(State).where(State.project_id == world.ids.web, State.name == name)).one()


def test_a_state_is_added_at_the_end(inside: World, bob: Person) -> None:
    assert bob.post(STATES, {"name": "Review", "group": "started"}).status_code == 303
    assert _names(inside) == ["Backlog", "Todo", "In progress", "Done", "Cancelled", "Review"]
    assert "Review" in bob.get(STATES).text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": "Todo", "group": "started"}, "There is already a state Todo."),
        ({"name": "", "group": "started"}, "needs a name"),
        ({"name": "New", "group": "nonsense"}, "choice"),
        ({"name": "x" * 61, "group": "started"}, "At most 60"),
    ],
)
def test_what_a_state_cannot_be(world: World, bob: Person, data: dict[str, str], sentence: str) -> None:
    answer = bob.post(STATES, data)
    assert answer.status_code == 422
    assert sentence.lower() in answer.text.lower()


def test_a_state_is_renamed_regrouped_and_made_the_default(inside: World, bob: Person) -> None:
    state = inside.ids.states["Backlog"]
    data = {f"s{state}-name": "Someday", f"s{state}-group": "unstarted", f"s{state}-is_default": "y"}
    assert bob.post(f"{STATES}/{state}", data).status_code == 303
    changed = _state(inside, "Someday")
    assert (changed.group, changed.is_default, _state(inside, "Todo").is_default) == ("unstarted", True, False)


def test_a_name_that_is_taken_is_refused_where_it_was_typed(world: World, bob: Person) -> None:
    state = world.ids.states["Backlog"]
    answer = bob.post(f"{STATES}/{state}", {f"s{state}-name": "Todo", f"s{state}-group": "backlog"})
    assert answer.status_code == 422
    assert "There is already a state Todo." in answer.text


def test_states_are_put_in_order(inside: World, bob: Person) -> None:
    ids = inside.ids.states
    assert bob.post(f"{STATES}/order", {"ids": ids["Done"], "after": ids["Backlog"]}, htmx=True).status_code == 200
    assert _names(inside)[:3] == ["Backlog", "Done", "Todo"]
    bob.post(f"{STATES}/order", {"ids": ids["Cancelled"], "before": ids["Backlog"]}, htmx=True)
    assert _names(inside)[0] == "Cancelled"
    assert bob.post(f"{STATES}/order", {"ids": "nonsense"}, htmx=True).status_code == 422
    assert bob.post(f"{STATES}/order", {"ids": inside.ids.ops_states["Todo"]}, htmx=True).status_code == 404


def test_a_thousand_moves_to_one_place(inside: World, alice: Person) -> None:
    from app.projects.commands.states import move_state
    from app.projects.models import Project

    project = db.session.get(Project, (inside.organization_id, inside.ids.web))
    ids, movers = inside.ids.states, ["Done", "Cancelled"]
    assert project is not None
    for turn in range(300):
        move_state(project, _state(inside, movers[turn % 2]), after=ids["Backlog"], by=alice.member)
    assert _names(inside) == ["Backlog", "Cancelled", "Done", "Todo", "In progress"]


def test_an_empty_state_goes(inside: World, bob: Person) -> None:
    state, into = inside.ids.states["Cancelled"], inside.ids.states["Done"]
    assert "No issue stands in" in bob.get(f"{STATES}/{state}/deletion").text
    assert bob.post(f"{STATES}/{state}/deletion", {"into": into}).status_code == 303
    assert "Cancelled" not in _names(inside)


def test_a_full_state_goes_when_its_issues_have_somewhere_to_go(inside: World, bob: Person) -> None:
    inside.issues(3, state="In progress")
    state, into = inside.ids.states["In progress"], inside.ids.states["Done"]
    assert "3 issues stand" in bob.get(f"{STATES}/{state}/deletion").text
    assert bob.post(f"{STATES}/{state}/deletion", {"into": inside.ids.ops_states["Todo"]}).status_code == 422
    assert bob.post(f"{STATES}/{state}/deletion", {"into": into}).status_code == 303
    issues = db.session.scalars(select(Issue)).all()
    assert {issue.state_id for issue in issues} == {into}
    assert all(issue.completed_at for issue in issues)


def test_the_default_state_stays(world: World, bob: Person) -> None:
    answer = bob.post(f"{STATES}/{world.ids.states['Todo']}/deletion", {"into": world.ids.states["Done"]})
    assert answer.status_code == 409


def test_labels(inside: World, bob: Person) -> None:
    [issue] = inside.issues(1, labels=(inside.ids.labels["Bug"],))
    assert bob.post(LABELS, {"name": "Urgent 🔥", "hue": 2}).status_code == 303
    assert bob.post(LABELS, {"name": "Bug", "hue": 2}).status_code == 422
    assert bob.post(LABELS, {"name": "x", "hue": 9}).status_code == 422
    bug = inside.ids.labels["Bug"]
    assert bob.post(f"{LABELS}/{bug}", {f"l{bug}-name": "Fault", f"l{bug}-hue": 3}).status_code == 303
    assert db.session.scalar(select(Label.hue).where(Label.name == "Fault")) == 3
    assert bob.post(f"{LABELS}/{bug}", {f"l{bug}-name": "Design", f"l{bug}-hue": 3}).status_code == 422
    assert bob.post(f"{LABELS}/{bug}/deletion").status_code == 303
    assert db.session.scalars(select(IssueLabel).where(IssueLabel.issue_id == issue.id)).all() == []


@pytest.mark.parametrize(
    "path",
    [
        "states/{state}",
        "states/{state}/deletion",
        "labels/{label}",
        "labels/{label}/deletion",
    ],
)
def test_others_change_nothing(world: World, path: str) -> None:
    url = "/acme/projects/WEB/settings/" + path.format(state=world.ids.states["Done"], label=world.ids.labels["Bug"])
    assert [world.cast[who].post(url).status_code for who in ("mallory", "olaf", "vic")] == [404, 404, 403]
    assert world.cast["carol"].post(url).status_code in (403, 404)


@pytest.mark.parametrize("path", ["states", "labels"])
def test_another_projects_things_are_not_there(world: World, bob: Person, path: str) -> None:
    other = world.ids.ops_states["Done"] if path == "states" else world.ids.rival.labels["Bug"]
    assert bob.post(f"/acme/projects/WEB/settings/{path}/{other}").status_code == 404
    assert bob.post(f"/acme/projects/WEB/settings/{path}/{10**30}").status_code == 404
