"""Journeys on the board, in a real browser: by keys alone, by mouse, and two people at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select

from app.boards.models import Issue
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.projects.models import ProjectMember
from tests.world import Person, World

pytestmark = pytest.mark.browser

BOARD = "/acme/projects/WEB/board"
Open = Callable[..., Any]


def column(page: Any, name: str) -> Any:
    return page.locator(".column", has=page.get_by_role("heading", name=name, exact=True))


def keys_in(page: Any, name: str) -> list[str]:
    return column(page, name).locator("[data-item]").evaluate_all("cards => cards.map(card => card.dataset.label)")


def count(page: Any, name: str) -> Any:
    return column(page, name).locator(".count")


def focused(page: Any) -> str:
    where = "document.activeElement.closest('[data-item]')?.dataset.label ?? document.activeElement.tagName"
    return str(page.evaluate(where))


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def states_of(world: World, *issues: Issue) -> list[int]:
    with organization(world.organization_id):
        found = dict(db.session.execute(select(Issue.id, Issue.state_id)).all())
    return [found[issue.id] for issue in issues]


def ready(page: Any, path: str = BOARD) -> Any:
    page.goto(path)
    expect(page.locator('[data-item] [data-open][tabindex="0"]')).to_have_count(1)
    return page


def test_a_morning_by_keys_alone(world: World, bob: Person, page_of: Open) -> None:
    """Bob walks, carries a card to another column, takes it back, changes three at once, filters, makes one, peeks."""
    made = world.issues(4)
    page = ready(page_of(bob))

    press(page, "j", "j")
    assert focused(page) == "WEB-2"

    press(page, "m", "ArrowRight", "Enter")
    expect(count(page, "In progress")).to_have_text("1")
    expect(count(page, "Todo")).to_have_text("3")
    assert keys_in(page, "In progress") == ["WEB-2"]
    assert focused(page) == "WEB-2"
    expect(page.locator("#toasts")).to_contain_text("WEB-2 moved to In progress")
    expect(page.locator("#announce")).to_contain_text("moved to In progress")
    assert states_of(world, made[1]) == [world.ids.states["In progress"]]

    press(page, "z")
    expect(count(page, "Todo")).to_have_text("4")
    assert keys_in(page, "Todo") == ["WEB-1", "WEB-2", "WEB-3", "WEB-4"]
    assert focused(page) == "WEB-2"

    press(page, "x", "Shift+ArrowDown", "Shift+ArrowDown")
    expect(page.locator("[data-selection-bar]")).to_contain_text("3 selected")
    press(page, "s")
    expect(page.locator("#menu [role=option]").first).to_be_visible()
    page.keyboard.type("don")
    press(page, "Enter")
    expect(count(page, "Done")).to_have_text("3")
    assert keys_in(page, "Done") == ["WEB-2", "WEB-3", "WEB-4"]
    assert states_of(world, *made) == [world.ids.states["Todo"], *[world.ids.states["Done"]] * 3]
    press(page, "Escape")
    expect(page.locator("[data-selection-bar]")).to_be_hidden()

    press(page, "f")
    expect(page.locator("#menu [role=option]").first).to_be_visible()
    page.keyboard.type("issue 3")
    press(page, "Enter")
    expect(page.locator("#total")).to_have_text("1 issue")
    assert page.url.endswith("?q=issue+3")
    assert keys_in(page, "Done") == ["WEB-3"]
    page.reload()
    expect(page.locator("#total")).to_have_text("1 issue")
    press(page, "Shift+F")
    expect(page.locator("#total")).to_have_text("4 issues")

    press(page, "c")
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.type("Written without a mouse")
    press(page, "Control+Enter")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("#total")).to_have_text("5 issues")
    assert "WEB-5" in keys_in(page, "Todo")

    press(page, "j", "Space")
    expect(page.locator("#peek")).to_contain_text("Issue 1")
    press(page, "j")
    expect(page.locator("#peek")).to_contain_text("Written without a mouse")
    press(page, "Escape")
    expect(page.locator("#peek")).to_be_hidden()


def test_every_field_by_its_key(world: World, bob: Person, page_of: Open) -> None:
    world.issues(2)
    page = ready(page_of(bob))
    press(page, "j")
    card = page.locator("[data-item]").first

    press(page, "p")
    expect(page.locator("#menu [role=option]").first).to_be_visible()
    press(page, "4")
    expect(card.get_by_label("Urgent")).to_be_visible()
    assert focused(page) == "WEB-1"

    press(page, "i")
    expect(card.get_by_label("Bob")).to_be_visible()

    press(page, "l")
    expect(page.locator("#menu [role=option]").first).to_be_visible()
    page.keyboard.type("Bug")
    press(page, "Enter")
    expect(card).to_contain_text("Bug")
    press(page, "Escape")

    press(page, "d")
    expect(page.locator("#menu [role=option]").first).to_be_visible()
    page.keyboard.type("2031-12-24")
    press(page, "Enter")
    expect(card).to_contain_text("24 Dec 2031")

    press(page, "r")
    expect(page.locator("#menu-filter")).to_have_value("Issue 1")
    page.keyboard.type("Renamed by a key")
    press(page, "Enter")
    expect(card).to_contain_text("Renamed by a key")

    press(page, "a")
    expect(page.locator("#menu [role=option]").first).to_be_visible()
    page.keyboard.type("Anna")
    press(page, "Enter")
    expect(card.get_by_label("Anna")).to_be_visible()


def test_a_title_at_the_foot_of_a_column(world: World, bob: Person, page_of: Open) -> None:
    world.issues(1)
    page = ready(page_of(bob))
    column(page, "Todo").get_by_role("button", name="Add issue").click()
    line = page.get_by_label("Title of a new issue in Todo")
    expect(line).to_be_focused()
    page.keyboard.type("First")
    press(page, "Enter")
    expect(count(page, "Todo")).to_have_text("2")
    expect(line).to_have_value("")
    expect(line).to_be_focused()
    page.keyboard.type("Second")
    press(page, "Enter")
    expect(count(page, "Todo")).to_have_text("3")
    press(page, "Escape")
    expect(column(page, "Todo").get_by_role("button", name="Add issue")).to_be_visible()
    assert keys_in(page, "Todo") == ["WEB-1", "WEB-2", "WEB-3"]


def test_what_anna_does_comes_to_bob_and_takes_nothing_from_him(
    world: World, bob: Person, anna: Person, page_of: Open
) -> None:
    """Bob has scrolled, half typed a title and opened a menu when Anna moves a card."""
    world.issues(75)
    world.issue("Anna's", state="In progress")
    his, hers = ready(page_of(bob)), ready(page_of(anna))

    todo = his.locator(f"#column-{world.ids.states['Todo']}")
    for loaded in (60, 75):
        todo.evaluate("list => { list.scrollTop = list.scrollHeight; }")
        expect(todo.locator("[data-item]")).to_have_count(loaded)
    todo.evaluate("list => { list.scrollTop = 2000; }")
    at = todo.evaluate("list => list.scrollTop")
    column(his, "Backlog").get_by_role("button", name="Add issue").click()
    line = his.get_by_label("Title of a new issue in Backlog")
    line.fill("Half a tit")

    def anna_moves(to: str) -> None:
        hers.locator(f"#issue-{world_issue} [data-open]").focus()
        press(hers, "m", "ArrowRight" if to == "Done" else "ArrowLeft", "Enter")
        expect(count(hers, to)).to_have_text("1")

    with organization(world.organization_id):
        world_issue = db.session.scalar(select(Issue.id).where(Issue.title == "Anna's"))

    anna_moves("Done")
    expect(count(his, "Done")).to_have_text("1", timeout=3000)
    expect(line).to_have_value("Half a tit")
    expect(line).to_be_focused()
    assert len(keys_in(his, "Todo")) == 75
    assert todo.evaluate("list => list.scrollTop") == at

    his.locator("[data-item] [data-open]").first.focus()
    press(his, "s")
    expect(his.locator("#menu [role=option]").first).to_be_visible()
    his.keyboard.type("pro")
    anna_moves("In progress")
    his.wait_for_timeout(3000)
    expect(his.locator("#menu")).to_be_visible()
    expect(his.locator("#menu-filter")).to_have_value("pro")
    press(his, "Escape")
    expect(count(his, "In progress")).to_have_text("1")
    expect(line).to_have_value("Half a tit")
    assert len(keys_in(his, "Todo")) == 75


def test_a_refused_move_slides_back_and_says_why(world: World, bob: Person, page_of: Open) -> None:
    """While Bob looks at the board he is taken out of the project."""
    world.issues(2)
    page = ready(page_of(bob, allowed=(404,)))
    with organization(world.organization_id):
        db.session.execute(ProjectMember.__table__.delete().where(ProjectMember.member_id == bob.member_id))
    press(page, "j", "m", "ArrowRight", "Enter")
    expect(page.locator("#toasts")).to_contain_text("may not see it")
    expect(page.locator("#announce")).to_contain_text("Taken back")
    assert keys_in(page, "Todo") == ["WEB-1", "WEB-2"]
    assert focused(page) == "WEB-1"


def test_dragged_with_the_mouse(world: World, bob: Person, page_of: Open) -> None:
    made = world.issues(3)
    world.issue("There", state="Done")
    page = ready(page_of(bob))
    card, goal = page.locator(f"#issue-{made[0].id}"), column(page, "Done").locator("[data-item]")
    while not page.evaluate("window.Sortable !== undefined"):
        page.wait_for_timeout(50)
    start, end = card.bounding_box(), goal.bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 30)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 10, steps=12)
    page.mouse.move(end["x"] + 62, end["y"] + 6, steps=4)
    page.mouse.up()
    expect(count(page, "Done")).to_have_text("2")
    assert "WEB-1" in keys_in(page, "Done")
    assert states_of(world, made[0]) == [world.ids.states["Done"]]


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(world: World, bob: Person, page_of: Open, width: int) -> None:
    world.issues(3, assignees=(bob.member_id,), labels=(world.ids.labels["Bug"],))
    world.issue("W" * 300, state="Done", priority=4)
    page = ready(page_of(bob, width=width), f"{BOARD}?priority=none&priority=urgent")
    press(page, "x")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    press(page, "f")
    expect(page.locator("#menu [role=option]").first).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
