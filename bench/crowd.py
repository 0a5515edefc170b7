"""200 people with one board open, and one move a second: how long a move takes beside how long it takes alone.

As `make run` starts them: two web processes, a worker and the scheduler, over loopback. The people live in a process of
their own (`bench.people`): each loads the board, then asks by heartbeat every two seconds and, when something moved,
for the regions that follow it, just as the page does. The mover is this process: it posts a move every second over one
connection and waits for the reply. The people watch and hide their tabs in turns, a few moves long each, so a machine
that gets slower or faster disturbs both sides.

The crowd's process, the mover, both web processes, worker, PostgreSQL and Valkey share the machine's cores. What the
crowd's own process took of them is a line of the table: on two cores it is a part of what a move has to wait for, which
real browsers would not be.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from urllib.parse import urlencode

from app.adapters.embedded.process import spawn, stop
from bench.figures import Figure, p95
from bench.ground import Ground
from bench.move import moves_of
from bench.processes import busy, family, time_taken
from bench.stock import PEOPLE
from bench.webs import ROOT, Connection, Web, web

#: Turns of each kind, and moves in each turn that count; before them some that do not, until all has settled.
TURNS, MOVES, SETTLING = 6, 10, 3
_PATH = "/projects/BOARD/board"


def measure(ground: Ground) -> Iterator[Figure]:
    ground.forget_owed()
    browser = ground.browser()
    moves = moves_of(ground, "BOARD")
    with web(ground, processes=2, worker=True) as server, Connection(server.port, browser.cookie, browser.csrf) as line:

        def move() -> float:
            body = urlencode(next(moves)).encode()
            began = time.perf_counter()
            line.post(f"{browser.prefix}{_PATH}/moves", body)
            return (time.perf_counter() - began) * 1000

        _each_second(move, 5)
        alone, crowded, took = [], [], Counter[str]()
        with _people(ground, server) as (say, told):
            for _ in range(TURNS):
                _each_second(move, SETTLING)
                alone += _each_second(move, MOVES)
                say("watch")
                _each_second(move, SETTLING)
                took.subtract(_taken(ground, server))
                crowded += _each_second(move, MOVES)
                took.update(_taken(ground, server))
                say("rest")
    yield Figure(f"p95 of a move among {PEOPLE} people ÷ alone", p95(crowded) / p95(alone), "×", 1.3)
    yield Figure("  median among them ÷ alone", median(crowded) / median(alone), "×")
    yield Figure("  p95 alone", p95(alone), "ms")
    yield Figure("  p95 among them", p95(crowded), "ms")
    yield Figure("  heartbeats a second", told["beats"] / told["seconds"], "")
    yield Figure("  regions fetched a second", told["fetches"] / told["seconds"], "")
    yield Figure("  p95 of a region", told["fetch_p95_ms"], "ms")
    for name, seconds in took.items():
        yield Figure(f"  cores that {name} took", seconds / (TURNS * MOVES), "")
    yield Figure("  cores that the people's own process took", told["cpu_seconds"] / told["seconds"], "")
    yield Figure("  requests of theirs that failed", told["failed"], "", 0)


def _taken(ground: Ground, server: Web) -> dict[str, float]:
    """Seconds of processor time so far, by who took it."""
    postgres, valkey = ground.servers.postgres, ground.servers.valkey
    assert postgres
    assert valkey
    return {
        "the web processes": time_taken(family(server.pid)),
        "PostgreSQL": time_taken(family(postgres.process.pid)),
        "Valkey": time_taken([valkey.process.pid]),
        "worker and scheduler": sum(time_taken(family(pid)) for pid in server.others),
        "all of the machine": busy(),
    }


def _each_second(move: Any, count: int) -> list[float]:
    taken = []
    for _ in range(count):
        began = time.monotonic()
        taken.append(move())
        time.sleep(max(0.0, 1 - (time.monotonic() - began)))
    return taken


@contextmanager
def _people(ground: Ground, server: Web) -> Iterator[tuple[Callable[[str], None], dict[str, Any]]]:
    """While entered, everybody has the board open, in hidden tabs until told `watch`. At the end the dict is filled."""
    cookies = [ground.browser(person).cookie for person in range(1, 1 + PEOPLE)]
    asked = {"port": server.port, "cookies": cookies, "page": f"/{ground.stock.slug}{_PATH}"}
    process = spawn(
        [sys.executable, "-m", "bench.people"],
        output=subprocess.PIPE,
        errors=sys.stderr.fileno(),
        given=subprocess.PIPE,
        death_signal=signal.SIGKILL,
        folder=ROOT,
    )
    told: dict[str, Any] = {}

    def say(word: str) -> None:
        assert process.stdin
        process.stdin.write(word.encode() + b"\n")
        process.stdin.flush()

    try:
        say(json.dumps(asked))
        assert process.stdout
        process.stdout.readline()  # everybody has the page
        yield say, told
        said, _ = process.communicate(b"stop\n", timeout=30)
        told.update(json.loads(said))
    finally:
        stop(process, signal.SIGTERM, seconds=5)
