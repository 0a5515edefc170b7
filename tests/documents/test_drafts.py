"""Half-typed forms are kept on the server, for their writer alone, and go when they are old."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.documents.commands import MOST_DRAFTS, purge_drafts, save_draft
from app.documents.models import Draft
from app.documents.queries import draft_of, drafts_of
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.timers import Timer
from tests.world import Person, World

KEY = "issue:WEB:new"


def test_what_is_typed_is_kept_and_forgotten(inside: World, bob: Person, alice: Person) -> None:
    assert bob.post("/acme/drafts", {"key": KEY, "body": json.dumps({"title": "Half a tho"})}).status_code == 204
    bob.post("/acme/drafts", {"key": KEY, "body": json.dumps({"title": "Half a thought"})})
    assert draft_of(bob.member, KEY) == {"title": "Half a thought"}
    assert draft_of(alice.member, KEY) == {}
    alice.post("/acme/drafts/discard", {"key": KEY})
    assert [draft.key for draft in drafts_of(bob.member)] == [KEY]
    assert bob.post("/acme/drafts/discard", {"key": KEY}).status_code == 204
    assert drafts_of(bob.member) == []


def test_an_emptied_form_is_no_draft(inside: World, bob: Person) -> None:
    bob.post("/acme/drafts", {"key": KEY, "body": json.dumps({"title": "x"})})
    bob.post("/acme/drafts", {"key": KEY, "body": json.dumps({"title": ""})})
    assert drafts_of(bob.member) == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"body": "{}"},
        {"key": KEY, "body": "[]"},
        {"key": KEY, "body": "{"},
        {"key": "", "body": '{"a": "b"}'},
        {"key": "x" * 201, "body": '{"a": "b"}'},
        {"key": KEY, "body": '{"a": 1}'},
        {"key": KEY, "body": '{"a": "\\u0000"}'},
        {"key": KEY, "body": '{"a": "\\ud800"}'},
        {"key": KEY, "body": json.dumps({"a": "x" * 110_000})},
        {"key": "a b", "body": '{"a": "b"}'},
        {"key": KEY, "body": "[" * 50_000},
    ],
)
def test_broken_drafts_are_refused_with_a_sentence(world: World, bob: Person, data: dict[str, str]) -> None:
    answer = bob.post("/acme/drafts", data, htmx=True)
    assert answer.status_code == 422
    assert answer.text.endswith(".")


def test_strangers_keep_nothing_here(world: World, mallory: Person) -> None:
    data = {"key": KEY, "body": '{"title": "x"}'}
    assert mallory.post("/acme/drafts", data).status_code == 404
    assert mallory.post("/acme/drafts/discard", data).status_code == 404


def test_the_oldest_of_very_many_go(inside: World, bob: Person) -> None:
    for number in range(MOST_DRAFTS + 3):
        save_draft(bob.member, f"form:{number}", {"text": "x"})
    assert len(drafts_of(bob.member)) == MOST_DRAFTS


def test_old_drafts_go_when_their_time_comes(inside: World, bob: Person) -> None:
    save_draft(bob.member, "old", {"text": "x"})
    save_draft(bob.member, "new", {"text": "x"})
    db.session.execute(update(Draft).where(Draft.key == "old").values(updated_at=now() - timedelta(days=91)))
    purge_drafts()
    assert [draft.key for draft in drafts_of(bob.member)] == ["new"]
    woken = db.session.scalars(select(Timer).where(Timer.alarm == "purge_drafts")).one()
    assert timedelta(days=89) < woken.wake_at - now() < timedelta(days=91)
