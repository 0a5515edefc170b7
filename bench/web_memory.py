"""What one web process holds after 1,000 mixed requests of many people: boards of all sizes and their parts, issues,
menus, home, work, inbox, profile, palette, heartbeats, moves and changed fields.

Gunicorn with one process; the figure is the process that answers, not gunicorn's first one, which only watches and
shares most pages with it. RSS counts those in full, PSS divides them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from urllib.parse import urlencode

import sqlalchemy as sa

from bench.browser import HTMX
from bench.figures import Figure
from bench.ground import Ground
from bench.move import moves_of
from bench.processes import family, memory
from bench.webs import Connection, web

REQUESTS = 1000
PEOPLE = 20


def measure(ground: Ground) -> Iterator[Figure]:
    browsers = [ground.browser(person) for person in range(PEOPLE)]
    with ground.owner.connect() as connection:
        issues = list(
            connection.execute(
                sa.text(
                    "SELECT p.identifier || '-' || i.number FROM issues i JOIN projects p ON p.id = i.project_id"
                    " WHERE i.number % 97 = 0 ORDER BY i.id LIMIT 100"
                )
            ).scalars()
        )
        card = connection.execute(
            sa.text("SELECT min(id) FROM issues WHERE project_id = :project"),
            {"project": ground.stock.projects["LARGE"]},
        ).scalar_one()
    paths = cycle(
        [
            *(f"/projects/{identifier}/board" for identifier in ground.stock.projects),
            "/projects/LARGE/board/columns",
            "/projects/BOARD/board?q=sidebar&priority=high",
            "/projects/SMALL/board/filters",
            "/",
            "/inbox",
            "/my-work",
            "/projects",
            "/profile",
            "/palette",
            f"/projects/LARGE/menus/assignees?ids={card}",
        ]
    )
    keys, moves = cycle(issues), moves_of(ground, "LARGE")
    with web(ground, processes=1) as server:
        lines = [Connection(server.port, browser.cookie, browser.csrf) for browser in browsers]
        prefix = browsers[0].prefix
        for number, path in enumerate(islice(paths, REQUESTS)):
            line = lines[number % PEOPLE]
            if number % 5 == 4:
                line.post(f"{prefix}/projects/LARGE/board/moves", urlencode(next(moves)).encode())
            elif number % 5 == 2:
                line.get(f"{prefix}/issues/{next(keys)}{'?peek' if number % 2 else ''}", HTMX if number % 2 else {})
            else:
                part = "/menus/" in path or path.endswith(("/columns", "/filters", "/palette"))
                line.get(prefix + path, HTMX if part else {})
        [answering] = family(server.pid)[1:]
        pss, rss = memory([answering])
    yield Figure(f"one web process after {REQUESTS:,} mixed requests, RSS", rss, "MB", 150)
    yield Figure("  its PSS", pss, "MB")
