"""The way in under attack: planted and stolen cookies, who has an account, guesses from everywhere, what was used."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import text

from app.accounts.limits import CODE_BY_ACCOUNT, CODE_BY_ACCOUNT_A_DAY
from app.kernel import clock
from app.kernel.database import db
from tests.accounts.codes import code_of, forget_last_step, set_up
from tests.visitors import Letter, Visitor, letters, security_events

INSIDE, OUTSIDE = 200, 303


@pytest.fixture
def post(owner) -> Callable[..., list[Letter]]:
    return lambda to=None: letters(owner, to)


@pytest.fixture
def zoe(app: Flask, post) -> Visitor:
    """Zoe with an account, signed in by her password."""
    browser = Visitor(app)
    browser.sign_up()
    browser.post(post()[-1].link, {"password": "a bridge of pencils"})
    return browser


@pytest.fixture
def guarded(zoe: Visitor) -> tuple[Visitor, str, list[str]]:
    """Zoe with two factors: (her browser, the secret, her recovery codes)."""
    return (zoe, *set_up(zoe))


def thief_with(cookie: str, app: Flask) -> Visitor:
    thief = Visitor(app, ip="198.51.100.66")
    thief.client.set_cookie("trestleboard", cookie)
    return thief


def status_inside(browser: Visitor) -> int:
    return browser.get("/account/sessions").status_code


def at_once(count: int, act: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=act, args=(turn,)) for turn in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class TestCookies:
    def test_what_was_planted_before_is_worth_nothing_after(self, guarded, app) -> None:
        """Fixation, at both steps: neither the cookie from before the first nor that of between is the one of after."""
        _, secret, _ = guarded
        victim = Visitor(app)
        victim.get("/sign-in")
        planted = victim.cookie
        victim.sign_in()
        between = victim.cookie
        assert victim.post("/sign-in/code", {"code": code_of(secret)}).location == "/"
        assert status_inside(victim) == INSIDE
        assert len({planted, between, victim.cookie}) == 3
        for cookie in (planted, between):
            assert status_inside(thief_with(cookie, app)) == OUTSIDE

    def test_a_half_of_ones_own_planted_on_somebody_gives_nothing(self, guarded, app) -> None:
        """The victim has to show the attacker's code, which they have not."""
        _, secret, _ = guarded
        attacker, victim = Visitor(app), Visitor(app)
        attacker.sign_up(email="mallory@example.test", name="Mallory")
        attacker.get("/sign-in")
        attacker.sign_in(email="mallory@example.test")
        victim.client.set_cookie("trestleboard", attacker.cookie)
        assert victim.sign_in().location == "/sign-in/code"
        assert "zoe@example.test" in victim.get("/sign-in/code").text
        victim.post("/sign-in/code", {"code": code_of(secret)})
        assert "zoe@example.test" in victim.get("/account/sessions").text

    @pytest.mark.parametrize("way", ["signing out", "revoking", "revoking all", "a new password", "two factors"])
    def test_a_stolen_cookie_dies_with_its_session(self, zoe: Visitor, app, way: str) -> None:
        other = Visitor(app)
        other.sign_in()
        stolen = other.cookie
        assert status_inside(thief_with(stolen, app)) == INSIDE
        if way == "signing out":
            other.post("/sign-out")
        elif way == "revoking":
            newest = db.session.scalar(text("SELECT max(id) FROM user_sessions"))
            zoe.post(f"/account/sessions/{newest}/revocation")
        elif way == "revoking all":
            zoe.post("/account/sessions/revocation")
        elif way == "a new password":
            zoe.post("/account/password", {"old": "a bridge of pencils", "new": "a tunnel of crayons"})
        else:
            set_up(zoe)
        assert status_inside(thief_with(stolen, app)) == OUTSIDE
        assert status_inside(zoe) == INSIDE, "the browser that did it stays"

    def test_a_stolen_half_is_no_session_and_ends_with_the_other_half(self, guarded, app) -> None:
        _, secret, _ = guarded
        victim = Visitor(app)
        victim.sign_in()
        thief = thief_with(victim.cookie, app)
        assert status_inside(thief) == OUTSIDE
        assert thief.post("/sign-in/code", {"code": "000000"}).status_code == 422
        victim.post("/sign-in/code", {"code": code_of(secret)})
        forget_last_step()
        assert thief.post("/sign-in/code", {"code": code_of(secret)}).location == "/sign-in"
        assert status_inside(thief) == OUTSIDE

    def test_of_two_who_finish_one_half_at_once_one_comes_in(self, guarded, app) -> None:
        _, _, codes = guarded
        victim = Visitor(app)
        victim.sign_in()
        browsers = [thief_with(victim.cookie, app) for _ in range(4)]
        for browser in browsers:
            browser.get("/sign-in/code")
        at_once(4, lambda turn: browsers[turn].post("/sign-in/code", {"code": codes[turn]}))
        assert sorted(status_inside(browser) for browser in browsers) == [INSIDE, OUTSIDE, OUTSIDE, OUTSIDE]

    def test_nobody_revokes_somebody_elses_browser(self, zoe: Visitor, alice) -> None:
        hers = db.session.scalar(text("SELECT max(id) FROM user_sessions WHERE user_id = :id"), {"id": alice.user_id})
        zoe.post(f"/account/sessions/{hers}/revocation")
        assert alice.get("/account/sessions").status_code == INSIDE


class TestWhoHasAnAccount:
    """Each answer is the same for an address that has an account and for one that has none."""

    @pytest.mark.parametrize(
        ("path", "sent"),
        [
            ("/sign-in", {"password": "not the password"}),
            ("/sign-up", {"name": "Nobody", "password": "a tunnel of crayons"}),
            ("/password", {}),
            ("/sign-in/link", {}),
        ],
    )
    def test_the_answer(self, zoe: Visitor, app, path: str, sent: dict[str, str]) -> None:
        answers = []
        for email in ("zoe@example.test", "bob@example.test"):
            stranger = Visitor(app)
            stranger.get("/sign-in")
            answer = stranger.post(path, {**sent, "email": email})
            shown = answer.text.replace(email, "…").replace(stranger.csrf, "")
            headers = {name for name, _ in answer.headers if name != "Set-Cookie"}
            answers.append((answer.status_code, answer.location, _without_tokens(shown), headers))
        assert answers[0] == answers[1]

    def test_the_second_step_names_nobody_to_who_has_not_done_the_first(self, guarded, app) -> None:
        stranger = Visitor(app)
        assert stranger.get("/sign-in/code").location == "/sign-in"
        assert stranger.post("/sign-in/code", {"code": "000000", "email": "zoe@example.test"}).location == "/sign-in"
        assert stranger.sign_in(password="not the password").status_code == 422, (
            "that there is a second one shows later"
        )

    def test_a_link_is_written_to_nobody_who_has_no_account(self, zoe: Visitor, app, post, owner) -> None:
        before = len(post())
        Visitor(app).post("/sign-in/link", {"email": "nobody@example.test"})
        assert len(post()) == before
        assert "sign_in.link_in_vain" in security_events(owner)


def _without_tokens(html: str) -> str:
    return re.sub(r'(name="csrf[-_]token"[^>]*(?:value|content)=")[^"]*', r"\1", html)


class TestGuessing:
    def test_codes_from_many_addresses(self, guarded, app, owner) -> None:
        _, secret, _ = guarded
        for turn in range(5):
            browser = Visitor(app, ip=f"198.51.100.{turn}")
            browser.sign_in()
            assert browser.post("/sign-in/code", {"code": "000000"}).status_code == 422
        browser = Visitor(app, ip="198.51.100.99")
        browser.sign_in()
        assert browser.post("/sign-in/code", {"code": code_of(secret)}).status_code == 429, "also the right one"
        assert "second_step.limited" in security_events(owner)

    def test_recovery_codes_count_as_well(self, guarded, app) -> None:
        browser = Visitor(app)
        browser.sign_in()
        for _ in range(5):
            assert browser.post("/sign-in/code", {"code": "aaaa-bbbb-cccc-dddd"}).status_code == 422
        assert browser.post("/sign-in/code", {"code": "aaaa-bbbb-cccc-dddd"}).status_code == 429

    def test_codes_guessed_at_once_are_all_counted(self, guarded, app) -> None:
        halves = [Visitor(app, ip=f"198.51.100.{turn}") for turn in range(12)]
        for browser in halves:
            browser.sign_in()
            browser.get("/sign-in/code")
        answers: list[int] = []
        at_once(12, lambda turn: answers.append(halves[turn].post("/sign-in/code", {"code": "000000"}).status_code))
        assert sorted(answers) == [422] * 5 + [429] * 7

    def test_the_day_has_a_limit_too(self, guarded, app) -> None:
        _, secret, _ = guarded
        who = str(db.session.scalar(text("SELECT id FROM users")))
        redis = app.extensions["redis"]
        redis.set(CODE_BY_ACCOUNT_A_DAY.key(who), CODE_BY_ACCOUNT_A_DAY.most, ex=3600)
        browser = Visitor(app)
        browser.sign_in()
        assert browser.post("/sign-in/code", {"code": code_of(secret)}).status_code == 429
        assert CODE_BY_ACCOUNT_A_DAY.most < 10**6 / 3 / 365, "guessing takes years"
        redis.delete(CODE_BY_ACCOUNT.key(who))

    def test_when_nothing_can_be_counted_no_code_is_looked_at(self, guarded, app, monkeypatch) -> None:
        _, secret, _ = guarded
        browser = Visitor(app)
        browser.sign_in()
        browser.get("/sign-in/code")
        monkeypatch.setitem(app.extensions, "redis", Redis(unix_socket_path="/nowhere/redis.sock"))
        assert browser.post("/sign-in/code", {"code": code_of(secret)}).status_code == 503

    def test_passwords_at_the_proof_count_like_those_at_the_door(self, zoe: Visitor, app) -> None:
        for _ in range(10):
            assert zoe.post("/account/proof", {"password": "not the password"}).status_code == 422
        assert zoe.post("/account/proof", {"password": "a bridge of pencils"}).status_code == 429
        assert Visitor(app).sign_in().status_code == 429

    def test_letters_to_one_address_from_many(self, zoe: Visitor, app, post) -> None:
        before = len(post("zoe@example.test"))
        answers = [
            Visitor(app, ip=f"198.51.100.{turn}").post("/sign-in/link", {"email": "zoe@example.test"}).status_code
            for turn in range(6)
        ]
        assert 429 in answers
        assert len(post("zoe@example.test")) - before <= 4


class TestUsedAlready:
    def test_a_link(self, zoe: Visitor, app, post) -> None:
        browser = Visitor(app)
        browser.post("/sign-in/link", {"email": "zoe@example.test"})
        link = post()[-1].link
        assert browser.post(link).location == "/"
        thief = Visitor(app)
        assert thief.get(link).status_code == 410
        assert thief.post(link).status_code == 410
        assert status_inside(thief) == OUTSIDE

    def test_a_link_at_once(self, zoe: Visitor, app, post) -> None:
        Visitor(app).post("/sign-in/link", {"email": "zoe@example.test"})
        link = post()[-1].link
        browsers = [Visitor(app) for _ in range(4)]
        for browser in browsers:
            browser.get(link)
        at_once(4, lambda turn: browsers[turn].post(link))
        assert sorted(status_inside(browser) for browser in browsers) == [INSIDE, OUTSIDE, OUTSIDE, OUTSIDE]

    def test_a_code_of_the_app(self, guarded, app) -> None:
        """Read over the shoulder and typed half a minute later; or an earlier one that still counts by the clock."""
        _, secret, _ = guarded
        with clock.at(clock.now().replace(second=15)):
            seen = code_of(secret)
            first, thief = Visitor(app), Visitor(app)
            first.sign_in()
            thief.sign_in()
            assert first.post("/sign-in/code", {"code": seen}).location == "/"
            assert thief.post("/sign-in/code", {"code": seen}).status_code == 422
            assert thief.post("/sign-in/code", {"code": code_of(secret, steps=-1)}).status_code == 422
            assert thief.post("/sign-in/code", {"code": code_of(secret, steps=1)}).location == "/", (
                "the next one is new"
            )

    def test_the_code_that_it_was_set_up_with(self, zoe: Visitor, app) -> None:
        with clock.at(clock.now()):
            page = zoe.get("/account/two-factor/new").text
            [sealed] = re.findall(r'name="sealed"[^>]*value="([^"]+)"', page)
            [secret] = re.findall(r'id="secret"[^>]*value="([^"]+)"', page)
            code = code_of(secret.replace(" ", ""))
            zoe.post("/account/two-factor", {"sealed": sealed, "code": code})
            thief = Visitor(app)
            thief.sign_in()
            assert thief.post("/sign-in/code", {"code": code}).status_code == 422

    @pytest.mark.parametrize("kind", ["app", "recovery"])
    def test_of_many_with_one_code_at_once_one_comes_in(self, guarded, app, kind: str) -> None:
        _, secret, codes = guarded
        browsers = [Visitor(app, ip=f"198.51.100.{turn}") for turn in range(4)]
        for browser in browsers:
            browser.sign_in()
            browser.get("/sign-in/code")
        code = codes[0] if kind == "recovery" else code_of(secret)
        at_once(4, lambda turn: browsers[turn].post("/sign-in/code", {"code": code}))
        assert sorted(status_inside(browser) for browser in browsers) == [INSIDE, OUTSIDE, OUTSIDE, OUTSIDE]

    def test_a_recovery_code_of_somebody_else(self, guarded, app, post) -> None:
        _, _, codes = guarded
        mallory = Visitor(app)
        mallory.sign_up(email="mallory@example.test", name="Mallory")
        mallory.post(post("mallory@example.test")[-1].link, {"password": "a bridge of pencils"})
        set_up(mallory)
        again = Visitor(app)
        assert again.sign_in(email="mallory@example.test").location == "/sign-in/code"
        assert again.post("/sign-in/code", {"code": codes[0]}).status_code == 422


class TestSensitivePages:
    def test_a_session_that_was_left_open_opens_nothing_sensitive(self, zoe: Visitor) -> None:
        with clock.at(clock.now() + timedelta(minutes=16)):
            assert zoe.get("/account/two-factor/new").location.startswith("/account/proof?next=")
            for path in ("/account/two-factor/codes", "/account/two-factor/deletion", "/account/two-factor"):
                assert zoe.post(path).location.startswith("/account/proof")

    def test_the_password_does_not_do_where_there_is_a_second_factor(self, guarded) -> None:
        """Whoever sits at a stolen session and knows the password cannot switch the second factor off."""
        browser, secret, _ = guarded
        with clock.at(clock.now() + timedelta(minutes=16)):
            browser.get("/account/proof")
            assert browser.post("/account/proof", {"password": "a bridge of pencils"}).status_code == 422
            assert browser.post("/account/two-factor/deletion").location.startswith("/account/proof")
            assert browser.post("/account/proof", {"code": code_of(secret)}).location == "/account/security"

    def test_a_forged_form_starts_nothing(self, guarded) -> None:
        browser, _, _ = guarded
        for path in ("/account/two-factor/deletion", "/account/sessions/revocation", "/account/proof", "/sign-in/link"):
            forged = {"Sec-Fetch-Site": "cross-site", "X-CSRFToken": ""}
            assert browser.post(path, {"email": "zoe@example.test"}, headers=forged).status_code in (400, 403)
