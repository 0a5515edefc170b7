"""The harness server and one Chromium for these tests. A page whose console says anything but what we expect fails."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from harness import Server, World

#: Chromium writes a line for every reply of 400 and more; htmx one for a request that never arrived.
EXPECTED = re.compile(
    r"Failed to load resource: the server responded with a status of 4(03|09|22)"
    r"|ERR_INTERNET_DISCONNECTED|htmx: htmx:error"
)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture
def world(server: Server) -> World:
    return server.reset()


@pytest.fixture
def page(browser: Any, server: Server, world: World) -> Iterator[Any]:
    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(4000)
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: said.append(f"page error: {error}"))
    yield tab
    context.close()
    assert [text for text in said if not EXPECTED.search(text)] == []
