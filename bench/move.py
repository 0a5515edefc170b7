"""One card moved to another column behind another card, as the board posts it.

Statements "of its own" are those that the command sends between the guard's finding of people, project and issue and
the reply's reading of what to show; the table also has all of the request. The reply is compared with the region that
it spares. Committed for real.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import sqlalchemy as sa

import app.boards.routes.board as route
from bench.figures import Figure, in_turns
from bench.ground import Ground


def measure(ground: Ground) -> Iterator[Figure]:
    browser = ground.browser()
    moves = moves_of(ground, "BOARD")
    path = "/projects/BOARD/board/moves"
    browser.post(path, next(moves))
    marks: list[int] = []
    command = route.move_issues

    def marked(*args: object, **rest: object) -> object:
        marks.append(len(seen))
        try:
            return command(*args, **rest)  # type: ignore[arg-type]
        finally:
            marks.append(len(seen))

    with ground.statements() as seen:
        route.move_issues = marked  # type: ignore[assignment]
        try:
            reply = browser.post(path, next(moves))
        finally:
            route.move_issues = command
    yield Figure("card move: statements of its own", marks[1] - marks[0], "", 6)
    yield Figure("  with those that find person, project, card and state", marks[1], "")
    yield Figure("  with those that draw the reply", len(seen), "")
    region = browser.get("/projects/BOARD/board/columns", htmx=True)
    yield Figure("card move: reply ÷ region", len(reply) / len(region), "×", 0.1)
    yield Figure("  the reply", len(reply), "bytes")
    assert reply.count(b"data-item=") == 1, "the reply of a move holds other cards"
    times = in_turns({"move": lambda: browser.post(path, next(moves))}, rounds=60)
    yield Figure("  a card move", times["move"], "ms")


def moves_of(ground: Ground, identifier: str) -> Iterator[list[tuple[str, int]]]:
    """What the board posts, without end: a card goes behind the first of the next column, and on from there."""
    states = ground.stock.states[identifier]
    with ground.owner.connect() as connection:
        firsts = [
            list(
                connection.execute(
                    sa.text(
                        "SELECT id FROM issues WHERE state_id = :state AND deleted_at IS NULL ORDER BY rank LIMIT 9"
                    ),
                    {"state": state},
                ).scalars()
            )
            for state in states
        ]
    walker = firsts[0][5]
    for place in cycle([*range(1, len(states)), 0]):
        yield [("ids", walker), ("state", states[place]), ("after", firsts[place][2]), ("before", firsts[place][3])]
