"""Bob brings a spreadsheet in without touching the mouse, and watches it happen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.world import Person

pytestmark = pytest.mark.browser

IMPORTS = "/acme/projects/WEB/imports"
ROWS = "Summary,Status,Kind,Labels\nPrinter on fire,Nope,Open,hot\n,Open,Open,\n" + "Paper jam,Done,Open,\n" * 20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "old tracker 🚚.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def fine(page: Any) -> None:
    found = [violation for violation in Axe().run(page).response["violations"] if violation["impact"] != "minor"]
    assert found == [], [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def test_from_a_file_to_issues_by_keys(
    page_of: Callable[..., Any], bob: Person, work: Callable[[], None], file: Path
) -> None:
    page = page_of(bob)
    page.goto(IMPORTS)
    page.get_by_text("Nothing was imported here yet").wait_for()
    fine(page)
    page.keyboard.press("c")
    page.wait_for_url(f"**{IMPORTS}/new")
    fine(page)
    expect(page.locator("#file")).to_be_focused()
    page.set_input_files("#file", file)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{IMPORTS}/1")
    fine(page)

    expect(page.get_by_label("Nope")).to_be_visible()
    page.get_by_label("State optional").focus()
    page.keyboard.type("Kind")
    expect(page.get_by_label("Nope")).to_be_hidden()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Nope")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Nothing is made in a dry run.").wait_for()
    fine(page)
    work()
    page.get_by_text("21 of 22 rows can be imported").wait_for(timeout=8000)
    fine(page)

    page.keyboard.press("Control+Enter")
    page.get_by_text("You may leave this page").wait_for()
    work()
    page.get_by_text("Done: 21 issues made, 1 row refused").wait_for(timeout=8000)
    fine(page)
    page.keyboard.press("b")
    page.wait_for_url("**/projects/WEB/board")
    page.get_by_text("Printer on fire").wait_for()


def test_a_wrong_file_is_refused_on_the_spot_and_the_next_one_goes_through(
    page_of: Callable[..., Any], bob: Person, file: Path, tmp_path: Path
) -> None:
    page = page_of(bob)
    page.goto(f"{IMPORTS}/new")
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(b"PK\x03\x04" + b"\0" * 100)
    page.set_input_files("#file", wrong)
    page.keyboard.press("Control+Enter")
    page.get_by_text("an Excel workbook or a ZIP archive").wait_for()
    expect(page.locator("#file")).to_be_focused()
    page.set_input_files("#file", file)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{IMPORTS}/1")


def test_a_file_that_is_too_large_never_leaves_the_house(
    page_of: Callable[..., Any], bob: Person, tmp_path: Path
) -> None:
    page = page_of(bob)
    page.goto(f"{IMPORTS}/new")
    large = tmp_path / "large.csv"
    with large.open("wb") as sparse:
        sparse.truncate(51 * 2**20)
    page.set_input_files("#file", large)
    assert "at most 50 MB" in page.locator("#file").evaluate("field => field.validationMessage")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    assert "POST" not in sent


def test_on_a_phone_nothing_is_wider_than_the_screen(
    page_of: Callable[..., Any], bob: Person, work: Callable[[], None], file: Path
) -> None:
    page = page_of(bob, width=390, height=844)
    page.goto(f"{IMPORTS}/new")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Upload and look").click()
    page.wait_for_url(f"**{IMPORTS}/1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Start the dry run").click()
    work()
    page.get_by_text("21 of 22 rows can be imported").wait_for(timeout=8000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
