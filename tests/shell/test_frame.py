"""The sidebar: where one is, where one can go, how much waits, and nothing of what one may not see."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.models import Member
from app.projects.models import Project
from tests.world import Person, World


def sidebar(person: Person, path: str = "/") -> str:
    text = person.get(f"/{person.slug}{path}").text
    return text[text.index('<nav class="sidebar"') : text.index("<main")]


def keys(text: str) -> dict[str, str]:
    """{keys: address} of the links."""
    return {key: url for url, key in re.findall(r'href="([^"]+)" data-hotkey="([^"]+)"', text)}


def test_everything_has_its_key_and_shows_it(world: World, alice: Person) -> None:
    alice.post(f"/acme/project/{world.ids.web}/favourite")
    text = sidebar(alice, "/projects/WEB/board")
    assert keys(text) == {
        "g t": "/acme/tickets",
        "g d": "/acme/dashboards",
        "g l": "/acme/labelling",
        "g w": "/acme/pages",
        "g f": "/acme/favourites",
        "g h": "/acme/",
        "g i": "/acme/inbox",
        "g m": "/acme/my-work",
        "g p": "/acme/projects",
        "g s": "/acme/settings",
        "g b": "/acme/projects/WEB/board",
        "g e": "/acme/projects/WEB/settings",
        "g u": "/account/profile",
    }
    for letter in "himpsbeutdlwf":
        assert f'<kbd data-key="{letter}">{letter.upper()}</kbd>' in text


def test_a_place_that_one_may_not_open_is_not_there(anna: Person, nora: Person) -> None:
    assert "/acme/tickets" not in sidebar(nora)
    assert "/acme/inbox" in sidebar(nora)
    assert "/acme/tickets" in sidebar(anna)


def test_it_says_where_one_is(world: World, bob: Person) -> None:
    issue = world.issue()
    here = re.compile(r'href="([^"]+)"[^>]*aria-current="page"')
    assert here.findall(sidebar(bob)) == ["/acme/"]
    assert here.findall(sidebar(bob, "/projects/OPS/board")) == ["/acme/projects/OPS/board"]
    of_web = sidebar(bob, f"/issues/WEB-{issue.number}")
    assert "/acme/projects/WEB/imports" in of_web
    assert here.findall(of_web) == []


def test_open_work_is_counted_up_to_a_hundred(world: World, bob: Person, nora: Person) -> None:
    mine = (bob.member_id,)
    world.issues(3, assignees=mine)
    world.issue(state="Done", assignees=mine)
    assert re.search(r'My work</span><span class="count">3<', sidebar(bob))
    assert not re.search(r'My work</span><span class="count">', sidebar(nora))
    world.issues(120, assignees=mine)
    assert re.search(r'My work</span><span class="count">99\+<', sidebar(bob))


def test_olaf_sees_no_project_and_counts_no_work_of_one(world: World, olaf: Person) -> None:
    world.issue("Secret plan", assignees=(olaf.member_id,))  # from when he was in it
    text = olaf.get("/acme/").text
    for word in ("Web platform", "Operations", "Secret plan", 'class="count"'):
        assert word not in text


def test_the_switcher_lists_ones_own_organizations(world: World, alice: Person, bob: Person) -> None:
    assert "Rival" not in bob.get("/acme/").text
    with organization(world.rival_id):
        db.session.add(Member(name="Alice", role=Role.MEMBER, user_id=alice.user_id))
    for path in ("/acme/", "/rival/"):
        menu = alice.get(path).text.split('id="organizations"')[1].split("</div>")[0]
        assert re.findall(r'href="(/\w+/)"', menu) == ["/acme/", "/rival/"]
        assert 'href="/new"' in menu
        assert re.findall(r'href="(/\w+/)" aria-current="true"', menu) == [path]


def test_it_is_fetched_again_for_the_page_it_stands_on(bob: Person, mallory: Person) -> None:
    part = bob.get("/acme/navigation?at=/acme/projects/WEB/board").text
    assert part.strip().startswith("<div")
    assert re.findall(r'href="([^"]+)"[^>]*aria-current="page"', part) == ["/acme/projects/WEB/board"]
    for odd in ("", "//evil.example", "/acme/projects/NONE/board", "x" * 3000, "/rival/projects/WEB/board"):
        assert bob.get("/acme/navigation", query_string={"at": odd}).status_code == 200
    assert mallory.get("/acme/navigation").status_code == 404


def test_it_costs_the_same_however_much_there_is(world: World, bob: Person, statements: Callable[..., Any]) -> None:
    bob.get("/acme/navigation")
    with statements() as few:
        bob.get("/acme/navigation")
    world.issues(50, assignees=(bob.member_id,))
    with organization(world.organization_id):
        db.session.add_all(Project(name=f"Project {n}", identifier=f"P{n}") for n in range(30))
    with statements() as many:
        bob.get("/acme/navigation")
    assert len(many) == len(few) <= 8


def test_a_reply_without_a_sidebar_asks_nothing_for_it(bob: Person, statements: Callable[..., Any]) -> None:
    with statements() as seen:
        bob.get("/acme/palette?q=")
    assert not any("my_organizations" in statement for statement in seen)


def test_keys_can_be_switched_off_for_the_whole_page(bob: Person) -> None:
    assert 'data-keys="off"' not in bob.get("/acme/").text
    bob.post("/account/preferences", {"timezone": "UTC", "language": "", "week_starts_on": "0", "theme": "dark"})
    text = bob.get("/acme/").text
    assert 'data-keys="off"' in text
    assert 'data-theme="dark"' in text
