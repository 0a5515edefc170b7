"""Two-factor sign-in: setting it up, showing it, doing without the phone, switching it off."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from app.cli.second_factor import take_off
from app.kernel import clock
from app.kernel.database import db
from tests.accounts.codes import code_of, set_up
from tests.visitors import Visitor, security_events


@pytest.fixture
def guarded(member: Visitor) -> tuple[Visitor, str, list[str]]:
    """Zoe, signed in, with two factors: (her browser, the secret, her recovery codes)."""
    secret, codes = set_up(member)
    return member, secret, codes


def test_setting_it_up(member: Visitor, app, owner, post) -> None:
    other = Visitor(app)
    other.sign_in()
    page = member.get("/account/two-factor/new").text
    assert 'src="data:image/svg+xml' in page
    secret, codes = set_up(member)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"(?:[0-9a-z]{4}-){3}[0-9a-z]{4}", code) for code in codes)
    assert post()[-1].subject == "Two-factor sign-in is on"
    assert "two_factor.enabled" in security_events(owner)
    assert member.get("/organizations").status_code == 200, "this browser has shown it"
    assert other.get("/organizations").status_code == 303, "others have not"
    with owner.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM authenticators")).all())
        kept += str(connection.execute(text("SELECT * FROM recovery_codes")).all())
    assert secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_nothing_is_on_before_a_code_has_come_back(member: Visitor, app, owner) -> None:
    page = member.get("/account/two-factor/new").text
    [sealed] = re.findall(r'name="sealed"[^>]*value="([^"]+)"', page)
    [secret] = re.findall(r'id="secret"[^>]*value="([^"]+)"', page)
    answer = member.post("/account/two-factor", {"sealed": sealed, "code": "000000"})
    assert answer.status_code == 422
    assert secret in answer.text, "the same secret, so that the app need not read another"
    assert Visitor(app).sign_in().location == "/"
    assert "two_factor.enabled" not in security_events(owner)


def test_a_secret_of_somebody_else_is_not_taken(member: Visitor, app, alice) -> None:
    page = alice.get("/account/two-factor/new").text
    [sealed] = re.findall(r'name="sealed"[^>]*value="([^"]+)"', page)
    [secret] = re.findall(r'id="secret"[^>]*value="([^"]+)"', page)
    answer = member.post("/account/two-factor", {"sealed": sealed, "code": code_of(secret.replace(" ", ""))})
    assert answer.location == "/account/two-factor/new"
    assert member.post("/account/two-factor", {"sealed": "nonsense", "code": "000000"}).status_code == 303
    assert db.session.scalar(text("SELECT count(*) FROM authenticators")) == 0


def test_a_second_one_is_not_set_up_over_the_first(guarded) -> None:
    browser, _, _ = guarded
    assert browser.get("/account/two-factor/new").location == "/account/security"


def test_the_second_step(guarded, app, owner) -> None:
    _, secret, _ = guarded
    laptop = Visitor(app)
    assert laptop.sign_in(next="/new").location == "/sign-in/code?next=/new"
    assert laptop.get("/organizations").location == "/sign-in?next=/organizations", "the password alone opens nothing"
    assert "zoe@example.test" in laptop.get("/sign-in/code").text
    assert laptop.post("/sign-in/code", {"code": "12345"}).status_code == 422
    answer = laptop.post("/sign-in/code", {"code": code_of(secret), "next": "/new"})
    assert answer.location == "/new"
    assert laptop.get("/organizations").status_code == 200
    assert laptop.get("/sign-in/code").location == "/sign-in", "nothing is half any more"
    method, shown = db.session.execute(
        text("SELECT method, second_factor_at IS NOT NULL FROM user_sessions ORDER BY id DESC LIMIT 1")
    ).one()
    assert (method, shown) == ("password", True)
    assert "second_step.failed" in security_events(owner)


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_clocks_may_differ_by_half_a_minute(guarded, app, steps: int, status: int) -> None:
    _, secret, _ = guarded
    laptop = Visitor(app)
    with clock.at(clock.now().replace(second=15)):
        laptop.sign_in()
        assert laptop.post("/sign-in/code", {"code": code_of(secret, steps=steps)}).status_code == status


def test_the_second_step_waits_ten_minutes(guarded, app) -> None:
    _, secret, _ = guarded
    laptop = Visitor(app)
    laptop.sign_in()
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert laptop.get("/sign-in/code").location == "/sign-in"
        assert laptop.post("/sign-in/code", {"code": code_of(secret)}).location == "/sign-in"
    assert laptop.get("/organizations").status_code == 303


def test_a_recovery_code_serves_once_and_its_owner_is_told(guarded, app, owner, post) -> None:
    _, _, codes = guarded
    laptop = Visitor(app)
    laptop.sign_in()
    assert "Recovery code" in laptop.get("/sign-in/code?with=recovery").text
    typed = codes[3].upper().replace("-", " ")
    assert laptop.post("/sign-in/code", {"code": typed, "with": "recovery"}).location == "/"
    assert post()[-1].subject == "A recovery code was used"
    assert "9 codes are left" in post()[-1].text
    assert "recovery_code.used" in security_events(owner)
    again = Visitor(app)
    again.sign_in()
    assert again.post("/sign-in/code", {"code": codes[3]}).status_code == 422
    assert again.post("/sign-in/code", {"code": codes[4]}).location == "/"
    assert "8 of 10 are left" in again.get("/account/security").text


def test_new_recovery_codes_end_the_former_ones(guarded, app) -> None:
    browser, _, codes = guarded
    shown = browser.post("/account/two-factor/codes").text
    [fresh] = re.findall(r'<textarea[^>]*id="codes"[^>]*>([^<]+)<', shown)
    assert not set(fresh.split()) & set(codes)
    laptop = Visitor(app)
    laptop.sign_in()
    assert laptop.post("/sign-in/code", {"code": codes[0]}).status_code == 422
    assert laptop.post("/sign-in/code", {"code": fresh.split()[0]}).status_code == 303


def test_switching_it_off(guarded, app, owner, post) -> None:
    browser, _, _ = guarded
    answer = browser.post("/account/two-factor/deletion")
    assert answer.location == "/account/security"
    assert post()[-1].subject == "Two-factor sign-in is off"
    assert "two_factor.disabled" in security_events(owner)
    assert Visitor(app).sign_in().location == "/"
    assert db.session.scalar(text("SELECT count(*) FROM recovery_codes")) == 0
    assert db.session.scalar(text("SELECT count(*) FROM user_sessions WHERE second_factor_at IS NOT NULL")) == 0
    assert browser.post("/account/two-factor/deletion").status_code == 303, "twice does no harm"
    assert browser.post("/account/two-factor/codes").location == "/account/security"


def test_a_new_password_by_mail_does_not_replace_the_second_factor(guarded, app, post) -> None:
    laptop = Visitor(app)
    laptop.post("/password", {"email": "zoe@example.test"})
    laptop.post(post()[-1].link, {"password": "a tunnel of crayons"})
    assert laptop.sign_in(password="a tunnel of crayons").location == "/sign-in/code"


def test_a_new_password_ends_what_the_former_one_began(guarded, app) -> None:
    browser, secret, _ = guarded
    thief = Visitor(app)
    assert thief.sign_in().location == "/sign-in/code"
    browser.post("/account/password", {"old": "a bridge of pencils", "new": "a tunnel of crayons"})
    assert thief.post("/sign-in/code", {"code": code_of(secret)}).location == "/sign-in"
    assert thief.get("/organizations").status_code == 303


def test_the_page_says_how_things_stand(member: Visitor, app) -> None:
    assert "Set it up" in member.get("/account/security").text
    set_up(member)
    page = member.get("/account/security").text
    assert "Switch off" in page
    assert "10 of 10 are left" in page


def test_the_operator_helps_who_has_lost_everything(guarded, app, owner, post, capsys) -> None:
    with app.test_request_context():
        assert take_off("nobody@example.test") == 1
        assert take_off("ZOE@example.test ") == 0
        assert take_off("zoe@example.test") == 1
    assert "is told by mail" in capsys.readouterr().out
    assert post()[-1].subject == "Two-factor sign-in is off"
    assert "two_factor.disabled" in security_events(owner)
    assert Visitor(app).sign_in().location == "/"


def test_a_secret_of_other_keys_leaves_the_recovery_codes(guarded, app) -> None:
    """After a backup was restored beside another secret of the instance."""
    _, secret, codes = guarded
    foreign = Fernet(Fernet.generate_key()).encrypt(secret.encode()).decode()
    db.session.execute(text("UPDATE authenticators SET secret = :other_keys"), {"other_keys": foreign})
    db.session.commit()
    laptop = Visitor(app)
    laptop.sign_in()
    assert laptop.post("/sign-in/code", {"code": code_of(secret)}).status_code == 422
    assert laptop.post("/sign-in/code", {"code": codes[0]}).location == "/"
