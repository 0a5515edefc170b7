"""Pages in a real browser, by keys alone: made, written, moved, followed in another window."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.pages.conftest import Make, make  # noqa: F401 - a fixture
from tests.world import Person

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
TREE = "/acme/projects/WEB/pages"
#: For what another window's heartbeat brings, on a loaded machine.
FOLLOWS = 15_000
WIDE = """() => document.documentElement.scrollWidth > innerWidth
    && [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => one.outerHTML.slice(0, 90)).slice(-2)"""


def test_a_page_by_keys_alone(page_of: Open, bob: Person) -> None:
    page = page_of(bob)
    page.goto(TREE)
    page.keyboard.press("c")
    expect(page.locator("#dialog").get_by_label("Title")).to_be_focused()
    page.keyboard.type("Handbook")
    page.keyboard.press("Control+Enter")
    text = page.get_by_label("Text", exact=True)
    expect(text).to_be_focused()
    expect(page.get_by_role("toolbar", name="Formatting")).to_be_visible()
    page.keyboard.type("Ask early")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+b")
    expect(text).to_have_value("**Ask early**")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".wiki-prose strong")).to_have_text("Ask early")
    page.keyboard.press("r")
    title = page.locator("#page-title").get_by_label("Title")
    expect(title).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Guide")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Guide")).to_be_visible()


def test_the_tree_is_walked_and_changed_by_keys(page_of: Open, make: Make, bob: Person) -> None:  # noqa: F811
    for title in ("Alpha", "Beta", "Gamma"):
        make(bob, title)
    page = page_of(bob)
    page.goto(TREE)
    rows = page.locator("#pages-rows [data-item]")
    expect(rows).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-ui-current]")).to_have_attribute("data-label", "Beta")
    page.keyboard.press("]")
    expect(page.locator('li:has(> [data-label="Alpha"]) li [data-label="Beta"]')).to_be_visible()
    expect(page.locator("[data-ui-current]")).to_have_attribute("data-label", "Beta")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-ui-current]")).to_have_attribute("data-label", "Alpha")
    page.keyboard.press("ArrowLeft")
    expect(rows).to_have_count(2)
    expect(page).to_have_url(re.compile(r"open=$"))
    page.keyboard.press("ArrowRight")
    expect(rows).to_have_count(3)
    page.keyboard.press("m")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_label("Find a page")).to_be_focused()
    page.keyboard.type("gam")
    expect(dialog.get_by_role("radio", name="Gamma")).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator('li:has(> [data-label="Gamma"]) li [data-label="Alpha"]')).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator('#pages-rows > ul > li > [data-label="Alpha"]')).to_be_visible()


def test_who_reads_sees_what_another_writes(page_of: Open, make: Make, bob: Person, alice: Person) -> None:  # noqa: F811
    number = make(bob, "Handbook", body="First words")
    page = page_of(bob)
    page.goto(f"/acme/pages/{number}")
    expect(page.locator(".wiki-prose")).to_have_text("First words")
    sent = {"title": "Handbook", "emoji": "", "body": "Alice's words", "version": 2}
    assert alice.post(f"/acme/pages/{number}", sent).status_code == 303
    expect(page.locator(".wiki-prose")).to_have_text("Alice's words", timeout=FOLLOWS)
    page.keyboard.press("e")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    page.keyboard.type("Bob too: ")
    assert alice.post(f"/acme/pages/{number}", sent | {"body": "Alice again", "version": 3}).status_code == 303
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("while you were writing")).to_be_visible()
    expect(page.get_by_text("Alice again", exact=True)).to_be_visible()
    expect(page.get_by_label("Your text")).to_have_value("Bob too: Alice's words")
    page.get_by_role("button", name="Save over theirs").click()
    expect(page.locator(".wiki-prose")).to_have_text("Bob too: Alice's words")


def test_what_is_said_on_a_page_stands_there(page_of: Open, make: Make, bob: Person) -> None:  # noqa: F811
    number = make(bob, "Handbook")
    page = page_of(bob)
    page.goto(f"/acme/pages/{number}")
    page.keyboard.press("n")
    page.keyboard.type("Is this still so?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".bubble")).to_have_text("Is this still so?")


@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_it_and_nothing_sticks_out(page_of: Open, make: Make, bob: Person, width: int) -> None:  # noqa: F811
    """Long words, right to left, a table, code, a list of headings; a page that is locked, one that is put away."""
    body = (
        "# "
        + "W" * 200
        + "\n\n"
        + "x" * 300
        + "\n\n## Two\n\n- [x] done\n\n```\n"
        + "code " * 60
        + "\n```\n\n# Three\n\n"
    )
    long = make(bob, "W" * 300, body=body + "| a | b |\n|---|---|\n| " + "w" * 80 + " | 2 |")
    parent = long
    for _ in range(4):
        parent = make(bob, "دليل السائقين " * 8, parent=parent)
    bob.post(f"/acme/pages/{parent}/lock")
    gone, away = make(bob, "W" * 200), make(bob, "Old " * 60, private=True)
    bob.post("/acme/pages/deletion", {"ids": gone})
    page = page_of(bob, width=width, height=844)
    problems = {}
    for url in (
        TREE,
        "/acme/pages",
        f"/acme/pages/{long}",
        f"/acme/pages/{parent}",
        f"/acme/pages/{away}",
        f"/acme/pages/{long}/edit",
        f"/acme/pages/{long}/title",
        f"/acme/pages/{long}/versions",
        f"/acme/pages/move?ids={parent}",
        f"/acme/pages/new?ids={long}",
        "/acme/pages/archive?project=WEB",
        "/acme/pages/archive",
    ):
        page.goto(url)
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        if found.response["violations"]:
            problems[url] = found.generate_report()
        if wide := page.evaluate(WIDE):
            problems[url] = f"scrolls sideways: {wide}"
    assert not problems, "\n".join(f"{url}: {problem}" for url, problem in problems.items())
