"""What no request may be, whoever sends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from app.factory import _settings
from app.web.urls import stays_here
from config import Config
from tests.visitors import Visitor


@pytest.mark.parametrize(
    "host", ["trestle.test", "trestle.test:8000", "TRESTLE.test", "localhost", "127.0.0.1:8000", "[::1]:8000"]
)
def test_our_own_names(zoe: Visitor, host: str) -> None:
    assert zoe.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.test", "trestle.test.evil.test", "trestle.test@evil.test", "evil.test:80", "169.254.169.254"]
)
def test_names_that_are_not_ours(zoe: Visitor, host: str) -> None:
    answer = zoe.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.text
    assert zoe.get("/healthz", headers={"Host": host}).status_code == 200, "who watches it asks by its address"


def test_letters_name_us_and_not_whoever_was_asked(zoe: Visitor, post) -> None:
    zoe.post(
        "/sign-up",
        {"name": "Zoe", "email": "zoe@example.test", "password": "a bridge of pencils"},
        headers={"X-Forwarded-Host": "evil.test", "X-Forwarded-For": "198.51.100.1"},
    )
    assert "http://trestle.test/verify/" in post()[0].text
    assert "evil" not in post()[0].text


def test_the_cookie(zoe: Visitor, settings: Config) -> None:
    zoe.get("/sign-in")
    cookie = zoe.client.get_cookie("trestleboard")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.origin_only
    open_air = _settings(replace(settings, base_url="https://work.example.test"))
    assert open_air["SESSION_COOKIE_SECURE"] is True
    assert str(open_air["SESSION_COOKIE_NAME"]).startswith("__Host-"), "no sister host may plant one"


def test_a_new_secret_leaves_the_former_one_valid(settings: Config) -> None:
    found = _settings(replace(settings, secret="newest,older,oldest"))
    assert found["SECRET_KEY"] == "newest"
    assert found["SECRET_KEY_FALLBACKS"] == ["older", "oldest"]


def test_a_forged_cookie_is_nobody(app: Flask, member: Visitor) -> None:
    value = member.cookie
    for forged in (value[:-2] + "xx", value.upper(), "x", "." * 100, value + "x"):
        thief = Visitor(app)
        thief.client.set_cookie("trestleboard", forged)
        assert thief.get("/organizations").location == "/sign-in?next=/organizations"


def test_what_was_asked_for_is_never_followed_out(zoe: Visitor) -> None:
    assert zoe.get("//evil.test/x").headers.get("Location", "/").startswith(("/", "http://localhost/"))
    answer = zoe.get("/acme/?next=//evil.test")
    assert answer.location == "/sign-in?next=/acme/?next%3D//evil.test"


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("/", True),
        ("/acme/?q=a%20b", True),
        ("/büro", True),
        ("", False),
        ("acme", False),
        ("//x", False),
        ("/\\x", False),
        ("/\x00", False),
        ("/\u2028x", False),
        ("/" * 2 + "[", False),
        ("http:/x", False),
    ],
)
def test_addresses_that_stay_here(address: str, ours: bool) -> None:
    assert stays_here(address) is ours


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/password", "/verify"])
def test_broken_text_is_refused_with_a_sentence(zoe: Visitor, path: str) -> None:
    for sent in ({"email": "a\0b"}, {"e\0mail": "x"}, {"email": "x" * 1_000_000}, {"email": ["a@b.test", "c@d.test"]}):
        assert zoe.post(path, sent).status_code in (303, 400, 413, 422)
    form = "application/x-www-form-urlencoded"
    assert zoe.post(path, b"\xff\xfe=\xff", content_type=form).status_code in (303, 400, 422)
    assert zoe.post(path, b"{", content_type="application/json").status_code in (303, 400, 415, 422)


def test_every_page_carries_the_headers(zoe: Visitor) -> None:
    for path in ("/sign-in", "/nothing/here/at/all", "/healthz"):
        headers = zoe.get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
