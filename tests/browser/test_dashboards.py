"""A dashboard by keys alone: question by question it is put together, moved about, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from app.dashboards.charts import Kind
from tests.dashboards.drawn import a_dashboard, a_question
from tests.world import Person, World

pytestmark = pytest.mark.browser
#: Milliseconds: a chart is drawn by a process that has to start first.
DRAWN = 60_000


def test_a_dashboard_is_edited_by_keys(world: World, alice: Person, page_of: Callable[..., Any]) -> None:
    """Alice walks to a widget, carries it past the other, takes that back, adds one, and looks at it drawn."""
    world.issues(3)
    number = a_dashboard(world, kinds=(Kind.TABLE, Kind.METRIC))
    a_question(world, "Where the work is")
    page = page_of(alice)
    page.goto(f"/acme/dashboards/{number}")
    expect(page.locator("[data-widget-body][aria-busy]")).to_have_count(0, timeout=DRAWN)
    expect(page.locator(".figure")).to_have_text("3")

    page.keyboard.press("e")
    expect(page.locator("[data-grid]")).to_have_count(1)
    expect(page.locator("[data-widget-body][data-ui-asked]")).to_have_count(2)  # all modules are there
    table = page.locator('.widget[data-label="Issues as table"]')
    expect(table).to_have_attribute("data-place", "1 1 6 4")
    page.keyboard.press("j")
    expect(table).to_have_attribute("data-ui-current", "")

    for key in ("m", "ArrowRight", "Shift+ArrowDown", "Escape"):
        page.keyboard.press(key)
    expect(table).to_have_attribute("data-place", "1 1 6 4")
    for key in ("m", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    figure = page.locator('.widget[data-label="Issues as metric"]')
    expect(table).to_have_attribute("data-place", "1 1 8 4")
    expect(figure).to_have_attribute("data-place", "7 5 3 2")
    expect(page.locator("#toasts [data-undo]")).to_have_count(1)
    page.keyboard.press("z")
    expect(table).to_have_attribute("data-place", "1 1 6 4")
    expect(figure).to_have_attribute("data-place", "7 1 3 2")

    page.keyboard.press("c")
    expect(page.locator("#menu [role=option]")).not_to_have_count(0)
    expect(page.locator("#menu-filter")).to_be_focused()
    page.keyboard.type("Where the")
    expect(page.locator("#menu [role=option]:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    drawn = page.locator('.widget[data-label="Where the work is"] svg.drawn')
    expect(drawn).to_have_count(1, timeout=DRAWN)
    wide = drawn.evaluate("svg => [svg.viewBox.baseVal.width, svg.parentElement.clientWidth]")
    assert 0 <= wide[1] - wide[0] < 40, "it was drawn for the room it has"
