"""The frame by keyboard alone: going places, the palette, the theme, and numbers that move by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.world import Person, World

pytestmark = pytest.mark.browser

PageOf = Callable[..., Page]


def press(page: Page, keys: str) -> None:
    for key in keys.split(" "):
        page.keyboard.press(key)


def test_bob_goes_everywhere_by_two_letters(world: World, bob: Person, page_of: PageOf) -> None:
    page = page_of(bob)
    page.goto("/acme/")
    for keys, path in (
        ("g i", "/acme/inbox"),
        ("g m", "/acme/my-work"),
        ("g p", "/acme/projects"),
        ("g b", "/acme/projects/OPS/board"),
        ("g u", "/account/profile"),
        ("g h", "/acme/"),
    ):
        press(page, keys)
        page.wait_for_url(f"**{path}")


def test_home_is_a_list_to_walk_and_open(world: World, bob: Person, page_of: PageOf) -> None:
    world.issue("Later", assignees=(bob.member_id,), priority=1)
    first = world.issue("First", assignees=(bob.member_id,), priority=4)
    page = page_of(bob)
    page.goto("/acme/")
    press(page, "j")
    expect(page.locator("[data-ui-current]")).to_contain_text("First")
    press(page, "j k Enter")
    page.wait_for_url(f"**/acme/issues/WEB-{first.number}")


def test_the_palette_finds_an_issue_a_page_and_what_the_page_can_do(world: World, bob: Person, page_of: PageOf) -> None:
    world.issue("Live map drops vehicles")
    world.index()
    page = page_of(bob)
    page.goto("/acme/")
    press(page, "Control+k")
    page.keyboard.type("vehicles")
    expect(page.locator("#palette [role=option][aria-selected=true]")).to_contain_text("Live map drops vehicles")
    press(page, "Enter")
    page.wait_for_url("**/acme/issues/WEB-1")

    press(page, "Control+k")
    page.keyboard.type("your account")
    expect(page.locator("#palette [role=option][aria-selected=true]")).to_contain_text("Your account")
    press(page, "Enter")
    page.wait_for_url("**/account/profile")

    page.goto("/acme/projects/WEB/board")
    press(page, "Control+k")
    page.keyboard.type("new issue")
    press(page, "Enter")
    expect(page.locator("#dialog")).to_be_visible()


def test_nothing_stands_in_the_palette_twice(world: World, bob: Person, page_of: PageOf) -> None:
    page = page_of(bob)
    page.goto("/acme/")
    press(page, "Control+k")
    with page.expect_response("**/palette?q=web"):
        page.keyboard.type("web")
    expect(page.locator("#palette-found [role=option]").first).to_be_attached()
    expect(page.locator("#palette [role=option]:visible", has_text="Web platform")).to_have_count(1)


def test_every_key_of_the_frame_stands_in_the_sheet(bob: Person, page_of: PageOf) -> None:
    page = page_of(bob)
    page.goto("/acme/")
    press(page, "?")
    sheet = page.locator("#keys")
    for name in ("Home", "Inbox", "My work", "All projects", "Your account", "Switch organization", "Search or jump"):
        expect(sheet).to_contain_text(name)


def test_the_theme_is_changed_at_once_and_kept(bob: Person, page_of: PageOf) -> None:
    page = page_of(bob)
    page.goto("/acme/")
    press(page, "g y")
    with page.expect_response("**/account/theme"):
        page.get_by_role("button", name="Dark").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    press(page, "g y")
    with page.expect_response("**/account/theme"):
        page.get_by_role("button", name="System").press("Enter")
    page.reload()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_bob_signs_out_by_his_menu(bob: Person, page_of: PageOf) -> None:
    page = page_of(bob)
    page.goto("/acme/")
    press(page, "g y")
    page.get_by_role("button", name="Sign out").press("Enter")
    page.wait_for_url("**/sign-in")
    page.goto("/acme/")
    page.wait_for_url("**/sign-in?next=**")


def test_work_that_alice_gives_shows_up_by_itself(
    world: World, alice: Person, bob: Person, page_of: PageOf, work: Callable[[], None]
) -> None:
    issue = world.issue("Fresh work")
    page = page_of(bob)
    page.goto("/acme/")
    expect(page.locator("#work")).to_contain_text("Nothing is waiting for you")
    alice.post("/acme/projects/WEB/issues/assignees", {"ids": issue.id, "assignees": bob.member_id}, htmx=True)
    work()
    expect(page.locator("#work")).to_contain_text("Fresh work")
    expect(page.locator("#navigation").get_by_role("link", name="My work")).to_contain_text("1")
    expect(page.locator("#changes")).to_contain_text("Alice")


def test_on_a_phone_the_rest_is_behind_more(bob: Person, page_of: PageOf) -> None:
    page: Any = page_of(bob, width=390, height=844)
    page.goto("/acme/")
    expect(page.locator("#sidebar")).to_be_hidden()
    page.get_by_role("button", name="More places").click()
    expect(page.locator("#sidebar")).to_be_visible()
    page.locator("#sidebar").get_by_role("link", name="Web platform").click()
    page.wait_for_url("**/acme/projects/WEB/board")
