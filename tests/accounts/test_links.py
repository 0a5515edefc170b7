"""Signing in by a link in a letter."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from app.kernel import clock
from app.kernel.database import db
from tests.accounts.codes import code_of, set_up
from tests.visitors import Visitor, security_events


def asked(browser: Visitor, post, *, next: str = "") -> str:
    """The link that the letter brings."""
    answer = browser.post("/sign-in/link", {"email": "ZOE@example.test", "next": next})
    assert answer.status_code == 200
    letter = post("zoe@example.test")[-1]
    assert letter.subject == "Your link to sign in"
    return letter.link


def test_coming_in_by_a_link(member: Visitor, app, owner, post) -> None:
    laptop = Visitor(app)
    link = asked(laptop, post, next="/new")
    for _ in range(2):
        assert "zoe@example.test" in laptop.get(link).text
        assert laptop.get("/organizations").status_code == 303, "looking signs nobody in: mail scanners look, too"
    assert laptop.post(link, {"next": "/new"}).location == "/new"
    assert laptop.get("/organizations").status_code == 200
    assert db.session.scalar(text("SELECT method FROM user_sessions ORDER BY id DESC LIMIT 1")) == "link"
    assert "sign_in.link_asked" in security_events(owner)


def test_the_second_step_is_asked_for_all_the_same(member: Visitor, app, post) -> None:
    secret, _ = set_up(member)
    laptop = Visitor(app)
    assert laptop.post(asked(laptop, post)).location == "/sign-in/code"
    assert laptop.get("/organizations").status_code == 303
    assert laptop.post("/sign-in/code", {"code": code_of(secret)}).location == "/"
    row = db.session.execute(
        text("SELECT method, second_factor_at IS NOT NULL FROM user_sessions ORDER BY id DESC LIMIT 1")
    ).one()
    assert tuple(row) == ("link", True)


def test_an_older_link_and_a_late_one_lead_nowhere(member: Visitor, app, post) -> None:
    laptop = Visitor(app)
    older, link = asked(laptop, post), asked(laptop, post)
    assert laptop.post(older).status_code == 410
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert laptop.get(link).status_code == 410
        assert laptop.post(link).status_code == 410
    assert laptop.post(link).status_code == 303


def test_a_new_password_ends_the_link(member: Visitor, app, post) -> None:
    link = asked(Visitor(app), post)
    member.post("/account/password", {"old": "a bridge of pencils", "new": "a tunnel of crayons"})
    assert Visitor(app).post(link).status_code == 410


def test_a_deactivated_person_gets_no_letter_and_no_way_in(member: Visitor, app, post) -> None:
    laptop = Visitor(app)
    link = asked(laptop, post)
    db.session.execute(text("UPDATE users SET deactivated_at = now()"))
    db.session.commit()
    letters = len(post())
    assert laptop.post(link).status_code == 410
    assert laptop.post("/sign-in/link", {"email": "zoe@example.test"}).status_code == 200
    assert len(post()) == letters


def test_an_account_that_a_stranger_made_with_my_address_is_mine_alone(zoe: Visitor, app, post) -> None:
    """The stranger knows a password and has a browser; the link shows who reads the address."""
    zoe.sign_up()
    stranger = Visitor(app)
    assert stranger.sign_in().location == "/verify"
    owner = Visitor(app)
    assert owner.post(asked(owner, post)).location == "/"
    assert stranger.sign_in().status_code == 422
    assert stranger.get("/organizations").status_code == 303
    assert owner.get("/organizations").status_code == 200


def test_who_is_signed_in_needs_no_link(member: Visitor) -> None:
    assert member.get("/sign-in/link").location == "/"


def test_people_without_a_password_choose_one(member: Visitor, app, post) -> None:
    db.session.execute(text("UPDATE users SET password_hash = NULL"))
    db.session.commit()
    laptop = Visitor(app)
    laptop.post(asked(laptop, post))
    assert "Set the password" in laptop.get("/account/security").text
    assert laptop.post("/account/password/first", {"new": "password123"}).status_code == 422
    assert laptop.post("/account/password/first", {"new": "a tunnel of crayons"}).location == "/account/security"
    assert laptop.post("/account/password/first", {"new": "another of crayons"}).status_code == 422
    assert Visitor(app).sign_in(password="a tunnel of crayons").status_code == 303
