"""Kinds of issues, what they say, and how large they are."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.boards.commands.estimates import change_scale
from app.boards.commands.fields import set_estimate, set_type
from app.boards.commands.making import IssueDraft, create_issues
from app.boards.commands.values import set_property
from app.boards.models import Issue, IssueValue
from app.boards.queries.chosen import chosen_issues
from app.boards.queries.values import facts_of
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.projects.commands.properties import add_property, edit_property
from app.projects.commands.types import add_type, delete_type, edit_type, use_types
from app.projects.models import EstimateKind, IssueProperty, IssueType, Project, PropertyKind
from app.projects.queries import points_of, type_of
from tests.world import Person, World

WEB = "/acme/projects/WEB"
BOARD = f"{WEB}/board"


def _web(world: World) -> Project:
    return db.session.get_one(Project, (world.organization_id, world.ids.web))


def _chosen(world: World, person: Person, *issues: Issue) -> list[Issue]:
    return chosen_issues(person.member, _web(world), [issue.id for issue in issues])


@pytest.fixture
def bug(inside: World, alice: Person) -> IssueType:
    """A kind of WEB, with a property of every kind; committed."""
    kind = add_type("Defect", by=alice.member, icon="warning", hue=1)
    use_types(_web(inside), [kind], by=alice.member)
    for holds in PropertyKind:
        options = ["Low", "High"] if holds.has_options else []
        add_property(kind, holds.value.capitalize(), holds, by=alice.member, options=options)
    db.session.commit()
    return type_of(kind.id)


def _field(kind: IssueType, holds: PropertyKind) -> IssueProperty:
    return next(field for field in type_of(kind.id).properties if field.kind is holds)


@pytest.mark.parametrize(
    ("holds", "written", "said"),
    [
        (PropertyKind.TEXT, ["  Fire  fox "], ["Fire fox"]),
        (PropertyKind.NUMBER, ["1,50"], ["1.5"]),
        (PropertyKind.NUMBER, ["100"], ["100"]),
        (PropertyKind.DATE, ["2026-12-24"], ["2026-12-24"]),
        (PropertyKind.CHOICE, ["High"], ["High"]),
        (PropertyKind.CHOICES, ["High", "Low", "Low"], ["Low", "High"]),
        (PropertyKind.URL, ["https://example.test/a?b=c"], ["https://example.test/a?b=c"]),
        (PropertyKind.CHECKBOX, ["no"], ["No"]),
        (PropertyKind.TEXT, [""], []),
    ],
)
def test_what_a_property_holds(
    inside: World, bob: Person, bug: IssueType, holds: PropertyKind, written: list[str], said: list[str]
) -> None:
    [issue] = _chosen(inside, bob, inside.issue(issue_type_id=bug.id))
    field = _field(bug, holds)
    set_property([issue], field, written, people=(), by=bob.member)
    [fact] = [fact for fact in facts_of(issue).facts if fact.field.id == field.id]
    assert [one.text for one in fact.said] == said


@pytest.mark.parametrize(
    ("holds", "written"),
    [
        (PropertyKind.NUMBER, ["many"]),
        (PropertyKind.NUMBER, ["NaN"]),
        (PropertyKind.NUMBER, ["1e40"]),
        (PropertyKind.DATE, ["soonish"]),
        (PropertyKind.CHOICE, ["Medium"]),
        (PropertyKind.CHOICE, ["Low", "High"]),
        (PropertyKind.URL, ["javascript:alert(1)"]),
        (PropertyKind.URL, ["https://"]),
        (PropertyKind.CHECKBOX, ["maybe"]),
        (PropertyKind.MEMBER, ["99999999"]),
        (PropertyKind.TEXT, ["x" * 2001]),
    ],
)
def test_what_it_cannot_hold(
    inside: World, bob: Person, bug: IssueType, holds: PropertyKind, written: list[str]
) -> None:
    [issue] = _chosen(inside, bob, inside.issue(issue_type_id=bug.id))
    with pytest.raises(Invalid):
        set_property([issue], _field(bug, holds), written, people=[bob.member_id], by=bob.member)


def test_people_outside_the_project_are_not_named(world: World, bob: Person, bug: IssueType) -> None:
    issue = world.issue(issue_type_id=bug.id)
    path = f"{WEB}/issues/properties/{_field(bug, PropertyKind.MEMBER).id}"
    for name, status in (("olaf", 422), ("carol", 422), ("mallory", 422), ("anna", 200)):
        answer = bob.post(path, {"ids": issue.id, "value": world.cast[name].member_id}, htmx=True)
        assert answer.status_code == status, name


def test_what_an_issue_says_stands_in_its_history(inside: World, bob: Person, bug: IssueType) -> None:
    issue = inside.issue(issue_type_id=bug.id)
    path = f"{WEB}/issues/properties/{_field(bug, PropertyKind.CHOICE).id}"
    high = next(option.id for option in _field(bug, PropertyKind.CHOICE).options if option.name == "High")
    assert bob.post(path, {"ids": issue.id, "value": high}, htmx=True).status_code == 200
    html = bob.get("/acme/issues/WEB-1").text
    assert "Choice: High" in html


def test_some_of_several_are_put_on_and_taken_off(inside: World, bob: Person, bug: IssueType) -> None:
    issue, field = inside.issue(issue_type_id=bug.id), _field(bug, PropertyKind.CHOICES)
    low, high = field.options
    for value in (low.id, high.id, low.id):
        bob.post(f"{WEB}/issues/properties/{field.id}", {"ids": issue.id, "value": value}, htmx=True)
    assert list(db.session.scalars(select(IssueValue.option_id))) == [high.id]


def test_many_issues_cost_as_much_as_one(inside: World, bob: Person, bug: IssueType, statements) -> None:
    issues = _chosen(inside, bob, *inside.issues(30, issue_type_id=bug.id))
    counted = []
    for some, written in ((issues[:1], "Firefox"), (issues, "Opera")):
        with statements() as seen:
            set_property(some, _field(bug, PropertyKind.TEXT), [written], people=(), by=bob.member)
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_another_kind_keeps_what_was_said_and_tells(inside: World, alice: Person, bob: Person, bug: IssueType) -> None:
    story = add_type("Story", by=alice.member)
    use_types(_web(inside), [type_of(bug.id), story], by=alice.member)
    [issue] = _chosen(inside, bob, inside.issue(issue_type_id=bug.id))
    set_property([issue], _field(bug, PropertyKind.TEXT), ["Firefox"], people=(), by=bob.member)
    set_type([issue], story, by=bob.member)
    assert (list(facts_of(issue).facts), facts_of(issue).hidden) == ([], 1)
    db.session.commit()
    assert "1 value of another type" in bob.get("/acme/issues/WEB-1").text
    set_type([issue], type_of(bug.id), by=bob.member)
    assert "Firefox" in [one.text for fact in facts_of(issue).facts for one in fact.said]


def test_a_new_issue_says_what_is_needed(inside: World, alice: Person, bob: Person, bug: IssueType) -> None:
    add_property(type_of(bug.id), "Severity", PropertyKind.NUMBER, is_required=True, by=alice.member)
    add_property(type_of(bug.id), "Found in", PropertyKind.TEXT, starts_as="Staging", by=alice.member)
    db.session.commit()
    severity = next(field for field in type_of(bug.id).properties if field.name == "Severity")
    sent = {"title": "Smoke", "state": inside.ids.states["Todo"], "priority": "0", "issue_type": bug.id}
    refused = bob.post(f"{WEB}/issues", sent, htmx=True)
    assert refused.status_code == 422
    assert "Defect needs this: Severity" in refused.text
    assert bob.post(f"{WEB}/issues", {**sent, f"property-{severity.id}": "x"}, htmx=True).status_code == 422
    made = bob.post(f"{WEB}/issues", {**sent, f"property-{severity.id}": "7"}, htmx=True)
    assert made.status_code == 200
    html = bob.get("/acme/issues/WEB-1").text
    assert "Staging" in html
    assert ">7<" in html


def test_what_new_issues_are_when_nobody_says_it(inside: World, alice: Person, bob: Person, bug: IssueType) -> None:
    web = _web(inside)
    use_types(web, [type_of(bug.id)], default=type_of(bug.id), by=alice.member)
    [issue] = create_issues(web, [IssueDraft("Plain")], by=bob.member)
    assert issue.issue_type_id == bug.id


def test_a_type_of_elsewhere_is_none_of_ours(world: World, mallory: Person, bob: Person, bug: IssueType) -> None:
    assert mallory.get(f"/rival/settings/issue-types/{bug.id}").status_code == 404
    assert mallory.post(f"/rival/settings/issue-types/{bug.id}/deletion").status_code == 404
    issue = world.issue(project_id=world.ids.ops)
    sent = {"ids": issue.id, "issue_type": bug.id}
    assert bob.post("/acme/projects/OPS/issues/type", sent, htmx=True).status_code == 404


def test_a_type_in_use_is_put_out_of_use_and_not_deleted(inside: World, alice: Person, bug: IssueType) -> None:
    inside.issue(issue_type_id=bug.id)
    kind = type_of(bug.id)
    with pytest.raises(Refused, match="out of use"):
        delete_type(kind, by=alice.member)
    edit_type(kind, by=alice.member, name="Defect", icon="flag", hue=2, level=0, description="", is_active=False)
    db.session.commit()
    assert "Defect" in alice.get("/acme/issues/WEB-1").text
    assert "Defect" not in alice.get(f"{WEB}/issues/new").text


def test_an_answer_that_is_taken_out_goes_from_issues(inside: World, alice: Person, bug: IssueType) -> None:
    [issue] = _chosen(inside, alice, inside.issue(issue_type_id=bug.id))
    field = _field(bug, PropertyKind.CHOICE)
    set_property([issue], field, ["High"], people=(), by=alice.member)
    edit_property(bug, field, by=alice.member, name="Choice", is_required=False, starts_as="", options=["Low", "Mid"])
    assert not [one for fact in facts_of(issue).facts for one in fact.said]


def test_without_types_nothing_shows_them(world: World, bob: Person, bug: IssueType) -> None:
    issue = world.issue(issue_type_id=bug.id)
    assert "Defect" in bob.get(BOARD).text
    assert bob.post(f"{WEB}/features", {"features": ["pages"]}).status_code == 303
    assert "Defect" not in bob.get(BOARD).text
    assert "Defect" not in bob.get("/acme/issues/WEB-1").text
    assert bob.post(f"{WEB}/issues/type", {"ids": issue.id, "issue_type": bug.id}, htmx=True).status_code == 404


class TestEstimates:
    @pytest.fixture
    def points(self, inside: World, alice: Person) -> dict[str, int]:
        """{step: its number}, committed."""
        change_scale(_web(inside), EstimateKind.POINTS, ["1", "2", "5"], {}, by=alice.member)
        db.session.commit()
        return {point.value: point.id for point in points_of(inside.ids.web)}

    def test_cards_say_it_and_columns_add_up(self, inside: World, bob: Person, points: dict[str, int]) -> None:
        for value in ("2", "5"):
            inside.issue(estimate_point_id=points[value])
        html = bob.get(BOARD).text
        assert re.search(r"Estimated together: </span>7<", html)
        assert len(re.findall(r"Estimate: </span>[25]<", html)) == 2

    def test_by_key_of_the_board(self, inside: World, bob: Person, points: dict[str, int]) -> None:
        issues = inside.issues(2)
        ids = [issue.id for issue in issues]
        assert "choice-point-" in bob.get(f"{WEB}/menus/estimate?ids={ids[0]}").text
        answer = bob.post(f"{WEB}/issues/estimate", {"ids": ids, "estimate": points["5"]}, htmx=True)
        assert answer.status_code == 200
        assert re.search(r"Estimated together: </span>10<", answer.text)
        undo = answer.text.split('hx-post="')[-1].split('"')[0]
        assert bob.post(undo, htmx=True).status_code == 200
        assert set(db.session.scalars(select(Issue.estimate_point_id))) == {None}

    def test_another_scale_asks_where_issues_go(self, inside: World, bob: Person, points: dict[str, int]) -> None:
        kept, gone = inside.issue(estimate_point_id=points["2"]), inside.issue(estimate_point_id=points["5"])
        sent = {"kind": "points", "values": "2, 8"}
        asked = bob.post(f"{WEB}/settings/estimates", sent)
        assert asked.status_code == 200
        assert "Where do these go?" in asked.text
        sent |= {"is_carried": "1", f"to-{points['5']}": "8"}
        assert bob.post(f"{WEB}/settings/estimates", sent).status_code == 303
        db.session.expire_all()
        now = {point.id: point.value for point in points_of(inside.ids.web)}
        found = {issue.id: now[issue.estimate_point_id or 0] for issue in db.session.scalars(select(Issue))}
        assert found == {kept.id: "2", gone.id: "8"}

    @pytest.mark.parametrize("values", ["1", "1, 1", "1, x", ", ,", ",".join(map(str, range(30))), "1, NaN", "1, -2"])
    def test_what_is_no_scale(self, world: World, bob: Person, values: str) -> None:
        answer = bob.post(f"{WEB}/settings/estimates", {"kind": "points", "values": values})
        assert answer.status_code == 422

    def test_categories_do_not_add_up(self, inside: World, alice: Person, bob: Person) -> None:
        change_scale(_web(inside), EstimateKind.CATEGORIES, ["S", "L"], {}, by=alice.member)
        [issue] = _chosen(inside, bob, inside.issue())
        set_estimate([issue], points_of(inside.ids.web)[0], by=bob.member)
        db.session.commit()
        html = bob.get(BOARD).text
        assert "Estimated together" not in html
        assert "Estimate: </span>S<" in html

    def test_a_step_of_another_project_is_none(self, inside: World, bob: Person, points: dict[str, int]) -> None:
        issue = inside.issue(project_id=inside.ids.ops)
        sent = {"ids": issue.id, "estimate": points["5"]}
        assert bob.post("/acme/projects/OPS/issues/estimate", sent, htmx=True).status_code == 404


def test_the_board_costs_as_much_for_many_kinds_as_for_one(
    inside: World, alice: Person, bob: Person, bug: IssueType, statements
) -> None:
    change_scale(_web(inside), EstimateKind.POINTS, ["1", "2"], {}, by=alice.member)
    db.session.commit()
    point = points_of(inside.ids.web)[0].id
    counted = []
    for many in (1, 60):
        inside.issues(many, issue_type_id=bug.id, estimate_point_id=point)
        bob.get(BOARD)
        with statements() as seen:
            assert bob.get(BOARD).status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_values_stand_in_the_column_of_their_kind(inside: World, bob: Person, bug: IssueType) -> None:
    [issue] = _chosen(inside, bob, inside.issue(issue_type_id=bug.id))
    set_property([issue], _field(bug, PropertyKind.NUMBER), ["2.5"], people=(), by=bob.member)
    set_property([issue], _field(bug, PropertyKind.DATE), ["2026-12-24"], people=(), by=bob.member)
    rows = db.session.execute(select(IssueValue.value_number, IssueValue.value_date).order_by(IssueValue.id)).all()
    assert [tuple(row) for row in rows] == [(Decimal("2.5"), None), (None, date(2026, 12, 24))]
