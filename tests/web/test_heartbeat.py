"""The heartbeat asks Redis and nothing else, whether something moved or not; and only about what its page showed."""

from __future__ import annotations

import html
import json
import re

import pytest

BOARD = "/acme/projects/WEB/board"


def beat_of(text: str) -> str:
    found = re.search(r'id="heartbeat"[^>]* hx-get="([^"]+)"', text)
    assert found
    return html.unescape(found[1])


def test_a_quiet_board_answers_nothing_and_asks_the_database_nothing(world, bob, statements) -> None:
    beat = beat_of(bob.get(BOARD).text)
    with statements() as seen:
        answer = bob.get(beat)
    assert (answer.status_code, answer.text, seen) == (204, "", [])
    assert answer.headers["Cache-Control"] == "no-store"


def test_annas_heartbeat_names_what_bob_moved_without_the_database(world, bob, anna, statements) -> None:
    issue = world.issue()
    beat = beat_of(anna.get(BOARD).text)
    bob.post("/acme/projects/WEB/issues/priority", {"ids": issue.id, "priority": "4"}, htmx=True)
    with statements() as seen:
        answer = anna.get(beat)
    assert seen == []
    moved = json.loads(answer.headers["HX-Trigger"])["moved"]["topics"]
    assert f"board-{world.ids.web}" in moved
    assert anna.get(beat_of(answer.text)).status_code == 204


@pytest.mark.parametrize(
    "spoil", [lambda beat: beat.replace("list=", "list=x"), lambda beat: "/live", lambda beat: "/live?list=a.b.c"]
)
def test_a_list_that_no_page_has_shown_is_refused(world, bob, spoil) -> None:
    assert bob.get(spoil(beat_of(bob.get(BOARD).text))).status_code == 403
