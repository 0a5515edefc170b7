"""The inbox by keys alone, and a badge that moves by itself while somebody else works."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.inbox.conftest import Story, story
from tests.world import Person, World

__all__ = ["story"]
pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def test_reading_by_keys(story: Story, alice: Person, bob: Person, world: World, page_of: Open) -> None:
    issues = [world.issue(title) for title in ("Printer on fire", "x" * 300, "تتبع الشحنات")]
    for issue in issues:
        story.assigns(alice, bob, issue)
    page = page_of(bob)
    page.goto("/acme/inbox")
    expect(page.locator('[data-item] [data-open][tabindex="0"]')).to_have_count(1)
    assert Axe().run(page).response["violations"] == []
    unread, badge = page.locator(".unread-dot:not(.read)"), page.locator("#inbox-badge")
    expect(badge).to_contain_text("3")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("u")
    expect(unread).to_have_count(2)
    expect(badge).to_contain_text("2")
    assert "x" * 300 in page.evaluate("document.activeElement.textContent"), "the focus went astray"
    page.keyboard.press("u")
    expect(unread).to_have_count(3)
    page.keyboard.press("Shift+U")
    expect(unread).to_have_count(0)
    expect(badge).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("Marked 3 as read")
    page.keyboard.press("2")
    expect(page.get_by_role("heading", name="All read")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(".notice")).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/acme/issues/WEB-{issues[2].number}$"))


def test_putting_away_by_keys(story: Story, alice: Person, bob: Person, world: World, page_of: Open) -> None:
    for issue in world.issues(4):
        story.assigns(alice, bob, issue)
    page = page_of(bob)
    page.goto("/acme/inbox")
    notices = page.locator(".notice")
    expect(page.locator('[data-item] [data-open][tabindex="0"]')).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("e")
    expect(notices).to_have_count(2)
    expect(page.locator(".toast")).to_contain_text("Archived 2 notifications")
    page.keyboard.press("z")
    expect(notices).to_have_count(4)
    page.keyboard.press("h")
    expect(page.get_by_role("option", name="Tomorrow")).to_be_visible()
    page.keyboard.type("tom")
    expect(page.get_by_role("option", name="Next week")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(notices).to_have_count(3)
    page.keyboard.press("5")
    expect(notices).to_have_count(1)
    expect(page.locator('[data-item] [data-open][tabindex="0"]')).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Shift+E")
    expect(page.get_by_role("heading", name="Nothing is put off")).to_be_visible()


def test_the_badge_and_the_list_move_by_themselves(
    story: Story, alice: Person, bob: Person, world: World, page_of: Open
) -> None:
    inbox, elsewhere = page_of(bob), page_of(bob)
    inbox.goto("/acme/inbox")
    elsewhere.goto("/acme/projects/WEB/board")
    expect(inbox.get_by_role("heading", name="Your inbox is empty")).to_be_visible()
    story.assigns(alice, bob, world.issue("Printer on fire"))
    expect(elsewhere.locator("#inbox-badge")).to_contain_text("1", timeout=4000)
    expect(inbox.locator(".notice")).to_contain_text("Printer on fire", timeout=4000)
    inbox.keyboard.press("Shift+U")
    expect(elsewhere.locator("#inbox-badge")).to_have_count(0, timeout=4000)


def test_watching_and_muting_by_keys(bob: Person, world: World, page_of: Open) -> None:
    page = page_of(bob)
    page.goto(f"/acme/issues/WEB-{world.issue().number}")
    watch, mute = page.get_by_role("button", name="Watch"), page.get_by_role("button", name="Mute")
    for key, pressed in (("w", watch), ("Shift+W", mute)):
        expect(pressed).to_have_attribute("aria-pressed", "false")
        page.keyboard.press(key)
        expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(watch).to_have_attribute("aria-pressed", "false")
