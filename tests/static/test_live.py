"""Pages that follow: the heartbeat, what a refresh must not take away, lists that load by scrolling."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_a_hidden_page_does_not_ask_and_catches_up_when_it_is_seen(page, world) -> None:
    page.goto("/board")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "heartbeat" in request.url else None)
    world.version += 1
    world.card("1").title = "While you were away"
    page.wait_for_timeout(900)
    assert asked == []
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text("While you were away").wait_for()


def test_a_list_in_a_scroller_loads_more_and_a_refresh_keeps_its_extent(page, world) -> None:
    page.goto("/list")
    page.keyboard.press("j")
    page.locator("#row-40").wait_for(state="attached")
    page.evaluate("document.querySelector('#scroller').scrollTop = 1e6")
    page.locator("#row-60").wait_for(state="attached")
    world.version += 1
    page.get_by_text("Row 60, version 2").wait_for(state="attached")
    assert world.asked == ["/list/region?until=60"]
    assert page.evaluate("document.querySelector('#scroller').scrollTop") > 600


def test_going_back_comes_back_to_the_same_place(page, world) -> None:
    page.goto("/list")
    page.locator("#row-40").wait_for(state="attached")
    page.evaluate("document.querySelector('#scroller').scrollTop = 500")
    page.locator("#row-20 a").click()
    page.wait_for_url("**/board/cards/1")
    page.go_back()
    page.wait_for_function("() => document.querySelector('#scroller')?.scrollTop === 500")


def test_a_refresh_keeps_what_someone_has_typed_or_opened(page, world) -> None:
    page.goto("/board")
    page.evaluate("""() => {
      const column = document.querySelector('#column-4');
      column.insertAdjacentHTML('beforebegin', `<details id="d"><summary>More</summary>
        <input id="i" value="old"><textarea id="t">old</textarea></details>`);
    }""")
    page.evaluate("document.querySelector('#d').open = true")
    page.fill("#i", "mine")
    page.fill("#t", "mine too")
    page.locator("h1").click()
    page.evaluate("""async () => {
      const {default: htmx} = await import('/static/v1/vendor/htmx.esm.min.js');
      const board = document.querySelector('#board');
      const copy = board.outerHTML.replace('value="old"', 'value="new"').replace('>old</text', '>new</text')
        .replace(' open=""', '');
      await htmx.swap({text: copy, sourceElement: board, target: board, swap: 'outerMorph', request: {}, response: {}});
    }""")
    assert page.input_value("#i") == "mine"
    assert page.input_value("#t") == "mine too"
    assert page.evaluate("document.querySelector('#d').open")


def test_no_connection_shows_a_banner_until_it_is_back(page, world) -> None:
    page.goto("/board")
    page.context.set_offline(True)
    page.locator("#offline").wait_for()
    page.context.set_offline(False)
    page.locator("#offline").wait_for(state="hidden")
