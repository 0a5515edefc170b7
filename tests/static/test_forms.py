"""Dialogs, refusals, drafts, confirmations, toasts, colours."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.browser


def test_a_dialog_opens_refuses_keeps_the_draft_and_closes_when_saved(page, world) -> None:
    page.goto("/board")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.locator("#title:focus").wait_for()
    page.fill("#text", "A long story")
    page.keyboard.press("Control+Enter")
    page.get_by_text("An issue needs a title.").wait_for()
    page.locator("#title:focus").wait_for()  # the first wrong field
    page.keyboard.press("Escape")
    page.locator("#dialog").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.closest('[data-item]')?.id") == "issue-1"

    page.keyboard.press("c")
    page.get_by_text("Draft restored").wait_for()
    assert page.input_value("#text") == "A long story"
    page.fill("#title", "Named now")
    page.keyboard.press("Control+Enter")
    page.locator("#dialog").wait_for(state="hidden")
    page.get_by_text("Created").wait_for()
    page.keyboard.press("c")
    page.locator("#title:focus").wait_for()
    assert page.input_value("#text") == ""
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft'))") == []


def test_a_draft_is_kept_at_once_sent_after_a_pause_and_never_holds_a_secret(page, world) -> None:
    page.goto("/form")
    page.fill("#f-secret", "hunter2")
    with page.expect_response("**/drafts"):
        page.fill("#f-what", "Booking and tracking")
        assert "Booking" in page.evaluate("JSON.stringify(localStorage)")
    assert world.drafts[-1]["key"] == "project:1:settings"
    assert json.loads(world.drafts[-1]["body"]) == {
        "name": "Web platform",
        "key": "WHS",
        "what": "Booking and tracking",
    }
    assert "hunter2" not in page.evaluate("JSON.stringify(localStorage)") + json.dumps(world.drafts)


def test_it_asks_in_our_own_dialog_before_it_deletes(page, world) -> None:
    page.goto("/form")
    page.click("#delete")
    page.locator("#confirm").wait_for()
    page.keyboard.press("Escape")
    page.locator("#confirm").wait_for(state="hidden")
    assert world.posts == []
    page.click("#delete")
    page.get_by_role("button", name="Delete the project").click()
    page.get_by_text("Deleted", exact=True).wait_for()
    assert [path for path, _ in world.posts] == ["/delete"]


def test_a_flash_is_a_toast_that_goes_and_widths_are_set_without_style_attributes(page, world) -> None:
    page.clock.install()
    page.goto("/form?flash=1")
    page.locator(".toast", has_text="Saved").wait_for()
    bar, field = page.locator("#bar").bounding_box(), page.locator("#f-what").bounding_box()
    assert round(bar["width"] / field["width"], 2) == 0.62
    page.clock.run_for(8000)
    page.locator(".toast").wait_for(state="detached")


def test_a_menu_stands_by_its_button_and_follows_arrows(page, world) -> None:
    page.goto("/form")
    page.get_by_role("button", name="More", exact=True).click()
    menu = page.locator("#more")
    menu.wait_for()
    button, box = page.get_by_role("button", name="More", exact=True).bounding_box(), menu.bounding_box()
    assert 0 <= box["y"] - (button["y"] + button["height"]) <= 8
    assert box["x"] + box["width"] <= 1280
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Copy the address"


@pytest.mark.parametrize("path", ["/board", "/form", "/list", "/empty", "/door", "/error/404"])
def test_every_page_passes_axe(page, world, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.goto(path)
    if path == "/board":
        page.keyboard.press("j")
        page.keyboard.press("x")
    results = Axe().run(page)
    assert [
        (each["id"], [node["html"][:200] for node in each["nodes"]][:3]) for each in results.response["violations"]
    ] == []
