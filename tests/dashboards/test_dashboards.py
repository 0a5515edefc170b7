"""Dashboards: widgets that load by themselves, stand without overlap, and count what their reader may see."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.dashboards.charts import Kind
from app.dashboards.grid import Place, arranged, free_place, within
from app.dashboards.models import Dashboard, Question, Sharing, Widget
from app.dashboards.models.dashboards import COLUMNS, WIDGETS_MOST
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.dashboards.drawn import a_dashboard, a_question, places
from tests.world import Person, World

numbers = st.integers(-(10**9), 10**9)
on_grid = st.builds(Place, numbers, numbers, numbers, numbers)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.integers(1, 30), on_grid, min_size=1, max_size=14), st.data())
def test_nothing_overlaps_and_nothing_floats(dropped: dict[int, Place], data: st.DataObject) -> None:
    standing = arranged({}, dropped)
    moved = {data.draw(st.sampled_from(sorted(standing))): data.draw(on_grid)}
    after = arranged(standing, moved)
    assert after.keys() == dropped.keys()
    for one, other in combinations(after.values(), 2):
        assert not one.meets(other)
    for place in after.values():
        assert 0 <= place.x <= COLUMNS - place.w
        up = place._replace(y=place.y - 1)
        assert place.y == 0 or any(up.meets(other) for other in after.values() if other != place)
    assert arranged(after, {}) == after


def test_two_below_each_other_change_places() -> None:
    standing = {1: Place(0, 0, 6, 4), 2: Place(0, 4, 6, 2)}
    assert arranged(standing, {1: Place(0, 2, 6, 4)}) == {1: Place(0, 2, 6, 4), 2: Place(0, 0, 6, 2)}
    assert arranged(standing, {2: Place(0, 0, 6, 2)}) == {2: Place(0, 0, 6, 2), 1: Place(0, 2, 6, 4)}


def test_a_new_one_fits_where_there_is_room() -> None:
    assert free_place({1: Place(0, 0, 6, 4)}, 6, 2) == Place(6, 0, 6, 2)
    assert free_place({1: Place(0, 0, 7, 4)}, 6, 2) == Place(0, 4, 6, 2)
    assert within(Place(11, -5, 99, 0)) == Place(0, 0, 12, 1)


def test_a_page_loads_its_widgets_one_by_one(world: World, alice: Person) -> None:
    world.issues(3)
    number = a_dashboard(world, kinds=(Kind.BAR, Kind.METRIC, Kind.TABLE, Kind.LINE))
    shown = alice.get(f"/acme/dashboards/{number}")
    addresses = re.findall(rf'hx-get="(/acme/dashboards/{number}/widgets/\d+)"', shown.text)
    assert len(addresses) == 4
    assert "Counts only what you may see." in shown.text
    assert "<svg" not in shown.text.partition('id="grid"')[2].partition('class="drawn"')[0].replace(
        '<svg class="icon', ""
    )
    bars, figure, table, _ = (alice.get(f"{address}?width=480&height=200").text for address in addresses)
    assert 'class="drawn"' in bars
    assert 'viewBox="0 0 480 200"' in bars
    assert "Show data" in bars
    assert re.search(r'class="figure">3<', figure)
    assert "Web platform" in table


def test_a_widget_counts_what_its_reader_may_see(world: World, alice: Person, olaf: Person) -> None:
    """Olaf is in neither project."""
    world.issues(3)
    number = a_dashboard(world, kinds=(Kind.METRIC,))
    [widget] = places(world, number)
    address = f"/acme/dashboards/{number}/widgets/{widget}"
    assert re.search(r'class="figure">3<', alice.get(address).text)
    assert re.search(r'class="figure">0<', olaf.get(address).text)


def test_a_widget_without_its_question_says_so(world: World, alice: Person) -> None:
    number = a_dashboard(world, kinds=(Kind.BAR,))
    [widget] = places(world, number)
    with organization(world.organization_id):
        asked = db.session.scalars(select(Question.number).order_by(Question.id)).one()
    alice.post(f"/acme/questions/{asked}/deletion")
    answer = alice.get(f"/acme/dashboards/{number}/widgets/{widget}")
    assert answer.status_code == 200
    assert "was deleted" in answer.text


def test_moving_is_decided_by_the_server_and_can_be_taken_back(world: World, alice: Person) -> None:
    number = a_dashboard(world, kinds=(Kind.BAR, Kind.BAR))
    before = places(world, number)
    first, second = before
    answer = alice.post(f"/acme/dashboards/{number}/places", {"place": f"{second} 3 0 9 5"}, htmx=True)
    assert answer.status_code == 200
    after = places(world, number)
    assert after[second] == (3, 0, 9, 5)
    assert after[first] == (0, 5, 6, 4)
    undo = re.findall(rf"/acme/dashboards/{number}/changes/\d+/undo", answer.text)[0]
    assert alice.post(undo, htmx=True).status_code == 200
    assert places(world, number) == before


def test_a_change_is_not_taken_back_over_a_newer_one(world: World, alice: Person) -> None:
    number = a_dashboard(world, kinds=(Kind.BAR, Kind.BAR))
    first, _ = places(world, number)
    answer = alice.post(f"/acme/dashboards/{number}/places", {"place": f"{first} 0 0 12 4"}, htmx=True)
    undo = re.findall(rf"/acme/dashboards/{number}/changes/\d+/undo", answer.text)[0]
    alice.post(f"/acme/dashboards/{number}/places", {"place": f"{first} 0 0 8 4"}, htmx=True)
    kept = places(world, number)
    assert alice.post(undo, htmx=True).status_code == 409
    assert places(world, number) == kept


def test_widgets_are_added_copied_drawn_anew_and_taken_off(world: World, alice: Person) -> None:
    number, question = a_dashboard(world), a_question(world)
    here = f"/acme/dashboards/{number}"
    assert alice.post(f"{here}/widgets", {"question": question}, htmx=True).status_code == 200
    [widget] = places(world, number)
    assert alice.post(f"{here}/widgets/{widget}/copy", htmx=True).status_code == 200
    assert len(places(world, number)) == 2
    sent = {"title": "Work", "kind": "metric", "unit": "issues", "good": "up"}
    assert alice.post(f"{here}/widgets/{widget}", sent, htmx=True).status_code == 200
    with organization(world.organization_id):
        changed = db.session.get_one(Widget, (world.organization_id, widget))
        assert (changed.title, changed.chart["kind"], changed.chart["good"]) == ("Work", "metric", "up")
    removed = alice.post(f"{here}/widgets/{widget}/removal", htmx=True)
    assert widget not in places(world, number)
    undo = re.findall(rf"{here}/changes/\d+/undo", removed.text)[0]
    assert alice.post(undo, htmx=True).status_code == 200
    assert widget in places(world, number)


@pytest.mark.parametrize("place", ["", "1", "a 0 0 1 1", "1 0 0 1", "1 -1 0 1 1", "1 0 0 1 1 1", "1 0 0 1 ²"])
def test_forged_places_are_refused(world: World, alice: Person, place: str) -> None:
    number = a_dashboard(world, kinds=(Kind.BAR,))
    assert alice.post(f"/acme/dashboards/{number}/places", {"place": place}, htmx=True).status_code == 422


def test_far_away_is_the_edge(world: World, alice: Person) -> None:
    number = a_dashboard(world, kinds=(Kind.BAR,))
    [widget] = places(world, number)
    sent = {"place": f"{widget} 1000000000 1000000000 1000000000 1000000000"}
    assert alice.post(f"/acme/dashboards/{number}/places", sent, htmx=True).status_code == 200
    assert places(world, number)[widget] == (0, 0, 12, 20)


def test_a_widget_of_another_dashboard_is_not_moved(world: World, alice: Person) -> None:
    mine, other = a_dashboard(world, kinds=(Kind.BAR,)), a_dashboard(world, kinds=(Kind.BAR,), name="Other")
    [foreign] = places(world, other)
    assert alice.post(f"/acme/dashboards/{mine}/places", {"place": f"{foreign} 6 0 3 3"}).status_code == 404
    assert alice.get(f"/acme/dashboards/{mine}/widgets/{foreign}").status_code == 404


def test_a_question_of_another_organization_is_not_put_on(world: World, alice: Person) -> None:
    number, foreign = a_dashboard(world), a_question(world, person="mallory")
    assert alice.post(f"/acme/dashboards/{number}/widgets", {"question": foreign}).status_code == 404


def test_a_dashboard_holds_so_many_widgets(world: World, alice: Person) -> None:
    number, question = a_dashboard(world), a_question(world)
    with organization(world.organization_id):
        dashboard = db.session.scalars(select(Dashboard).where(Dashboard.number == number)).one()
        db.session.add_all(
            Widget(dashboard_id=dashboard.id, question_id=question, x=0, y=turn, w=12, h=1, chart={})
            for turn in range(WIDGETS_MOST)
        )
    answer = alice.post(f"/acme/dashboards/{number}/widgets", {"question": question}, htmx=True)
    assert answer.status_code == 422
    assert len(places(world, number)) == WIDGETS_MOST


def test_private_ones_are_seen_by_whom_they_are_shared_with(world: World, cast: dict[str, Person]) -> None:
    number = a_dashboard(world, sharing=Sharing.PRIVATE)
    here, alice = f"/acme/dashboards/{number}", cast["alice"]
    assert cast["bob"].get(here).status_code == 404
    assert cast["anna"].get(here).status_code == 404
    sent: dict[str, Any] = {"ids": [cast["bob"].member_id], "permission": "view"}
    assert alice.post(f"{here}/shares", sent).status_code == 303
    assert cast["bob"].get(here).status_code == 200
    assert cast["bob"].get(f"{here}/questions").status_code == 403
    alice.post(f"{here}/shares", sent | {"permission": "edit"})
    assert cast["bob"].get(f"{here}/questions").status_code == 200
    assert cast["bob"].post(f"{here}/deletion").status_code == 403, "sharing is the owner's affair, deleting too"
    alice.post(f"{here}/shares", sent | {"permission": ""})
    assert cast["bob"].get(here).status_code == 404


def test_a_viewer_edits_nothing_though_it_is_shared_for_editing(world: World, alice: Person, vic: Person) -> None:
    number = a_dashboard(world, kinds=(Kind.BAR,))
    here = f"/acme/dashboards/{number}"
    alice.post(f"{here}/shares", {"ids": [vic.member_id], "permission": "edit"})
    [widget] = places(world, number)
    assert vic.get(here).status_code == 200
    assert vic.post(f"{here}/places", {"place": f"{widget} 0 0 3 3"}).status_code == 403
    assert vic.post(f"{here}/widgets/{widget}/removal").status_code == 403


def test_it_is_shared_with_nobody_outside(world: World, cast: dict[str, Person]) -> None:
    number = a_dashboard(world)
    for stranger in ("carol", "mallory"):
        sent = {"ids": [cast[stranger].member_id], "permission": "edit"}
        assert cast["alice"].post(f"/acme/dashboards/{number}/shares", sent).status_code == 422


def test_deleted_ones_come_back_with_all_they_had(world: World, alice: Person) -> None:
    number = a_dashboard(world, kinds=(Kind.BAR, Kind.TABLE))
    before = places(world, number)
    alice.post(f"/acme/dashboards/{number}/deletion")
    assert alice.get(f"/acme/dashboards/{number}").status_code == 404
    alice.post(f"/acme/dashboards/{number}/restoration")
    assert alice.get(f"/acme/dashboards/{number}").status_code == 200
    assert places(world, number) == before


def test_lists_take_the_same_statements_however_long(world: World, alice: Person, statements: Any) -> None:
    a_dashboard(world, kinds=(Kind.BAR,))
    alice.get("/acme/dashboards")
    with statements() as few:
        alice.get("/acme/dashboards")
    for turn in range(12):
        a_dashboard(world, kinds=(Kind.BAR,), name=f"Board {turn}")
    with statements() as many:
        alice.get("/acme/dashboards")
    assert len(few) == len(many)


def test_names_from_all_directions_stand_in_their_page(world: World, alice: Person) -> None:
    number = a_dashboard(world, kinds=(Kind.BAR,), name="<b>שלום</b> {{ 7*7 }}")
    with organization(world.organization_id):
        db.session.execute(update(Widget).values(title="<script>alert(1)</script>"))
    text = alice.get(f"/acme/dashboards/{number}").text
    assert "<b>שלום" not in text
    assert "<script>alert" not in text
