"""Lists and boards without a mouse: the roving place, selection, menus, the sheet of keys, the palette."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def current(page) -> str:
    return page.locator("[data-ui-current]").get_attribute("data-item")


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_letters_and_arrows_walk_the_board_and_enter_opens(page, world) -> None:
    page.goto("/board")
    press(page, "j", "j", "k")
    assert current(page) == "1"
    press(page, "ArrowDown", "ArrowRight")
    assert current(page) == "5"  # the next column, the same height
    press(page, "End")
    assert current(page) == "11"
    assert page.evaluate("document.activeElement.closest('[data-item]').id") == "issue-11"
    assert page.locator("[data-roving] [tabindex='0']").count() == 1
    press(page, "Enter")
    page.wait_for_url("**/board/cards/11")


def test_what_is_ticked_goes_along_and_survives_a_refresh(page, world) -> None:
    page.goto("/board")
    press(page, "j", "x", "Shift+ArrowDown")
    bar = page.locator("[data-selection-bar]")
    assert bar.inner_text().startswith("2 selected")
    world.version += 1
    world.card("1").title = "Renamed meanwhile"
    page.get_by_text("Renamed meanwhile").wait_for()
    assert page.locator("input[data-select]:checked").count() == 2
    assert page.evaluate("document.activeElement.closest('[data-item]').id") == "issue-4"
    press(page, "s", "3")  # the menu's own number, typed before it has come
    page.get_by_text("State changed").wait_for()
    assert world.posts[-1] == ("/board/states", {"state": ["3"], "ids": ["1", "4"]})
    press(page, "Escape")
    page.locator("[data-selection-bar]").wait_for(state="hidden")


def test_a_menu_filters_chooses_and_gives_the_keys_back(page, world) -> None:
    page.goto("/board")
    press(page, "j", "l")
    page.get_by_role("option", name="Billing").wait_for()
    page.keyboard.type("bil")
    assert page.locator("#menu [role=option]:visible").count() == 1
    with page.expect_response("**/board/labels"):
        press(page, "Enter")
    assert page.locator("#menu [aria-checked=true]").inner_text() == "Billing"  # several: it stays open
    world.refuse = "You may not label this."
    press(page, "Enter")
    page.get_by_text("You may not label this.").wait_for()
    assert page.locator("#menu [role=option]:visible").get_attribute("aria-checked") == "true"  # and is put back
    press(page, "Escape")
    assert page.evaluate("document.activeElement.closest('[data-item]')?.id") == "issue-1"
    press(page, "j")
    assert current(page) == "4"


def test_a_menu_about_no_item_stands_at_its_button(page, world) -> None:
    page.goto("/board")
    press(page, "j")
    with page.expect_request("**/board/menu/labels*") as asked:
        press(page, "f")
    assert "ids" not in asked.value.url
    page.get_by_role("option", name="Billing").wait_for()
    button, menu = page.locator("#filter").bounding_box(), page.locator("#menu").bounding_box()
    assert 0 <= menu["y"] - button["y"] - button["height"] <= 8
    press(page, "Escape")
    page.wait_for_function("() => document.activeElement.closest('[data-item]')?.id === 'issue-1'")


def test_when_the_current_row_goes_its_next_sibling_follows(page, world) -> None:
    page.goto("/board")
    press(page, "j", "j")
    world.cards.remove(world.card("4"))
    world.version += 1
    page.locator("#issue-4").wait_for(state="detached")
    assert current(page) == "7"
    assert page.evaluate("document.activeElement.closest('[data-item]').id") == "issue-7"


def test_keys_are_text_in_a_field_and_a_sequence_goes_places(page, world) -> None:
    page.goto("/board")
    press(page, "c")
    page.locator("#title:focus").wait_for()
    page.keyboard.type("jam xmsc?")
    assert page.input_value("#title") == "jam xmsc?"
    press(page, "Escape")
    page.locator("#dialog").wait_for(state="hidden")
    press(page, "g", "f")
    page.wait_for_url("**/form")


def test_keys_can_be_switched_off(page, world) -> None:
    page.goto("/board")
    page.evaluate("document.documentElement.dataset.keys = 'off'")
    press(page, "j", "c", "m")
    assert page.locator("[data-ui-current]").count() == 0
    assert not page.locator("#dialog").is_visible()
    press(page, "Control+k")
    page.locator("#palette").wait_for()


def test_the_sheet_lists_what_works_here(page, world) -> None:
    page.goto("/board")
    press(page, "?")
    sheet = page.locator("#keys")
    sheet.wait_for()
    text = sheet.inner_text()
    for line in ("New", "State", "Search or jump", "Pick up", "Peek"):
        assert line in text
    press(page, "Escape")
    sheet.wait_for(state="hidden")


def test_the_palette_does_what_a_key_does_and_finds_what_the_server_has(page, world) -> None:
    page.goto("/board")
    press(page, "Control+k")
    page.keyboard.type("inbx")
    assert page.locator("#palette [aria-selected=true]").inner_text().startswith("Inbox")
    press(page, "Enter")
    page.wait_for_url("**/list")
    press(page, "Control+k")
    assert page.locator("#palette-recent [role=option]").first.inner_text().startswith("Inbox")
    page.keyboard.type("geofence")
    page.locator("#palette-found [role=option]").wait_for()
    press(page, "Enter")
    page.wait_for_url("**/board/cards/8")


def test_a_peek_follows_the_current_item(page, world) -> None:
    page.goto("/board")
    press(page, "j", "Space")
    page.locator("#peek", has_text="WEB-1").wait_for()
    press(page, "ArrowDown")
    page.locator("#peek", has_text="WEB-4").wait_for()
    press(page, "Escape")
    page.locator("#peek").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.closest('[data-item]').id") == "issue-4"
