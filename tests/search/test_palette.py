"""The palette finds what its asker sees, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.world import Person, World


def found(person: Person, asked: str) -> str:
    reply = person.get(f"/{person.slug}/palette", query_string={"q": asked})
    assert reply.status_code == 200
    return reply.text


def titles(person: Person, asked: str) -> list[str]:
    """The options' names, without the marks."""
    import re

    lines = re.findall(
        r'role="option" (?!id="found-all").*?<span class="truncate"[^>]*>(.*?)</span>', found(person, asked), re.S
    )
    return [re.sub(r"<[^>]+>", "", line) for line in lines]


def test_an_issue_is_found_by_its_key_by_a_part_of_it_and_by_words(world: World, bob: Person) -> None:
    first = world.issue("Live map drops vehicles")
    for _ in range(11):
        world.issue("Filler")
    assert "Live map drops vehicles" in titles(bob, f"WEB-{first.number}")
    assert titles(bob, "web-1")[0] == "Live map drops vehicles"
    assert len([name for name in titles(bob, "WEB-1") if name == "Filler"]) == 3  # WEB-10, WEB-11, WEB-12
    assert titles(bob, "vehicles live") == []
    world.index()
    assert "Live map drops vehicles" in titles(bob, "vehicles live")
    assert titles(bob, "vehicles boats") == []
    assert "Live map drops vehicles" in titles(bob, "1")


def test_what_was_typed_is_marked_and_nothing_of_a_title_is_markup(world: World, bob: Person) -> None:
    world.issue("<b>Bold</b> & geofence")
    world.index()
    text = found(bob, "geof")
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; <mark>geof</mark>ence" in text


ODD = ("%", "_", "\\", "100%", "' OR 1=1 --", "<script>", "🙂", "WEB-999999999", "x" * 5000, "a " * 300, "@", "#")


@pytest.mark.parametrize("asked", ODD)
def test_odd_letters_are_letters(world: World, bob: Person, asked: str) -> None:
    world.issue("Printer on fire")
    world.index()
    assert "Printer on fire" not in titles(bob, asked)


def test_projects_people_and_places_are_found(bob: Person) -> None:
    assert "Web platform" in titles(bob, "plat")
    assert "Operations" in titles(bob, "ops")
    assert titles(bob, "@nor") == ["Nora"]
    assert titles(bob, "profile") == ["Profile"]
    assert "My work" in titles(bob, "assigned")


def test_deleted_issues_are_not_found(world: World, bob: Person) -> None:
    from app.kernel.clock import now

    world.issue("Long gone", deleted_at=now())
    world.index()
    assert titles(bob, "gone") == titles(bob, "WEB-1") == []


def test_olaf_finds_nothing_of_a_project_he_is_not_in(world: World, olaf: Person) -> None:
    world.issue("Secret plan")
    world.index()
    for asked in ("secret", "WEB-1", "WEB", "1", "Web platform", "ops"):
        assert titles(olaf, asked) == []
    assert titles(olaf, "alice") == ["Alice"]


def test_carol_the_customer_finds_neither_work_nor_colleagues(world: World, carol: Person) -> None:
    world.issue("Secret plan")
    world.index()
    for asked in ("secret", "WEB-1", "WEB", "alice", "@alice", "settings", "members"):
        assert titles(carol, asked) == []
    assert titles(carol, "profile") == ["Profile"]


def test_nobody_finds_customers(bob: Person) -> None:
    assert titles(bob, "@carol") == []


def test_mallory_finds_only_her_own(world: World, mallory: Person) -> None:
    world.issue("Secret plan")
    world.index()
    assert titles(mallory, "secret") == titles(mallory, "WEB-1") == titles(mallory, "bob") == []
    assert mallory.get("/acme/palette?q=secret").status_code == 404


def test_who_is_not_signed_in_is_asked_to(world: World, app: Any) -> None:
    assert app.test_client().get("/acme/palette?q=x").status_code == 303


def test_it_costs_the_same_however_much_there_is(world: World, bob: Person, statements: Callable[..., Any]) -> None:
    world.issues(3, title="Printer")
    world.index()
    found(bob, "printer")
    with statements() as few:
        found(bob, "printer")
    world.issues(200, title="Printer")
    world.index()
    with statements() as many:
        found(bob, "printer")
    assert len(many) == len(few) <= 10
    assert len(titles(bob, "printer")) == 8
