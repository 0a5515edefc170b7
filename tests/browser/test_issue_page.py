"""The issue page and project settings in a real browser, by keys: written, undone, followed, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.world import Person, World

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
ISSUE = "/acme/issues/WEB-1"


def test_title_and_description_by_keys_alone(page_of: Open, world: World, bob: Person) -> None:
    world.issue(body="Old words")
    page = page_of(bob)
    page.goto(ISSUE)
    page.keyboard.press("e")
    expect(page.get_by_label("Title")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Smoke in the cellar")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("**New** words")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Smoke in the cellar")).to_be_visible()
    expect(page.locator(".prose strong")).to_have_text("New")
    page.keyboard.press("z")
    expect(page.get_by_role("heading", name="Printer on fire")).to_be_visible()


def test_escape_leaves_the_text_as_it_was(page_of: Open, world: World, bob: Person) -> None:
    world.issue()
    page = page_of(bob)
    page.goto(ISSUE)
    page.keyboard.press("e")
    expect(page.get_by_label("Title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Printer on fire")).to_be_visible()


def test_who_is_second_loses_nothing(page_of: Open, world: World, alice: Person, bob: Person) -> None:
    world.issue(body="First")
    page = page_of(bob)
    page.goto(ISSUE)
    page.keyboard.press("e")
    page.get_by_label("Title").fill("Bob's title")
    alice.post(ISSUE, {"title": "Alice's title", "body": "Alice's text", "version": 1})
    expect(page.get_by_text("Alice changed the title")).to_be_visible(timeout=8000)  # the page follows …
    expect(page.get_by_label("Title")).to_have_value("Bob's title")  # … and leaves the form alone
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("while you were writing")).to_be_visible()
    expect(page.get_by_text("Alice's text")).to_be_visible()
    page.get_by_role("button", name="Save over theirs").click()
    expect(page.get_by_role("heading", name="Bob's title")).to_be_visible()


def test_facts_change_by_their_keys_and_the_page_follows(page_of: Open, world: World, bob: Person) -> None:
    world.issue()
    page = page_of(bob)
    page.goto(ISSUE)
    page.keyboard.press("p")
    expect(page.get_by_role("option", name="Urgent")).to_be_visible()
    page.keyboard.type("urg")
    page.keyboard.press("Enter")
    expect(page.locator("#issue-facts")).to_contain_text("Urgent")
    expect(page.locator("#issue-history")).to_contain_text("changed the priority from No priority to Urgent")


def test_one_after_the_other_in_the_dialog(page_of: Open, world: World, bob: Person) -> None:
    world.issue()
    page = page_of(bob)
    page.goto(ISSUE)
    page.keyboard.press("c")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_label("Title")).to_be_focused()
    page.keyboard.type("Second")
    dialog.get_by_label("Create more").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("WEB-2 created")).to_be_visible()
    expect(dialog.get_by_label("Title")).to_have_value("")
    dialog.get_by_label("Title").fill("Third")
    dialog.get_by_label("Create more").uncheck()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("WEB-3 created")).to_be_visible()
    expect(dialog).not_to_be_visible()


def test_a_draft_from_another_device_is_offered(page_of: Open, world: World, bob: Person) -> None:
    bob.post("/acme/drafts", {"key": "issue:WEB:new", "body": '{"title": "Half a thought"}'})
    page = page_of(bob)
    page.goto("/acme/projects/WEB/issues/new")
    expect(page.get_by_label("Title")).to_have_value("Half a thought")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_label("Title")).to_have_value("")


def test_states_are_put_in_order_by_keys(page_of: Open, world: World, bob: Person) -> None:
    page = page_of(bob)
    page.goto("/acme/projects/WEB/settings/states")
    for key in ("j", "m", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("Backlog moved", exact=True)).to_be_visible()
    page.reload()
    names = page.locator("#states [data-item]").evaluate_all("rows => rows.map(row => row.dataset.label)")
    assert names[:2] == ["Todo", "Backlog"]


def test_a_key_is_proposed_while_one_types(page_of: Open, world: World, bob: Person) -> None:
    page = page_of(bob)
    page.goto("/acme/projects/new")
    page.get_by_label("Name").fill("Big yellow truck")
    expect(page.get_by_role("textbox", name="Key")).to_have_value("BYT")


@pytest.mark.parametrize(
    "url",
    [
        ISSUE,
        f"{ISSUE}/edit",
        f"{ISSUE}/versions",
        "/acme/projects/WEB/issues/new",
        "/acme/projects/WEB/deleted",
        "/acme/projects",
        "/acme/projects/new",
        "/acme/projects/WEB/settings",
        "/acme/projects/WEB/settings/members",
        "/acme/projects/WEB/settings/states",
        "/acme/projects/WEB/settings/labels",
    ],
)
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_it_and_nothing_sticks_out(
    page_of: Open, world: World, alice: Person, url: str, width: int
) -> None:
    world.issue("W" * 300, body="- [x] done\n\n```\n" + "code " * 60 + "\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    page = page_of(alice, width=width, height=844)
    page.goto(url)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
