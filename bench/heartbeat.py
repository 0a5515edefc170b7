"""The heartbeat of a page on which nothing moves, beside an empty view (`/healthz`) behind the same guards.

Once inside this process, as WSGI, and once through a real web process and HTTP over one kept connection. The page is
a board; its heartbeat asks for three topics. Statements are counted when nothing has moved and when something has.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bench.figures import Figure, in_turns
from bench.ground import Ground
from bench.webs import Connection, web

_BEAT = re.compile(rb'id="heartbeat"[^>]* hx-get="([^"]+)"')


def measure(ground: Ground) -> Iterator[Figure]:
    browser = ground.browser()
    browser.get("/projects/BOARD/board")
    found = _BEAT.search(browser.get("/projects/BOARD/board"))
    assert found, "the board has no heartbeat"
    address = html.unescape(found[1].decode())
    with ground.statements() as seen:
        browser.open(address)
        browser.open(f"{address}x")  # a version that nothing has: as if something had moved
        assert "moved" in browser.headers.get("HX-Trigger", "")
    yield Figure("heartbeat: statements, quiet or moved", len(seen), "", 0)
    times = in_turns({"beat": lambda: browser.open(address), "empty": lambda: browser.open("/healthz")}, rounds=400)
    yield Figure("heartbeat ÷ empty view, in the process", times["beat"] / times["empty"], "×", 2)
    yield Figure("  the heartbeat", times["beat"], "ms")
    with web(ground, processes=1) as server, Connection(server.port, browser.cookie) as line:
        times = in_turns({"beat": lambda: line.get(address), "empty": lambda: line.get("/healthz")}, rounds=400)
    yield Figure("heartbeat ÷ empty view, over HTTP", times["beat"] / times["empty"], "×", 2)
    yield Figure("  the heartbeat", times["beat"], "ms")
