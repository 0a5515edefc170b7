"""500 issues changed by one request beside one issue changed by one request, each way that the selection bar has.

Taken in turns, committed for real; every time something really changes. The worst of them is the line with the target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import sqlalchemy as sa

from bench.figures import Figure, in_turns
from bench.ground import Ground

MANY = 500


def measure(ground: Ground) -> Iterator[Figure]:
    browser = ground.browser()
    project = ground.stock.projects["LARGE"]
    states = ground.stock.states["LARGE"]
    with ground.owner.connect() as connection:

        def ids(sql: str) -> list[int]:
            return list(connection.execute(sa.text(sql), {"project": project}).scalars())

        issues = ids(f"SELECT id FROM issues WHERE project_id = :project ORDER BY rank OFFSET 100 LIMIT {1 + MANY}")
        labels = ids("SELECT id FROM labels WHERE project_id = :project ORDER BY id")
        people = ids("SELECT max(member_id) FROM project_members WHERE project_id = :project")
    base = "/projects/LARGE"
    ways: dict[str, tuple[str, str, list[Any]]] = {
        "priority": (f"{base}/issues/priority", "priority", [1, 2]),
        "state": (f"{base}/issues/state", "state", states[:2]),
        "moved": (f"{base}/board/moves", "state", states[2:4]),
        "assigned": (f"{base}/issues/assignees", "assignees", people),
        "labelled": (f"{base}/issues/labels", "labels", labels[:1]),
        "due": (f"{base}/issues/dates", "due_date", ["2031-01-02", "2031-01-03"]),
    }

    def change(way: str, chosen: list[int]) -> Callable[[], object]:
        path, name, values = ways[way]
        turns = cycle(values)
        return lambda: browser.post(path, [(name, next(turns)), *(("ids", issue) for issue in chosen)])

    worst, lines = 0.0, []
    for way in ways:
        times = in_turns({"one": change(way, issues[:1]), "many": change(way, issues[1:])}, rounds=12, warm=2)
        worst = max(worst, times["many"] / times["one"])
        lines.append(Figure(f"  {way}: {MANY} ÷ one", times["many"] / times["one"], "×"))
        if way == "priority":
            lines.append(Figure("  priority of one", times["one"], "ms"))
    yield Figure(f"{MANY} issues changed at once ÷ one, the worst", worst, "×", 20)
    yield from lines
