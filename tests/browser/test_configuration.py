"""Bob changes what is asked, in the editor, by keys alone, and sees at once what is wrong and how it looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.annotation.labelled import labelling_of
from tests.world import Person, World

pytestmark = pytest.mark.browser

HERE = "/acme/projects/WEB/labelling/configuration"


def test_the_editor_indents_lets_go_and_tells_what_is_wrong(
    page_of: Callable[..., Any], world: World, bob: Person
) -> None:
    labelling_of(world, 1, texts=["<b>Toner</b> is empty"])
    page = page_of(bob)
    page.goto(HERE)
    editor = page.locator("#config")
    expect(page.locator("#check")).to_contain_text("<b>Toner</b> is empty")
    expect(page.locator(".code-lines span").last).to_have_text("6")
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] != "minor"]
    assert found == [], [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]

    page.keyboard.press("e")
    expect(editor).to_be_focused()
    before = editor.input_value()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    expect(editor).to_have_value("  " + before)
    page.keyboard.press("Control+z")
    expect(editor).to_have_value(before)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()

    editor.fill(before.replace("$text", "$body"))
    expect(page.locator("[data-code-problem='2']")).to_contain_text("The data has no “body”. It has $text.")
    expect(page.locator(".code-lines .faulty")).to_have_text("2")
    editor.fill(before.replace("Good", "Splendid"))
    expect(page.locator("#check")).to_contain_text("Nothing is wrong with it.")
    expect(page.locator("#check").get_by_label("Splendid")).to_be_visible()
    editor.focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Saved")
    expect(editor).to_have_value(before.replace("Good", "Splendid"))
