"""Moving cards by keys and by pointer: at once on the page, then on the server, and back if it says no."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def column(page, state: int) -> list[str]:
    return page.locator(f"#column-{state} [data-item]").evaluate_all("cards => cards.map((card) => card.dataset.item)")


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_card_is_carried_and_dropped_by_keys(page, world) -> None:
    page.goto("/board")
    press(page, "j", "j", "m")
    assert page.locator(".card-ghost").inner_text() == "WEB-4 was here"
    press(page, "ArrowRight", "ArrowDown")
    assert column(page, 2) == ["2", "5", "4", "8", "11"]
    with page.expect_response("**/board/moves"):
        press(page, "Enter")
    assert world.posts[-1] == ("/board/moves", {"ids": ["4"], "state": ["2"], "after": ["5"], "before": ["8"]})
    assert page.evaluate("document.activeElement.closest('[data-item]').id") == "issue-4"
    page.locator(".toast", has_text="WEB-4 moved").wait_for()
    page.locator(".card-ghost, .card.moving, [data-ui-sent]").wait_for(state="detached")
    with page.expect_response("**/board/undo"):
        press(page, "z")


def test_escape_takes_back_and_sends_nothing(page, world) -> None:
    page.goto("/board")
    before = column(page, 1)
    press(page, "j", "m", "ArrowRight", "Control+ArrowDown", "Escape")
    assert column(page, 1) == before
    assert world.posts == []


def test_a_refused_move_slides_back_and_says_why(page, world) -> None:
    world.refuse = "Todo is full: 4 of 4."
    page.goto("/board")
    before = column(page, 1), column(page, 2)
    press(page, "j", "m", "ArrowRight", "Enter")
    page.locator(".toast", has_text="Todo is full: 4 of 4.").wait_for()
    page.wait_for_function("() => !document.querySelector('[data-ui-sent]')")
    assert (column(page, 1), column(page, 2)) == before
    page.locator("#announce", has_text="Taken back. Todo is full").wait_for(state="attached")


def test_the_whole_selection_moves_with_its_card(page, world) -> None:
    page.goto("/board")
    press(page, "j", "x", "j", "j", "x", "m", "ArrowRight", "Control+ArrowUp")
    with page.expect_response("**/board/moves"):
        press(page, "Enter")
    assert world.posts[-1] == ("/board/moves", {"ids": ["1", "7"], "state": ["2"], "before": ["2"]})
    assert column(page, 2) == ["1", "7", "2", "5", "8", "11"]


def test_a_card_can_be_dragged_and_a_refresh_waits_for_it(page, world) -> None:
    page.goto("/board")
    page.wait_for_function("() => !!window.Sortable")
    source, target = page.locator("#issue-7").bounding_box(), page.locator("#issue-5").bounding_box()
    page.mouse.move(source["x"] + 60, source["y"] + 20)
    page.mouse.down()
    page.mouse.move(target["x"] + 60, target["y"] + 30, steps=8)
    world.card("1").title = "Changed while dragging"
    world.version += 1
    page.wait_for_timeout(900)
    assert page.get_by_text("Changed while dragging").count() == 0
    page.mouse.move(target["x"] + 60, target["y"] + 40, steps=3)
    with page.expect_response("**/board/moves"):
        page.mouse.up()
    assert world.posts[-1][1]["ids"] == ["7"]
    assert world.posts[-1][1]["state"] == ["2"]
    page.get_by_text("Changed while dragging").wait_for()
    assert "7" in column(page, 2)
