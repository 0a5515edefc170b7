"""The labelling stream in a real browser, by keys alone: three tasks labelled, also stretches of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select

from app.annotation.models import Annotation, AnnotationDraft, Task
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.annotation.labelled import LABEL, NAMES, labelling_of
from tests.world import Person, World

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
TEXTS = ["Anna flew to Gdańsk 👩‍🚀 today.", "Carol called from Basel.", "سافر أحمد إلى دبي"]


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def ready(page: Any, number: int) -> Any:
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Task {number}")
    expect(page.locator("#text-text")).to_be_focused()
    return page


def results(world: World) -> dict[int, list[dict[str, Any]]]:
    with organization(world.organization_id):
        rows = select(Task.number, Annotation.result).join(Task, Task.id == Annotation.task_id).order_by(Task.number)
        return {row.number: row.result for row in db.session.execute(rows)}


def spans(result: list[dict[str, Any]]) -> list[tuple[str, str]]:
    marked = [entry["value"] for entry in result if entry["type"] == "labels"]
    return [(value["text"], value["labels"][0]) for value in sorted(marked, key=lambda value: value["start"])]


def test_three_tasks_by_keys_alone(world: World, nora: Person, page_of: Open) -> None:
    """Nora marks names with the caret, relabels, removes and takes back, answers the rest, goes back and changes it."""
    labelling_of(world, config=NAMES, texts=TEXTS)
    page = page_of(nora)
    page.goto(LABEL)
    ready(page, 1)

    press(page, "Shift+Control+ArrowRight", "1")
    regions = page.locator("#region-list [data-item]")
    expect(regions).to_have_count(1)
    expect(regions.first).to_contain_text("Anna")
    # The next two words are stepped over by character; "Gdańsk 👩‍🚀" is marked, the astronaut as one character.
    press(page, *["ArrowRight"] * 9, *["Shift+ArrowRight"] * 8, "2")
    expect(regions).to_have_count(2)
    press(page, "j", "k", "j", "1")
    expect(page.locator("#region-list [data-ui-current]")).to_contain_text("Person")
    press(page, "Delete")
    expect(regions).to_have_count(1)
    press(page, "z", "z")
    expect(page.locator("#region-list [data-item]").last).to_contain_text("Place")
    press(page, "3")
    expect(page.get_by_label("Good")).to_be_checked()
    axe = Axe().run(page)
    assert axe.violations_count == 0, axe.generate_report()
    press(page, "Control+Enter")

    ready(page, 2)
    press(page, "Shift+Control+ArrowRight", "1", "4")
    press(page, "Control+Enter")

    ready(page, 3)
    press(page, "Control+End", "Shift+Control+Home", "2")
    expect(regions).to_have_count(1)
    press(page, "Control+Enter")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()

    found = results(world)
    assert spans(found[1]) == [("Anna", "Person"), ("Gdańsk 👩‍🚀", "Place")]
    assert spans(found[2]) == [("Carol", "Person")]
    assert spans(found[3]) == [(TEXTS[2], "Place")]
    assert [entry["value"] for entry in found[2] if entry["type"] == "choices"] == [{"choices": ["Bad"]}]

    press(page, "Alt+ArrowLeft")
    ready(page, 3)
    press(page, "Alt+ArrowLeft")
    ready(page, 2)
    press(page, "3", "Control+Enter")
    ready(page, 3)
    choices = [entry["value"] for entry in results(world)[2] if entry["type"] == "choices"]
    assert choices == [{"choices": ["Good"]}]


def test_what_is_half_said_comes_back(world: World, nora: Person, page_of: Open) -> None:
    """On the same device at once, and from the server on another."""
    labelling_of(world, config=NAMES, texts=TEXTS)
    page = page_of(nora)
    page.goto(LABEL)
    ready(page, 1)
    with page.expect_response(lambda answer: answer.url.endswith("/draft")) as kept:
        press(page, "Shift+Control+ArrowRight", "2")
    assert kept.value.status == 204
    with organization(world.organization_id):
        draft = db.session.scalars(select(AnnotationDraft)).one()
        assert spans(draft.result) == [("Anna", "Place")]

    press(page, "3")  # too late for the server: the tab crashes
    expect(page.get_by_label("Good")).to_be_checked()
    page.goto("about:blank")
    page.goto(LABEL)
    ready(page, 1)
    expect(page.locator("#region-list [data-item]")).to_have_count(1)
    expect(page.get_by_label("Good")).to_be_checked()

    elsewhere = page_of(nora)
    elsewhere.goto(LABEL)
    ready(elsewhere, 1)
    expect(elsewhere.locator("#region-list [data-item]")).to_have_count(1)
    expect(elsewhere.locator("[data-canvas-told]")).to_contain_text("What you had begun is back.")
