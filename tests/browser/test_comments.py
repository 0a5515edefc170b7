"""Talking about an issue in a real browser, by keys: said, answered, edited, taken back, and followed by others."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.world import Person, World

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
ISSUE = "/acme/issues/WEB-1"


def test_said_answered_edited_and_taken_back_by_keys_alone(page_of: Open, world: World, bob: Person) -> None:
    world.issue()
    page = page_of(bob)
    page.goto(ISSUE)
    page.keyboard.press("n")
    expect(page.get_by_label("Comment", exact=True)).to_be_focused()
    page.keyboard.type("It is the **toner**")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comment strong")).to_have_text("toner")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("")
    page.keyboard.press("j")
    expect(page.locator(".comment")).to_be_focused()
    page.keyboard.press("r")
    expect(page.get_by_label("Reply", exact=True).and_(page.locator("textarea"))).to_be_focused()
    page.keyboard.type("Or the drum")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".replies .comment")).to_contain_text("Or the drum")
    page.keyboard.press("j")
    expect(page.locator(".replies .comment")).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator(".replies textarea")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("The drum it is")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".replies .comment")).to_contain_text("The drum it is")
    expect(page.locator(".replies .comment header")).to_contain_text("edited")
    page.keyboard.press("Control+Backspace")
    expect(page.locator(".replies")).to_have_count(0)
    page.keyboard.press("z")
    expect(page.locator(".replies .comment")).to_contain_text("The drum it is")


def test_what_is_being_written_stays_while_others_speak(
    page_of: Open, world: World, alice: Person, bob: Person
) -> None:
    issue = world.issue()
    alice.post(f"/acme/issue/{issue.id}/comments", {"body": "First"})
    page = page_of(bob)
    page.goto(ISSUE)
    page.get_by_role("link", name="Reply").click()
    page.locator(".reply-place textarea").fill("Half of a rep")
    page.get_by_label("Comment", exact=True).fill("Half of a com")
    alice.post(f"/acme/issue/{issue.id}/comments", {"body": "Second, while Bob writes"})
    expect(page.get_by_text("Second, while Bob writes")).to_be_visible(timeout=8000)
    expect(page.locator(".reply-place textarea")).to_have_value("Half of a rep")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Half of a com")


def test_names_are_offered_behind_an_at_and_taken_by_keys(page_of: Open, world: World, bob: Person) -> None:
    world.issue()
    page = page_of(bob)
    page.goto(ISSUE)
    field, options = page.get_by_label("Comment", exact=True), page.locator("#mentions").get_by_role("option")
    field.focus()
    page.keyboard.type("Ask @a")
    expect(options).to_have_text([re.compile("Alice"), re.compile("Anna")])
    expect(field).to_have_attribute("aria-activedescendant", f"mention-{world.cast['alice'].member_id}")
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("ArrowDown")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Ask @Anna ")
    expect(field).to_be_focused()
    expect(page.locator("#mentions")).to_be_hidden()
    page.keyboard.type("or @a")
    expect(options).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("#mentions")).to_be_hidden()
    expect(field).to_have_value("Ask @Anna or @a")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comment .mention")).to_have_text("@Anna")


def test_a_thread_is_settled_by_its_key_and_folds(page_of: Open, world: World, bob: Person) -> None:
    issue = world.issue()
    bob.post(f"/acme/issue/{issue.id}/comments", {"body": "Shall we?"})
    page = page_of(bob)
    page.goto(ISSUE)
    page.keyboard.press("j")
    page.keyboard.press("Shift+R")
    expect(page.locator("details.resolved summary")).to_contain_text("resolved by Bob")
    expect(page.get_by_text("Shall we?")).to_be_hidden()
    page.locator("details.resolved summary").click()
    page.get_by_role("button", name="Reopen").click()
    expect(page.get_by_text("Shall we?")).to_be_visible()
    expect(page.locator("details.resolved")).to_have_count(0)


def test_the_panel_beside_the_board_takes_words_and_the_card_counts_them(
    page_of: Open, world: World, bob: Person
) -> None:
    world.issue()
    page = page_of(bob)
    page.goto("/acme/projects/WEB/board")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.locator("#peek #issue-history")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.type("From the panel")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#peek .comment")).to_contain_text("From the panel")
    expect(page.locator(".card .said")).to_contain_text("1")
    expect(page.locator("#peek form.composer")).to_have_count(1)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_it_reads_well_for_everybody(
    page_of: Open, world: World, alice: Person, bob: Person, width: int, height: int
) -> None:
    issue = world.issue()
    first = alice.post(f"/acme/issue/{issue.id}/comments", {"body": "W" * 300}).location.rpartition("-")[2]
    bob.post(f"/acme/issue/{issue.id}/comments", {"body": "مرحبا 🎉 @Alice", "parent": first})
    done = bob.post(f"/acme/issue/{issue.id}/comments", {"body": "Settled"}).location.rpartition("-")[2]
    bob.post(f"/acme/comments/{done}/resolution")
    bob.post(f"/acme/comments/{first}/reactions", {"emoji": "heart"})
    page = page_of(bob, width=width, height=height)
    for path in (ISSUE, f"/acme/comments/{first}/replies/new"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_a_sign_is_put_and_taken_away_by_keys(page_of: Open, world: World, bob: Person) -> None:
    issue = world.issue()
    bob.post(f"/acme/issue/{issue.id}/comments", {"body": "The drum is here"})
    page = page_of(bob)
    page.goto(ISSUE)
    page.keyboard.press("j")
    page.keyboard.press("Shift+E")
    expect(page.get_by_role("option", name="Party")).to_be_visible()
    page.keyboard.press("4")
    sign = page.get_by_role("button", name="Party: Bob")
    expect(sign).to_have_attribute("aria-pressed", "true")
    sign.click()
    expect(sign).to_have_count(0)
