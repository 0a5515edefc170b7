"""A window of the application for each person (server and Chromium: tests.chromium). What the console says counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.world import Person

#: Milliseconds: a machine that does much else beside needs them, another never waits so long.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def page_of(browser: Any, address: str, world: object) -> Iterator[Callable[..., Any]]:
    """`page_of(bob)`: a window of Bob's own, signed in. `allowed` names refusals (403) that the test provokes.

    A console that says anything else fails the test.
    """
    contexts: list[Any] = []
    said: list[str] = []

    def open_page(person: Person, *, allowed: tuple[int, ...] = (), width: int = 1280, height: int = 800) -> Any:
        context = browser.new_context(base_url=address, viewport={"width": width, "height": height})
        context.set_default_timeout(PATIENCE)
        cookie = person.client.get_cookie("trestleboard")
        assert cookie is not None
        context.add_cookies([{"name": "trestleboard", "value": cookie.value, "url": address}])
        contexts.append(context)
        tab = context.new_page()
        statuses = "|".join(map(str, (422, *allowed)))
        expected = re.compile(rf"Failed to load resource: the server responded with a status of ({statuses})")

        def note(kind: str, text: str) -> None:
            if kind in ("error", "warning") and not expected.search(text):
                said.append(f"{person.name}: {text}")

        tab.on("console", lambda message: note(message.type, message.text))
        tab.on("pageerror", lambda error: note("error", f"page error: {error}"))
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
