"""Coming in, going out, and who is kept out."""

from __future__ import annotations

import threading
import time

import pytest
from argon2 import PasswordHasher
from redis import Redis
from sqlalchemy import text

from app.accounts import passwords
from app.accounts.addresses import place
from app.kernel.database import db
from tests.visitors import Visitor, security_events


def test_signing_in_and_out(member: Visitor, app) -> None:
    copied = member.cookie
    assert member.get("/organizations").status_code == 200
    answer = member.post("/sign-out")
    assert answer.location == "/sign-in"
    assert member.get("/organizations").location == "/sign-in?next=/organizations"

    thief = Visitor(app)
    thief.client.set_cookie("trestleboard", copied)
    assert thief.get("/organizations").location == "/sign-in?next=/organizations", "a copied cookie is dead, too"
    assert member.sign_in().location == "/"


def test_the_front_page_leads_strangers_to_the_door(zoe: Visitor) -> None:
    assert zoe.get("/").location == "/sign-in"
    page = zoe.get("/sign-in")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"


def test_whatever_is_wrong_the_answer_is_the_same(member: Visitor, app, owner, statements) -> None:
    stranger = Visitor(app)
    stranger.get("/sign-in")
    answers, costs = [], []
    for email in ("zoe@example.test", "nobody@example.test"):
        with statements() as seen:
            answers.append(stranger.sign_in(email=email, password="not the password"))
        costs.append(len(seen))
    known, unknown = answers
    assert known.status_code == unknown.status_code == 422
    assert "The address or the password is not right." in known.text
    assert known.text.count("zoe@") == unknown.text.count("nobody@")
    assert costs[0] == costs[1]
    assert security_events(owner).count("sign_in.failed") == 2


def test_an_address_that_nobody_has_costs_as_much_as_one_that_somebody_has(app, monkeypatch) -> None:
    """At the real cost of a hash. A ratio, wide enough for a busy machine: without the sham hash it is a thousandth."""
    monkeypatch.setattr(passwords, "_cheap", lambda: False)
    stored = PasswordHasher().hash("the password")
    passwords.matches(None, "x")

    def took(known: str | None) -> float:
        began = time.thread_time()
        assert not passwords.matches(known, "not the password")
        return time.thread_time() - began

    assert min(took(None) for _ in range(3)) > 0.3 * min(took(stored) for _ in range(3))


def test_a_deactivated_person_is_out_at_once_and_cannot_come_back(member: Visitor) -> None:
    db.session.execute(text("UPDATE users SET deactivated_at = now()"))
    db.session.commit()
    assert member.get("/organizations").status_code == 303
    assert member.sign_in().status_code == 422


def test_a_token_from_before_signing_in_is_worth_nothing_after(member: Visitor, app) -> None:
    """Session fixation: whatever a browser held before, it holds something else after."""
    browser = Visitor(app)
    with browser.client.session_transaction() as session:
        session.update({"_user_id": "planted", "planted": "yes", "csrf_token": "p" * 40})
    before = browser.cookie
    browser.get("/sign-in")
    browser.sign_in()
    with browser.client.session_transaction() as session:
        assert session["_user_id"] != "planted"
        assert "planted" not in session
        assert session.get("csrf_token") != "p" * 40
    assert browser.cookie != before
    old = Visitor(app)
    old.client.set_cookie("trestleboard", before)
    assert old.get("/organizations").status_code == 303


def test_signing_in_twice_ends_the_first_token_of_that_browser(member: Visitor, app) -> None:
    first = member.cookie
    member.sign_in()
    thief = Visitor(app)
    thief.client.set_cookie("trestleboard", first)
    assert thief.get("/organizations").status_code == 303
    assert member.get("/organizations").status_code == 200


def test_two_browsers_are_two_sessions(member: Visitor, app) -> None:
    laptop = Visitor(app)
    laptop.sign_in()
    member.post("/sign-out")
    assert laptop.get("/organizations").status_code == 200


def test_a_session_that_ran_out(member: Visitor) -> None:
    db.session.execute(text("UPDATE user_sessions SET expires_at = now() - interval '1 second'"))
    db.session.commit()
    assert member.get("/organizations").status_code == 303


def test_a_browser_that_comes_back_stays_signed_in_but_not_for_ever(member: Visitor, alice) -> None:
    db.session.execute(
        text(
            "UPDATE user_sessions SET last_seen_at = now() - interval '1 hour',"
            " created_at = now() - interval '170 days', expires_at = now() + interval '1 day'"
        )
    )
    db.session.commit()
    assert member.get("/organizations").status_code == 200
    days = db.session.execute(text("SELECT max(extract(day FROM expires_at - now())) FROM user_sessions")).scalar()
    assert days == 9


def test_coming_back_to_an_organization_after_a_while(alice) -> None:
    """The session's row is written when it is old; the guard must still be able to enter the organization."""
    assert alice.get("/acme/settings/members").status_code == 200
    db.session.execute(text("UPDATE user_sessions SET last_seen_at = now() - interval '1 hour'"))
    db.session.commit()
    assert alice.get("/acme/settings/members").status_code == 200
    fresh = text("SELECT max(last_seen_at) > now() - interval '1 minute' FROM user_sessions")
    assert db.session.execute(fresh).scalar()


@pytest.mark.parametrize("wanted", ["/acme/?a=b", "/acme/issues/WEB-1#comment", "/b%C3%BCro"])
def test_after_signing_in_one_lands_where_one_wanted_to_go(member: Visitor, wanted: str) -> None:
    member.post("/sign-out")
    assert member.sign_in(next=wanted).location == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.test",
        "https://evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "evil.test",
        "http://[",
        "//[",
        "/\n/evil.test",
        "///evil.test",
        "/" + "x" * 3000,
    ],
)
def test_nobody_is_sent_to_another_site(member: Visitor, wanted: str) -> None:
    member.post("/sign-out")
    assert member.get("/sign-in", query_string={"next": wanted}).status_code == 200
    assert member.sign_in(next=wanted).location == "/"


def test_too_many_tries_for_one_account(member: Visitor, app) -> None:
    for turn in range(10):
        assert Visitor(app, ip=f"198.51.100.{turn}").sign_in(password="wrong wrong wrong").status_code == 422
    answer = Visitor(app, ip="198.51.100.99").sign_in()
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "Try again in" in answer.text


def test_a_right_password_forgives_the_wrong_ones_of_its_account_only(member: Visitor, app) -> None:
    for _ in range(3):
        for _ in range(9):
            assert member.sign_in(password="wrong wrong wrong").status_code == 422
        assert member.sign_in().status_code == 303


def test_too_many_tries_from_one_place(member: Visitor, app) -> None:
    """Also by whoever knows one right password, and from anywhere in one network."""
    guesser = Visitor(app, ip="2001:db8:1:2::1")
    for turn in range(60):
        guesser.ip = f"2001:db8:1:2::{turn:x}"
        guesser.sign_in(email=f"guess{turn}@example.test", password="wrong wrong wrong")
    assert guesser.sign_in(email="another@example.test").status_code == 429
    assert member.sign_in().status_code == 303, "another place is free to try"


def test_too_many_tries_by_everybody_together(member: Visitor, app) -> None:
    from app.accounts.limits import PASSWORD_BY_ALL

    app.extensions["redis"].set(PASSWORD_BY_ALL.key(""), PASSWORD_BY_ALL.most, ex=60)
    assert member.sign_in().status_code == 429


def test_tries_at_once_are_all_counted(app) -> None:
    """Twenty at the same moment: at most ten are let through to the password."""
    answers = []

    def guess(turn: int) -> None:
        answers.append(Visitor(app, ip=f"198.51.100.{turn}").sign_in(password="wrong wrong wrong").status_code)

    threads = [threading.Thread(target=guess, args=(turn,)) for turn in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [422] * 10 + [429] * 10


def test_when_nothing_can_be_counted_nobody_comes_in(member: Visitor, app, monkeypatch) -> None:
    monkeypatch.setitem(app.extensions, "redis", Redis(unix_socket_path="/nowhere/redis.sock"))
    member.client.delete_cookie("trestleboard")
    for path in ("/sign-in", "/sign-up", "/password"):
        member.csrf = ""
        answer = member.post(path, {"name": "Zoe", "email": "zoe@example.test", "password": "a bridge of pencils"})
        assert answer.status_code == 503, path
        assert "cannot be checked right now" in answer.text


def test_places() -> None:
    assert place("203.0.113.9") == place("::ffff:203.0.113.9") == "203.0.113.9"
    assert place("2001:db8::1") == place("2001:db8::ffff:1") != place("2001:db8:0:1::1")
    assert place(None) == place("nonsense") == "unknown"


def test_a_hash_made_at_another_cost_is_made_anew(member: Visitor) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=128, parallelism=1).hash("a bridge of pencils")
    db.session.execute(text("UPDATE users SET password_hash = :old"), {"old": old})
    db.session.commit()
    assert member.sign_in().status_code == 303
    assert db.session.execute(text("SELECT password_hash FROM users")).scalar() != old
