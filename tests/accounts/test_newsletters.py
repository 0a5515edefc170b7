"""Newsletters: chosen, sent once to each reader whatever dies, ended by one click."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.commands import newsletters
from app.accounts.models import Newsletter, Topic, User
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.tenancy import enter
from tests.visitors import Letter
from tests.world import Person, World

Post = Callable[..., list[Letter]]


def reads(person: Person) -> set[Topic]:
    enter(None)
    return newsletters.topics_of(person.user_id)


def sent(topic: Topic = Topic.NEWS) -> Newsletter:
    enter(None)
    made = newsletters.send_newsletter(topic, "Spring", "Hello *there*\n\n<script>alert(1)</script>")
    db.session.commit()
    return made


def ready(*people: Person) -> None:
    enter(None)
    for person in people:
        newsletters.choose_topics(person.user_id, [Topic.NEWS])
    db.session.commit()


def test_what_one_reads_is_ones_own_choice(bob: Person, alice: Person) -> None:
    bob.post("/account/newsletters", {"news": "y", "tips": "y"})
    bob.post("/account/newsletters", {"tips": "y"})
    assert reads(bob) == {Topic.TIPS}
    assert reads(alice) == set()
    page = bob.get("/account/newsletters").text
    assert [bool(re.search(rf'<input[^>]* checked[^>]*name="{name}"', page)) for name in ("news", "tips")] == [
        False,
        True,
    ]


def test_only_those_who_read_it_get_it(
    bob: Person, alice: Person, anna: Person, vic: Person, work: Callable[[], None], post: Post
) -> None:
    ready(alice, anna, vic)
    db.session.execute(sa.update(User).where(User.id == anna.user_id).values(deactivated_at=now()))
    db.session.execute(sa.update(User).where(User.id == vic.user_id).values(email_verified_at=None))
    db.session.commit()
    sent()
    work()
    assert [letter.to for letter in post()] == ["alice@example.test"]


def test_each_reader_gets_it_once_whatever_dies_in_between(
    monkeypatch: pytest.MonkeyPatch, cast: dict[str, Person], work: Callable[[], None], post: Post
) -> None:
    """Batches of two; a worker dies before its commit, a job comes twice, and two come at once."""
    monkeypatch.setattr(newsletters, "BATCH", 2)
    ready(*cast.values())
    made = sent()
    enter(None)
    newsletters.post_batch(made.id, unsubscribe_at=lambda token: token)
    db.session.rollback()  # the worker is gone
    for _ in range(2):
        enter(None)
        newsletters.post_batch(made.id, unsubscribe_at=lambda token: token)
        db.session.commit()
    work()
    assert sorted(letter.to for letter in post()) == sorted(f"{name}@example.test" for name in cast)
    db.session.expire_all()
    made = db.session.get_one(Newsletter, made.id)
    assert made.sent_count == len(cast)
    assert made.finished_at is not None


def test_one_that_is_owed_is_taken_up_by_the_sweep(
    app: Flask, bob: Person, scheduler: sa.Engine, work: Callable[[], None], post: Post
) -> None:
    from app.kernel import jobs, timers

    ready(bob)
    sent()
    jobs.queue().empty()  # Redis forgot
    timers.tick(scheduler)
    work()
    assert len(post("bob@example.test")) == 1


def test_one_click_ends_it_without_signing_in(
    app: Flask, bob: Person, work: Callable[[], None], post: Post, owner: sa.Engine
) -> None:
    ready(bob)
    sent()
    work()
    link = re.search(r"/account/newsletters/\S+", post()[0].text)
    assert link
    stranger = app.test_client()
    page = stranger.get(link[0])
    assert page.status_code == 200
    assert reads(bob) == {Topic.NEWS}  # following a link changes nothing: mail scanners do
    assert stranger.post(link[0], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert reads(bob) == set()
    with owner.connect() as connection:
        headers = connection.execute(sa.text("SELECT headers FROM outgoing_mails")).scalar_one()
        html = connection.execute(sa.text("SELECT html FROM outgoing_mails")).scalar_one()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "<em>there</em>" in html
    assert "<script>" not in html


@pytest.mark.parametrize("token", ["x", "WzEsIm5ld3MiXQ.aaaa.bbbb"])
def test_a_made_up_link_ends_nothing(app: Flask, world: World, token: str) -> None:
    assert app.test_client().get(f"/account/newsletters/{token}").status_code == 404
    assert app.test_client().post(f"/account/newsletters/{token}").status_code == 404


def test_a_token_made_for_something_else_ends_nothing(app: Flask, bob: Person) -> None:
    from app.kernel.crypto import signer

    ready(bob)
    forged = signer("another").dumps([bob.user_id, "news"])
    assert app.test_client().post(f"/account/newsletters/{forged}").status_code == 404
    assert reads(bob) == {Topic.NEWS}


def test_the_operator_sends_one_by_command(app: Flask, tmp_path: Path, bob: Person) -> None:
    from app.cli.newsletter import send

    ready(bob)
    file = tmp_path / "spring.md"
    file.write_text("# Spring\n")
    with app.app_context():
        assert send(["news", "It is spring", str(file)]) == 0
        assert send(["gossip", "It is spring", str(file)]) == 1
        assert send(["news", "", str(file)]) == 1
        assert send(["news", "It is spring", str(tmp_path / "gone.md")]) == 1
    enter(None)
    assert [row.subject for row in db.session.scalars(sa.select(Newsletter))] == ["It is spring"]
