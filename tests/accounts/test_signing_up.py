"""Making an account and proving its address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.accounts.models import AccountToken, User
from app.kernel.database import db
from tests.visitors import Visitor, letters, security_events


def _user(email: str = "zoe@example.test") -> User | None:
    db.session.rollback()
    return db.session.scalar(select(User).where(User.email == email).execution_options(populate_existing=True))


def test_zoe_makes_an_account_and_proves_her_address(zoe: Visitor, owner, post) -> None:
    answer = zoe.sign_up(email=" Zoe@Example.TEST ")
    assert answer.status_code == 303
    assert "zoe@example.test" in zoe.get(answer.location).text
    letter = post("zoe@example.test")[0]
    assert "Confirm" in letter.subject

    page = zoe.get(letter.link)
    assert page.status_code == 200
    assert _user().email_verified_at is None, "opening the link is not enough: mail scanners do that"
    answer = zoe.post(letter.link, {"password": "a bridge of pencils"})
    assert answer.status_code == 303
    user = _user()
    assert user.email_verified_at
    assert (user.name, user.timezone) == ("Zoe", "Europe/Berlin")
    assert user.password_hash.startswith("$argon2id$")
    assert zoe.get("/new").status_code == 200
    assert security_events(owner) == ["signed_up", "email.verified", "sign_in.succeeded"]


def test_until_then_she_may_sign_in_but_goes_nowhere(zoe: Visitor, post) -> None:
    zoe.sign_up()
    answer = zoe.sign_in()
    assert answer.location == "/verify"
    assert zoe.get("/new").location == "/verify?next=/new"
    assert zoe.get("/acme/").location.startswith("/verify")
    page = zoe.get("/verify")
    assert "zoe@example.test" in page.text
    assert zoe.post("/verify").status_code == 303
    assert len(post("zoe@example.test")) == 2

    answer = zoe.post(post()[-1].link)
    assert answer.location == "/", "who is signed in to the account need not type the password again"


def test_only_the_newest_link_holds_and_only_once(zoe: Visitor, app, post) -> None:
    zoe.sign_up()
    zoe.post("/verify")
    old, new = (letter.link for letter in post())
    assert zoe.get(old).status_code == 410
    assert zoe.post(new, {"password": "a bridge of pencils"}).status_code == 303
    again = Visitor(app)
    assert again.get(new).status_code == 410
    assert again.post(new, {"password": "a bridge of pencils"}).status_code == 410


def test_a_link_grows_old(zoe: Visitor, post) -> None:
    zoe.sign_up()
    db.session.execute(text("UPDATE account_tokens SET expires_at = now() - interval '1 second'"))
    db.session.commit()
    answer = zoe.get(post()[0].link)
    assert answer.status_code == 410
    assert "used up" in answer.text


def test_a_stranger_cannot_have_zoes_address_proved_for_them(zoe: Visitor, app, post) -> None:
    """Mallory signs up with Zoe's address; Zoe opens the letter. She does not know Mallory's password."""
    Visitor(app).sign_up(password="mallory waits inside")
    link = post("zoe@example.test")[0].link
    answer = zoe.post(link, {"password": "a bridge of pencils"})
    assert answer.status_code == 422
    assert "not the password" in answer.text
    assert _user().email_verified_at is None

    zoe.post("/password", {"email": "zoe@example.test"})
    zoe.post(post()[-1].link, {"password": "a bridge of pencils"})
    assert Visitor(app).sign_in(password="mallory waits inside").status_code == 422
    assert zoe.sign_in().location == "/"


def test_a_known_address_is_not_told_to_whoever_asks(member: Visitor, app, owner, post, statements) -> None:
    stranger, other = Visitor(app), Visitor(app, ip="203.0.113.8")
    known = stranger.sign_up()
    fresh = other.sign_up(email="new@example.test")
    assert (known.status_code, known.location, known.text) == (fresh.status_code, fresh.location, fresh.text)
    one, two = stranger.get("/verify").text, other.get("/verify").text.replace("new@", "zoe@")
    assert _without_tokens(one) == _without_tokens(two)
    assert post("zoe@example.test")[-1].subject == "You already have an account"
    assert letters(owner, "new@example.test")[-1].subject == "Confirm your mail address"
    stranger.post("/verify")
    assert post("zoe@example.test")[-1].subject == "You already have an account", "and no second letter"


def _without_tokens(page: str) -> str:
    import re

    return re.sub(r'(content|value)="[\w.-]{40,}"', "", page)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "  ‮ ", "cannot be empty"),
        ("name", "x" * 121, "At most 120"),
        ("email", "zoe", "whole mail address"),
        ("email", "zoe@example.test\r\nBcc: all@example.test", "whole mail address"),
        ("email", "z" * 300 + "@example.test", "At most 254"),
        ("password", "", "cannot be empty"),
        ("password", "short", "At least 10"),
        ("password", "1234567890", "stranger would try"),
        ("password", "Password123!!", "stranger would try"),
        ("password", "aaaaaaaaaaaaaaa", "stranger would try"),
        ("password", "zoe@example.test", "nobody knows of you"),
        ("password", "x" * 1001, "At most 1,000"),
    ],
)
def test_what_will_not_do_is_said_at_the_field(zoe: Visitor, field: str, value: str, says: str, post) -> None:
    answer = zoe.sign_up(**{field: value})
    assert answer.status_code == 422
    assert says in answer.text
    assert "a bridge of pencils" not in answer.text, "a password is never sent back"
    assert post() == []
    assert _user() is None


def test_a_forged_zone_is_no_zone(zoe: Visitor) -> None:
    zoe.sign_up(timezone="../../etc/passwd")
    assert _user().timezone == "UTC"


def test_the_letter_repeats_nothing_that_a_stranger_wrote(zoe: Visitor, post) -> None:
    zoe.sign_up(name="Win at http://evil.test", email="victim@example.test")
    assert "evil" not in post("victim@example.test")[0].text


def test_tokens_are_kept_as_hashes_and_stay_out_of_the_audit(zoe: Visitor, owner, post) -> None:
    zoe.sign_up()
    link = post()[0].link
    zoe.post(link, {"password": "wrong wrong wrong"})
    token = link.rpartition("/")[2]
    with owner.connect() as connection:
        assert token not in str(connection.execute(text("SELECT * FROM account_tokens")).all())
        details = str(connection.execute(text("SELECT details FROM security_events")).all())
    assert token not in details
    assert "/verify/…" in details


def test_a_link_of_one_kind_opens_nothing_of_another(zoe: Visitor, post) -> None:
    zoe.sign_up()
    token = post()[0].link.rpartition("/")[2]
    assert zoe.get(f"/password/{token}").status_code == 410
    assert zoe.post(f"/password/{token}", {"password": "another bridge entirely"}).status_code == 410
    made, until = db.session.execute(select(AccountToken.created_at, AccountToken.expires_at)).one()
    assert until - made > timedelta(days=2)
