"""Answering without words."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.discussions.models import Reaction
from app.inbox.models import Notification
from app.kernel.database import db


def react(person, comment: int, emoji: str, **rest):
    return person.post(f"/acme/comments/{comment}/reactions", {"emoji": emoji}, **rest)


def test_signs_are_counted_and_say_who(say, anna, bob, alice, url) -> None:
    said = say(anna, "The drum is here")
    for person, emoji in ((bob, "party"), (alice, "party"), (alice, "heart")):
        assert react(person, said, emoji).status_code == 303
    page = bob.get(url).text
    assert 'aria-label="Party: Bob, Alice"' in page
    assert 'aria-label="Heart: Alice"' in page
    pressed = [tag for tag in page.split("<button") if 'aria-label="Party' in tag]
    assert 'aria-pressed="true"' in pressed[0]


def test_the_second_time_takes_it_away(say, anna, bob, inside, url) -> None:
    said = say(anna, "The drum is here")
    react(bob, said, "eyes")
    react(bob, said, "eyes")
    assert db.session.scalar(select(Reaction.id)) is None
    assert "Eyes: Bob" not in bob.get(url).text


def test_nobody_is_told_and_no_history_shows_it(say, anna, bob, work, inside, url) -> None:
    said = say(anna, "The drum is here")
    react(bob, said, "rocket")
    work()
    assert db.session.scalar(select(Notification.id)) is None
    assert "reacted" not in anna.get(f"{url}?show=history").text


@pytest.mark.parametrize("emoji", ["", "bomb", "👍", "party'--"])
def test_only_what_is_offered(say, anna, emoji) -> None:
    said = say(anna, "The drum is here")
    assert react(anna, said, emoji, htmx=True).status_code == 422


def test_one_sign_at_a_time(say, anna) -> None:
    said = say(anna, "The drum is here")
    answer = anna.post(f"/acme/comments/{said}/reactions", {"emoji": ["party", "heart"]}, htmx=True)
    assert answer.status_code == 422


@pytest.mark.parametrize(("who", "status"), [("vic", 403), ("olaf", 404), ("carol", 404), ("mallory", 404)])
def test_who_may_not(say, anna, cast, who, status) -> None:
    said = say(anna, "The drum is here")
    assert react(cast[who], said, "party").status_code == status
    assert cast[who].get(f"/acme/comments/{said}/reactions").status_code == status


def test_what_is_gone_gets_no_sign(say, anna, bob) -> None:
    said = say(anna, "The drum is here")
    anna.post(f"/acme/comments/{said}/deletion")
    assert react(bob, said, "party").status_code == 404


def test_viewers_see_signs_and_press_none(say, anna, vic, url) -> None:
    said = say(anna, "The drum is here")
    react(anna, said, "party")
    tag = next(tag for tag in vic.get(url).text.split("<button") if "Party: Anna" in tag)
    assert " disabled" in tag.split(">")[0]


def test_many_signs_cost_as_many_statements_as_one(say, anna, bob, alice, nora, url, statements) -> None:
    first = say(anna, "The drum is here")
    react(bob, first, "party")
    with statements() as few:
        bob.get(url)
    for comment in (first, say(anna, "And the toner")):
        for person in (anna, bob, alice, nora):
            for emoji in ("heart", "eyes", "rocket"):
                react(person, comment, emoji)
    with statements() as many:
        bob.get(url)
    assert len(few) == len(many)
