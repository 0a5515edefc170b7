"""The JavaScript of a first load: every module that the board's page leads to, in bytes as served, compressed.

Followed from the page's own script elements through all imports, also those that wait until a board is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath

from bench.figures import Figure
from bench.ground import Ground

_SCRIPT = re.compile(r'<script[^>]* src="([^"]+)"|<link rel="modulepreload" href="([^"]+)"')
_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")


def measure(ground: Ground) -> Iterator[Figure]:
    browser = ground.browser()
    page = browser.get("/projects/BOARD/board").decode()
    waiting = [one or other for one, other in _SCRIPT.findall(page)]
    sizes: dict[str, int] = {}
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        sizes[address] = len(browser.open(address, {"Accept-Encoding": "gzip"}))
        assert browser.headers.get("Content-Encoding") == "gzip", f"{address} is not compressed"
        text = browser.open(address).decode()
        waiting += [normpath(join(address, "..", found)) for found in _IMPORT.findall(text)]
    yield Figure("first load: JavaScript, compressed", sum(sizes.values()) / 1024, "KB", 60)
    yield Figure("  in modules", len(sizes), "")
