"""Showing once more who sits there, and where one is signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.kernel import clock
from app.kernel.database import db
from tests.accounts.codes import code_of, set_up
from tests.visitors import Visitor, security_events

SENSITIVE = "/account/two-factor/new"


def later() -> object:
    return clock.at(clock.now() + timedelta(minutes=16))


def test_who_has_just_signed_in_is_not_asked(member: Visitor) -> None:
    assert member.get(SENSITIVE).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=14)):
        assert member.get(SENSITIVE).status_code == 200


def test_by_password_and_back_to_the_page(member: Visitor, owner) -> None:
    with later():
        answer = member.get(SENSITIVE + "?next=/new")
        assert answer.location == "/account/proof?next=/account/two-factor/new?next%3D/new"
        page = member.get(answer.location)
        assert "Is it you?" in page.text
        assert member.post("/account/proof", {"password": "wrong"}).status_code == 422
        answer = member.post("/account/proof", {"password": "a bridge of pencils", "next": SENSITIVE})
        assert answer.location == SENSITIVE
        assert member.get(SENSITIVE).status_code == 200
    assert {"proof.failed", "proof.given"} <= set(security_events(owner))


def test_a_form_comes_back_to_the_page_it_stood_on(member: Visitor) -> None:
    set_up(member)
    with later():
        origin = {"Referer": "http://localhost/account/security?a=b"}
        answer = member.post("/account/two-factor/codes", headers=origin)
        assert answer.location == "/account/proof?next=/account/security?a%3Db"
        answer = member.post("/account/two-factor/codes", headers={"Referer": "http://evil.test/account/security"})
        assert answer.location == "/account/proof"


def test_by_code_where_there_is_a_second_factor(member: Visitor) -> None:
    secret, codes = set_up(member)
    with later():
        assert "authenticator app" in member.get("/account/proof").text
        assert member.post("/account/proof", {"code": "000000"}).status_code == 422
        assert member.post("/account/proof", {"code": code_of(secret)}).location == "/account/security"
        assert member.post("/account/proof", {"code": code_of(secret)}).status_code == 422, "each code once, here too"
        assert member.post("/account/proof", {"code": codes[0]}).status_code == 303


@pytest.fixture
def without_password(member: Visitor) -> Visitor:
    db.session.execute(text("UPDATE users SET password_hash = NULL"))
    db.session.commit()
    return member


def test_by_a_letter_where_there_is_neither(without_password: Visitor, app, post) -> None:
    browser = without_password
    with later():
        assert "Send me a link" in browser.get("/account/proof").text
        assert browser.post("/account/proof", {"password": ""}).status_code == 303, "there is none that would do"
        assert browser.get(SENSITIVE).status_code == 303
        assert "on its way" in browser.post("/account/proof/letter", {"next": SENSITIVE}).text
        link = post()[-1].link
        stranger = Visitor(app)
        assert stranger.get(link).location.startswith("/sign-in?next=")
        assert "It is you" in browser.get(link).text
        assert browser.get(SENSITIVE).status_code == 303, "looking proves nothing"
        assert browser.post(link, {"next": SENSITIVE}).location == SENSITIVE
        assert browser.get(SENSITIVE).status_code == 200
        assert browser.post(link).status_code == 410


def test_the_letter_of_somebody_else_proves_nothing(without_password: Visitor, app, post, alice) -> None:
    without_password.post("/account/proof/letter")
    link = post()[-1].link
    assert alice.get(link).status_code == 410
    assert alice.post(link).status_code == 410
    assert without_password.post(link).status_code == 303


def test_no_letter_where_there_is_a_better_way(member: Visitor, post) -> None:
    before = len(post())
    assert member.post("/account/proof/letter").location == "/account/proof"
    assert len(post()) == before


def test_where_one_is_signed_in(member: Visitor, app, owner) -> None:
    phone = Visitor(app, ip="198.51.100.20")
    phone.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) FxiOS/140.0 Safari/604"
    phone.sign_in()
    page = member.get("/account/sessions").text
    assert page.count("This one") == 1
    assert "Firefox on iPhone" in page
    assert "198.51.100.20" in page
    assert "by password" in page
    newest = db.session.scalar(text("SELECT max(id) FROM user_sessions"))
    assert member.post(f"/account/sessions/{newest}/revocation").location == "/account/sessions"
    assert phone.get("/account/sessions").status_code == 303
    assert "Firefox on iPhone" not in member.get("/account/sessions").text
    assert "session.revoked" in security_events(owner)


def test_a_new_password_ends_the_others(member: Visitor, app, post, owner) -> None:
    other = Visitor(app)
    other.sign_in()
    sent = {"old": "a bridge of pencils", "new": "a tunnel of crayons"}
    assert member.post("/account/password", {**sent, "old": "wrong"}).status_code == 422
    assert member.post("/account/password", {**sent, "new": "password123"}).status_code == 422
    assert member.post("/account/password", sent).location == "/account/security"
    assert other.get("/account/sessions").status_code == 303
    assert member.get("/account/sessions").status_code == 200
    assert post()[-1].subject == "Your password was changed"
    assert Visitor(app).sign_in(password="a tunnel of crayons").status_code == 303
    assert {"password.refused", "password.changed"} <= set(security_events(owner))
