"""Files in a real browser: chosen by key, pasted, dropped; on their way, refused, taken out, said, seen by others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import request
from playwright.sync_api import expect

from tests.pictures import picture
from tests.world import Person, World

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
ISSUE = "/acme/issues/WEB-1"


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def fine(page: Any) -> None:
    found = [violation for violation in Axe().run(page).response["violations"] if violation["impact"] != "minor"]
    assert found == [], [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def listen(page: Any) -> None:
    """Have file choosers intercepted from now on: asked for only at the key, the browser can be late."""
    page.on("filechooser", lambda chooser: None)


def put(page: Any, kind: str, where: str, name: str) -> None:
    """Paste a file into an element, or drop it there, as the browser tells a page."""
    page.evaluate(
        """([kind, where, name]) => {
          const data = new DataTransfer(), target = document.querySelector(where);
          data.items.add(new File(["12 ppm"], name));
          const carried = kind === "paste" ? { clipboardData: data } : { dataTransfer: data };
          const event = kind === "paste" ? new ClipboardEvent("paste", { ...carried, bubbles: true, cancelable: true })
            : new DragEvent(kind, { ...carried, bubbles: true, cancelable: true });
          target.dispatchEvent(event);
        }""",
        [kind, where, name],
    )


@pytest.fixture
def gate(app: Any) -> Iterator[threading.Event]:
    """Files that are sent ahead wait in the server until this is set; those that still wait at the end are not kept."""
    opened, over = threading.Event(), threading.Event()

    def hold() -> tuple[str, int] | None:
        if request.endpoint == "discussions.create_upload":
            opened.wait(30)
            return ("", 410) if over.is_set() else None
        return None

    app.before_request_funcs.setdefault(None, []).append(hold)
    yield opened
    over.set()
    opened.set()
    app.before_request_funcs[None].remove(hold)


def test_chosen_by_key_said_and_seen_by_a_second_browser(
    page_of: Open, world: World, anna: Person, bob: Person
) -> None:
    world.issue()
    page, other = page_of(anna), page_of(bob)
    listen(page)
    page.goto(ISSUE)
    other.goto(ISSUE)
    page.keyboard.press("n")
    page.keyboard.type("As you see")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Control+u")
    chosen.value.set_files([file("cat.png", picture(size=(900, 600))), file("levels.csv", b"a,b\n1,2\n")])
    coming = page.locator(".composer .file-row")
    expect(coming.locator("input[name=attachments]")).to_have_count(2)
    fine(page)
    expect(page.locator(".composer textarea")).to_have_value("As you see")
    page.get_by_role("button", name="Take out levels.csv").focus()
    with page.expect_response("**/deletion"):
        page.keyboard.press("Enter")
    expect(coming).to_have_count(1)
    expect(page.get_by_role("button", name="Take out cat.png")).to_be_focused()
    page.locator(".composer textarea").focus()
    page.keyboard.press("Control+Enter")
    for tab in (page, other):
        shown = tab.locator(".comment img")
        expect(shown).to_have_attribute("alt", "cat.png")
        expect(shown).to_have_js_property("naturalWidth", 900)
        expect(shown).to_have_attribute("width", "360")
    expect(coming).to_have_count(0)
    fine(page)


def test_beside_the_issue_by_key_and_back_again(page_of: Open, world: World, anna: Person) -> None:
    world.issue()
    page = page_of(anna)
    listen(page)
    page.goto(ISSUE)
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Shift+A")
    chosen.value.set_files([file("levels.csv", b"a,b\n1,2\n"), file("empty.txt", b"")])
    expect(page.locator(".files .file-name")).to_have_text("levels.csv")
    expect(page.get_by_role("alert")).to_contain_text("is empty: it has 0 bytes")
    fine(page)
    page.get_by_role("button", name="Take out empty.txt").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Delete levels.csv").click()
    expect(page.locator(".files .file-name")).to_have_count(0)
    page.keyboard.press("z")
    expect(page.locator(".files .file-name")).to_have_text("levels.csv")


def test_what_is_pasted_or_dropped_goes_with_the_comment(page_of: Open, world: World, anna: Person) -> None:
    world.issue()
    page = page_of(anna)
    page.goto(ISSUE)
    names = page.locator(".composer .file-name")
    put(page, "paste", ".composer textarea", "pasted.txt")
    expect(page.locator(".composer input[name=attachments]")).to_have_count(1)
    put(page, "dragover", ".composer", "dropped.txt")
    expect(page.locator(".composer")).to_have_attribute("data-ui-dropping", "")
    put(page, "drop", ".composer", "dropped.txt")
    expect(page.locator(".composer")).not_to_have_attribute("data-ui-dropping", "")
    expect(names).to_have_text(["pasted.txt", "dropped.txt"])
    put(page, "drop", ".header", "beside.txt")
    expect(page.locator(".composer input[name=attachments]")).to_have_count(2)
    expect(names).to_have_count(2)


def test_a_comment_that_is_sent_too_early_waits_for_its_files(
    page_of: Open, world: World, anna: Person, gate: threading.Event
) -> None:
    world.issue()
    page = page_of(anna)
    page.goto(ISSUE)
    page.locator(".composer textarea").fill("With the levels")
    page.set_input_files(".composer input[type=file]", [file("levels.csv", b"a,b\n1,2\n")])
    expect(page.locator(".composer progress")).to_have_count(1)
    page.locator(".composer textarea").press("Control+Enter")
    expect(page.locator(".composer textarea")).to_have_value("With the levels")
    gate.set()
    expect(page.locator(".comment .file-name")).to_have_text("levels.csv")
    expect(page.locator(".comment .bubble")).to_contain_text("With the levels")


def test_one_that_is_on_its_way_can_be_taken_out(
    page_of: Open, world: World, anna: Person, gate: threading.Event
) -> None:
    world.issue()
    page = page_of(anna)
    page.goto(ISSUE)
    page.set_input_files(".composer input[type=file]", [file("levels.csv", b"a,b\n1,2\n")])
    page.get_by_role("button", name="Take out levels.csv").click()
    expect(page.locator(".composer .file-row")).to_have_count(0)
    expect(page.locator(".composer input[type=file]")).to_be_focused()
