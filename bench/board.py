"""The board's page, beside the least that could show its cards: bare psycopg and a bare Jinja loop.

The bare side reads the same rows by four plain statements over a connection that stays open, as the database's owner
(so without row-level security), and renders the same markup of the cards, with escaping on. It has no guard, session,
frame, filters, permissions, links between columns or live versions. That its cards say the same is checked.
Both sides take turns in this process. Statements are counted at 10 and at 10,000 issues; what begins a transaction
(BEGIN, the tenant's settings in one round trip) is not among them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from jinja2 import Environment

from app.adapters.embedded.addresses import libpq_address
from bench.figures import Figure, in_turns
from bench.ground import Ground
from bench.stock import PROJECTS

PAGE = 30
_CARD = re.compile(r'<li class="card.*?</h3>.*?</li>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>|\s+")


def measure(ground: Ground) -> Iterator[Figure]:
    browser = ground.browser()
    counts = {}
    for identifier in PROJECTS:
        browser.get(f"/projects/{identifier}/board")
        with ground.statements() as seen:
            browser.get(f"/projects/{identifier}/board")
        counts[identifier] = len(seen)
    yield Figure("board page: statements, 10 issues", counts["TEN"], "")
    yield Figure("board page: statements more with 10,000", counts["LARGE"] - counts["TEN"], "", 0)
    with bare_board(ground, "BOARD") as bare:
        _check(browser.get("/projects/BOARD/board").decode(), bare())
        times = in_turns(
            {
                "bare": bare,
                "page": lambda: browser.get("/projects/BOARD/board"),
                "region": lambda: browser.get("/projects/BOARD/board/columns", htmx=True),
            },
            rounds=60,
        )
    yield Figure("board page of 1,000 issues ÷ bare rows and loop", times["page"] / times["bare"], "×", 3)
    yield Figure("  bare", times["bare"], "ms")
    yield Figure("  its region alone, as a live page fetches it", times["region"], "ms")
    pages = {name: (lambda name=name: browser.get(f"/projects/{name}/board")) for name in PROJECTS}
    times = in_turns(pages, rounds=25)
    for identifier, issues in PROJECTS.items():
        yield Figure(f"  board page, {issues:,} issues", times[identifier], "ms")
    yield Figure("board page, 10,000 ÷ 300 issues", times["LARGE"] / times["SMALL"], "×", 1.5)


class bare_board:
    """`with bare_board(ground, "BOARD") as render:` — `render()` is the cards' HTML."""

    def __init__(self, ground: Ground, identifier: str) -> None:
        self._ground, self._identifier = ground, identifier

    def __enter__(self) -> Callable[[], str]:
        address, _ = libpq_address(self._ground.servers.database_url)
        self._connection = psycopg.connect(address, autocommit=True)
        template = Environment(autoescape=True).from_string(Path(__file__).with_name("bare_cards.html").read_text())
        given = {"project": self._ground.stock.projects[self._identifier]}

        def render() -> str:
            counted = self._connection.execute(_COUNTS, given).fetchall()
            cards: dict[int, list[Any]] = defaultdict(list)
            for card in self._connection.execute(_CARDS, given):
                cards[card[3]].append(card)
            ids = {"ids": [card[0] for column in cards.values() for card in column]}
            people: dict[int, list[Any]] = defaultdict(list)
            for issue_id, *person in self._connection.execute(_PEOPLE, ids):
                people[issue_id].append(person)
            labels: dict[int, list[Any]] = defaultdict(list)
            for issue_id, *label in self._connection.execute(_LABELS, ids):
                labels[issue_id].append(label)
            return template.render(
                columns=counted,
                cards=cards,
                people=people,
                labels=labels,
                identifier=self._identifier,
                issues=f"/{self._ground.stock.slug}/issues/",
                today=datetime.now(UTC).date(),
                icons="/static/icons.svg",
                priorities=("No priority", "Low", "Medium", "High", "Urgent"),
            )

        return render

    def __exit__(self, *error: object) -> None:
        self._connection.close()


def _check(page: str, bare: str) -> None:
    """The same cards, with the same words on them, at about the same length."""
    ours, theirs = _CARD.findall(page), _CARD.findall(bare)
    assert len(ours) == len(theirs) > 0, f"{len(ours)} cards beside {len(theirs)} bare ones"
    for one, other in zip(ours, theirs, strict=True):
        assert _words(one) == _words(other), f"cards differ:\n{one}\n{other}"
    assert 0.85 < len("".join(theirs)) / len("".join(ours)) < 1.15, "the bare cards' markup is out of date"


def _words(card: str) -> str:
    """Without tags, and without what only the date's distance from today decides."""
    card = re.sub(r"<time.*?</time>", "", card, flags=re.DOTALL)
    return _TAG.sub("", card)


_COUNTS = """
    SELECT s.id, s.name, s."group", count(i.id) FROM states s
    LEFT JOIN issues i ON i.state_id = s.id AND i.deleted_at IS NULL AND i.organization_id = s.organization_id
    WHERE s.project_id = %(project)s GROUP BY s.organization_id, s.id ORDER BY s.rank"""
_CARDS = f"""
    SELECT c.* FROM states s, LATERAL (
        SELECT id, number, title, state_id, priority, due_date, rank FROM issues i
        WHERE i.organization_id = s.organization_id AND i.state_id = s.id AND i.deleted_at IS NULL
        ORDER BY rank LIMIT {PAGE}) c
    WHERE s.project_id = %(project)s ORDER BY s.rank, c.rank"""
_PEOPLE = """
    SELECT a.issue_id, m.id, m.name, m.hue FROM issue_assignees a
    JOIN members m ON m.id = a.member_id AND m.organization_id = a.organization_id
    WHERE a.issue_id = ANY(%(ids)s) ORDER BY m.name, m.id"""
_LABELS = """
    SELECT b.issue_id, l.id, l.name, l.hue FROM issue_labels b
    JOIN labels l ON l.id = b.label_id AND l.organization_id = b.organization_id
    WHERE b.issue_id = ANY(%(ids)s) ORDER BY l.name, l.id"""
