"""A forgotten password."""

from __future__ import annotations

import threading

from sqlalchemy import text

from app.kernel.database import db
from tests.visitors import Visitor, security_events


def test_zoe_forgot_her_password(member: Visitor, app, owner, post) -> None:
    laptop = Visitor(app)
    answer = laptop.post("/password", {"email": "ZOE@example.test"})
    assert 'If <b class="medium">zoe@example.test</b> has an account' in answer.text
    link = post("zoe@example.test")[-1].link

    assert laptop.get(link).status_code == 200
    answer = laptop.post(link, {"password": "a tunnel of crayons"})
    assert answer.location == "/sign-in"
    assert member.get("/organizations").status_code == 303, "every other browser is signed out"
    assert member.sign_in().status_code == 422
    assert laptop.sign_in(password="a tunnel of crayons").location == "/"
    assert post("zoe@example.test")[-1].subject == "Your password was changed"
    assert {"password.reset_asked", "password.reset"} <= set(security_events(owner))


def test_a_link_serves_once(member: Visitor, app, post) -> None:
    member.post("/password", {"email": "zoe@example.test"})
    link = post()[-1].link
    member.post(link, {"password": "a tunnel of crayons"})
    thief = Visitor(app)
    assert thief.get(link).status_code == 410
    assert thief.post(link, {"password": "mallory was here 1"}).status_code == 410
    assert thief.sign_in(password="a tunnel of crayons").location == "/"


def test_of_two_browsers_with_one_link_one_wins(member: Visitor, app, post) -> None:
    member.post("/password", {"email": "zoe@example.test"})
    link = post()[-1].link
    answers: dict[str, int] = {}

    def reset(password: str) -> None:
        browser = Visitor(app)
        browser.get(link)
        answers[password] = browser.post(link, {"password": password}).status_code

    threads = [threading.Thread(target=reset, args=(f"a tunnel of crayons {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values())[0] == 303
    assert sum(status == 303 for status in answers.values()) == 1
    assert set(answers.values()) <= {303, 410, 422}
    winner = next(password for password, status in answers.items() if status == 303)
    assert Visitor(app).sign_in(password=winner).status_code == 303


def test_a_link_grows_old_in_an_hour(member: Visitor, post) -> None:
    member.post("/password", {"email": "zoe@example.test"})
    db.session.execute(text("UPDATE account_tokens SET expires_at = expires_at - interval '61 minutes'"))
    db.session.commit()
    answer = member.get(post()[-1].link)
    assert answer.status_code == 410
    assert "Ask for another" in answer.text


def test_an_easy_password_is_refused_and_the_link_still_holds(member: Visitor, post) -> None:
    member.post("/password", {"email": "zoe@example.test"})
    link = post()[-1].link
    for easy, says in (("short", "At least 10"), ("zoe@example.test", "nobody knows of you")):
        answer = member.post(link, {"password": easy})
        assert answer.status_code == 422
        assert says in answer.text
    assert member.post(link, {"password": "a tunnel of crayons"}).status_code == 303


def test_nobody_learns_who_has_an_account(member: Visitor, app, post) -> None:
    before = len(post())
    known = Visitor(app).post("/password", {"email": "zoe@example.test"})
    unknown = Visitor(app).post("/password", {"email": "who@example.test"})
    assert known.status_code == unknown.status_code == 200
    assert known.text.count("has an account") == unknown.text.count("has an account") == 1
    assert len(post()) == before + 1


def test_letters_are_limited(member: Visitor, app) -> None:
    for turn in range(4):
        Visitor(app, ip=f"198.51.100.{turn}").post("/password", {"email": "who@example.test"})
    answer = Visitor(app, ip="198.51.100.9").post("/password", {"email": "who@example.test"})
    assert answer.status_code == 429
