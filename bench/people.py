"""People who look at a board, in a process of their own: `python -m bench.people`, told by a line of JSON on its input.

Each has one kept connection, loads the page, and then does what the page's scripts do: a heartbeat every two seconds;
when it says that topics moved, a fetch of every region that follows one of them. Says `ready` when all have the page;
then `watch` lets them, `rest` hides all their tabs, and `stop` asks what happened, as JSON. Ends by itself after ten
minutes.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
import sys
import time
from dataclasses import dataclass, field

from bench.figures import p95

#: Seconds between two heartbeats of a page.
PAUSE = 2.0
#: Pages that are loaded at the same time in the beginning.
_AT_ONCE = 4
_LAST = 600
_TAG = re.compile(r"<[a-z]+ [^>]*\bhx-get=[^>]*>")
_ATTRIBUTE = re.compile(r'\b(id|hx-get|data-live)="([^"]*)"')
_HTMX = "HX-Request: true\r\nHX-Request-Type: partial\r\n"


@dataclass
class Tally:
    beats: int = 0
    failed: int = 0
    fetches: list[float] = field(default_factory=list)


class Person:
    def __init__(self, port: int, cookie: str, page: str, tally: Tally) -> None:
        self.port, self.cookie, self.page, self.tally = port, cookie, page, tally
        self.beat = ""
        #: Address of a region: the topics that it follows.
        self.regions: dict[str, set[str]] = {}

    async def look(self, gate: asyncio.Semaphore) -> None:
        async with gate:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
            status, _, body = await self.ask(self.page, "")
            assert status == 200, f"{self.page}: {status}"
            self.read(body.decode())

    def read(self, text: str) -> None:
        for tag in _TAG.findall(text):
            found = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
            if found.get("id") == "heartbeat":
                self.beat = found["hx-get"]
            elif "data-live" in found:
                self.regions[found["hx-get"]] = set(found["data-live"].split())

    async def stay(self, begin: float) -> None:
        await asyncio.sleep(begin)
        due = time.perf_counter()
        while True:
            status, headers, body = await self.ask(self.beat, _HTMX)
            self.tally.beats += 1
            if status == 200:
                self.read(body.decode())
                moved = set(json.loads(headers[b"hx-trigger"])["moved"]["topics"])
                for address, topics in list(self.regions.items()):
                    if topics & moved:
                        began = time.perf_counter()
                        await self.ask(address, _HTMX)
                        self.tally.fetches.append((time.perf_counter() - began) * 1000)
            due = max(due + PAUSE, time.perf_counter())
            await asyncio.sleep(due - time.perf_counter())

    def hang_up(self) -> None:
        """What the server would do after a while of silence: the next question opens a connection."""
        self.writer.close()

    async def ask(self, path: str, more: str) -> tuple[int, dict[bytes, bytes], bytes]:
        """Status, headers in small letters, body. A connection that the server has closed is opened anew."""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n{more}\r\n".encode()
        try:
            if self.writer.is_closing():
                raise ConnectionError
            return await self._ask(request)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
            return await self._ask(request)

    async def _ask(self, request: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
        self.writer.write(request)
        first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines if line)}
        body = await self.reader.readexactly(int(headers.get(b"content-length", 0)))
        status = int(first.split()[1])
        if status >= 400:
            self.tally.failed += 1
        return status, headers, body


async def main() -> None:
    asked = json.loads(sys.stdin.readline())
    tally = Tally()
    people = [Person(asked["port"], cookie, asked["page"], tally) for cookie in asked["cookies"]]
    gate = asyncio.Semaphore(_AT_ONCE)
    await asyncio.gather(*(person.look(gate) for person in people))
    seconds, used, staying = 0.0, 0.0, []
    print("ready", flush=True)
    async with asyncio.timeout(_LAST):
        while (word := (await asyncio.to_thread(sys.stdin.readline)).strip()) != "stop":
            if word == "watch":
                seconds, used = seconds - time.monotonic(), used - time.process_time()
                step = PAUSE / len(people)
                staying = [asyncio.create_task(person.stay(step * place)) for place, person in enumerate(people)]
            else:
                for task in staying:
                    if task.done():
                        task.result()  # raises what ended it
                    task.cancel()
                await asyncio.gather(*staying, return_exceptions=True)
                seconds, used = seconds + time.monotonic(), used + time.process_time()
                for person in people:
                    person.hang_up()
    print(
        json.dumps(
            {
                "seconds": seconds,
                "beats": tally.beats,
                "failed": tally.failed,
                "fetches": len(tally.fetches),
                "fetch_p95_ms": p95(tally.fetches) if len(tally.fetches) > 1 else 0.0,
                "cpu_seconds": used,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    asyncio.run(main())
