"""The board's region is drawn once for many, and yet nobody sees what is old, or what is another's."""

from __future__ import annotations

import re

import pytest

BOARD = "/acme/projects/WEB/board"


@pytest.fixture
def region(world, bob):
    """`region(anna)`: what her page fetches when the board has moved, which it has once already."""
    issue = world.issue("Printer on fire")
    bob.post("/acme/projects/WEB/issues/priority", {"ids": issue.id, "priority": "4"}, htmx=True)
    return lambda who, query="": who.get(f"{BOARD}/columns?{query}", headers={"HX-Request": "true"}).text


def test_the_second_who_asks_costs_only_the_guard(region, bob, anna, statements) -> None:
    first = region(bob)
    with statements() as seen:
        assert region(anna) == first
    assert not [one for one in seen if "issue_assignees" in one or "lateral" in one.lower()]


def test_what_moved_is_drawn_anew(world, region, bob, anna) -> None:
    region(anna)
    other = world.issue("Call the fire brigade")
    bob.post("/acme/projects/WEB/issues/title", {"ids": other.id, "title": "Call them now"}, htmx=True)
    assert "Call them now" in region(anna)


def test_vic_is_not_given_what_bob_may_do(region, bob, vic) -> None:
    assert "data-move-url" in region(bob)
    assert "data-move-url" not in region(vic)


def test_me_is_somebody_else_for_everybody(world, region, bob, anna) -> None:
    world.issue("Bob's own", assignees=(bob.member_id,))
    assert "Bob&#39;s own" in region(bob, "assignee=@me")
    assert "Bob&#39;s own" not in region(anna, "assignee=@me")


def test_what_was_drawn_is_forgotten_with_the_versions(app, world, region, anna) -> None:
    region(anna)
    app.extensions["redis"].flushdb()
    world.issue("Made behind everybody's back")
    assert re.search("Made behind", region(anna))


@pytest.mark.parametrize("who", ["olaf", "mallory"])
def test_strangers_find_nothing_however_often_it_was_drawn(region, cast, bob, who: str) -> None:
    region(bob)
    assert cast[who].get(f"{BOARD}/columns", headers={"HX-Request": "true"}).status_code == 404
