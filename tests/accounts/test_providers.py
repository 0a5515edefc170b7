"""Signing in by GitHub, by OpenID Connect, and linking accounts there to one's own."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from joserfc import jwk, jwt

from app.accounts.models import ProviderIdentity, User, UserSession
from app.kernel.database import db
from config import Config
from tests.identity_provider import CLIENT, SECRET, IdentityProvider, identity_provider, onward, signed, signing_key
from tests.visitors import Visitor, security_events

ZOE = {"email": "zoe@example.test", "email_verified": True, "name": "Zoe"}
MAX = {"email": "max@example.test", "email_verified": True, "name": "Max"}


@pytest.fixture
def provider(app: Flask, settings: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    """One that the operator set up, for OpenID Connect and as GitHub. It knows Zoe as 1 and Max as 2."""
    with identity_provider(**{"1": ZOE, "2": MAX}) as made:
        ids = {"oidc_client_id": CLIENT, "oidc_client_secret": SECRET, "oidc_issuer": made.issuer}
        ids |= {"github_client_id": CLIENT, "github_client_secret": SECRET, "github_url": made.issuer}
        known = replace(settings, outbound_allow=("localhost",), **ids)
        monkeypatch.setitem(app.extensions, "trestleboard", known)
        yield made


def way(visitor: Visitor, key: str = "oidc", begin: str = "/sign-in/with/{}", **form: str) -> str:
    """Where the provider's page is, for a visitor who clicked its button."""
    answer = visitor.post(begin.format(key), form)
    assert answer.status_code == 200, answer.text
    return onward(answer.text)


def come_by(visitor: Visitor, provider: IdentityProvider, subject: str = "1", key: str = "oidc", **form: str) -> Any:
    answer = visitor.get(provider.come_back(way(visitor, key, **form), subject))
    visitor.csrf = ""  # signing in makes a new one
    return answer


def user_of(visitor: Visitor) -> str | None:
    """Whose account a browser is signed in to, by its own page."""
    answer = visitor.get("/account/providers")
    return None if answer.status_code != 200 else answer.text


def identities() -> list[tuple[str, str]]:
    return [(row.provider, row.subject) for row in db.session.scalars(sa.select(ProviderIdentity))]


def test_a_new_person_comes_in(provider: IdentityProvider, zoe: Visitor, owner: sa.Engine) -> None:
    answer = come_by(zoe, provider, next="/new")
    assert (answer.status_code, answer.location) == (303, "/new")
    user = db.session.scalars(sa.select(User)).one()
    assert (user.email, user.name, user.password_hash) == ("zoe@example.test", "Zoe", None)
    assert user.email_verified_at is not None
    assert identities() == [("oidc", "1")]
    assert zoe.get("/new").status_code == 200
    assert "sign_in.succeeded" in security_events(owner)
    assert db.session.scalars(sa.select(UserSession.method)).one() == "provider"


def test_again_the_same_account_whatever_the_address(provider: IdentityProvider, zoe: Visitor, app: Flask) -> None:
    come_by(zoe, provider)
    provider.people["1"] |= {"email": "max@example.test", "email_verified": False}
    again = Visitor(app)
    assert come_by(again, provider).status_code == 303
    assert db.session.scalars(sa.select(User.email)).all() == ["zoe@example.test"]
    assert again.get("/new").status_code == 200


def test_by_github(provider: IdentityProvider, zoe: Visitor) -> None:
    assert come_by(zoe, provider, key="github").status_code == 303
    assert identities() == [("github", "1")]
    assert db.session.scalars(sa.select(User.email)).all() == ["zoe@example.test"]


@pytest.mark.parametrize("key", ["oidc", "github"])
def test_an_address_that_is_not_verified_opens_nothing(provider: IdentityProvider, zoe: Visitor, key: str) -> None:
    provider.people["1"]["email_verified"] = False
    answer = come_by(zoe, provider, key=key)
    assert answer.status_code == 409
    assert "verified" in answer.text
    assert db.session.scalars(sa.select(User)).all() == []
    assert zoe.get("/new").status_code == 303


@pytest.mark.parametrize("verified", ["true", 1, None, "yes"])
def test_verified_means_true(provider: IdentityProvider, zoe: Visitor, verified: Any) -> None:
    provider.people["1"]["email_verified"] = verified
    assert come_by(zoe, provider).status_code == 409


def test_an_account_that_is_there_is_not_opened_by_its_address(provider: IdentityProvider, member: Visitor) -> None:
    stranger = Visitor(member.app)
    answer = come_by(stranger, provider)
    assert answer.status_code == 409
    assert "link" in answer.text
    assert identities() == []
    assert stranger.get("/new").status_code == 303


def test_an_account_that_nobody_proved_is_its_readers(provider: IdentityProvider, zoe: Visitor, app: Flask) -> None:
    """Somebody made it with Zoe's address and a password of theirs, and waits for her to use it."""
    trap = Visitor(app, ip="198.51.100.1")
    trap.sign_up()
    trap.sign_in()
    assert come_by(zoe, provider).status_code == 303
    assert db.session.scalars(sa.select(User.password_hash)).one() is None
    assert trap.get("/new").status_code == 303
    assert trap.sign_in().status_code == 422


def test_linking_and_unlinking(provider: IdentityProvider, member: Visitor, app: Flask) -> None:
    answer = member.get(provider.come_back(way(member, begin="/account/providers/{}"), "2"))
    assert (answer.status_code, answer.location) == (303, "/account/providers")
    assert identities() == [("oidc", "2")]
    assert "max@example.test" in member.get("/account/providers").text
    other = Visitor(app)
    assert come_by(other, provider, "2").status_code == 303
    assert "zoe@example.test" in other.get("/account/providers").text
    number = db.session.scalars(sa.select(ProviderIdentity.id)).one()
    assert member.post(f"/account/providers/{number}/removal").status_code == 303
    assert identities() == []


def test_the_last_way_in_stays(provider: IdentityProvider, zoe: Visitor) -> None:
    come_by(zoe, provider)
    number = db.session.scalars(sa.select(ProviderIdentity.id)).one()
    assert zoe.post(f"/account/providers/{number}/removal").status_code == 409
    assert identities() == [("oidc", "1")]


def test_nobody_unlinks_what_is_not_theirs(provider: IdentityProvider, zoe: Visitor, app: Flask) -> None:
    come_by(zoe, provider)
    number = db.session.scalars(sa.select(ProviderIdentity.id)).one()
    thief = Visitor(app, ip="198.51.100.1")
    come_by(thief, provider, "2")
    assert thief.post(f"/account/providers/{number}/removal").status_code == 422
    assert ("oidc", "1") in identities()


def test_what_is_linked_to_somebody_else_stays_theirs(provider: IdentityProvider, member: Visitor, app: Flask) -> None:
    come_by(Visitor(app), provider, "2")
    answer = member.get(provider.come_back(way(member, begin="/account/providers/{}"), "2"))
    assert answer.status_code == 409
    assert len(identities()) == 1


def test_a_second_account_of_one_provider_is_refused(provider: IdentityProvider, member: Visitor) -> None:
    """Else an address that a provider gives to somebody new would open the account of whoever had it before."""
    for subject, status in (("1", 303), ("2", 409)):
        answer = member.get(provider.come_back(way(member, begin="/account/providers/{}"), subject))
        assert answer.status_code == status
    assert identities() == [("oidc", "1")]


def test_a_link_is_finished_by_who_began_it(provider: IdentityProvider, member: Visitor) -> None:
    back = provider.come_back(way(member, begin="/account/providers/{}"), "2")
    member.post("/sign-out")
    assert member.get(back).status_code == 409
    assert identities() == []


def test_a_state_is_good_once(provider: IdentityProvider, zoe: Visitor) -> None:
    back = provider.come_back(way(zoe), "1")
    assert zoe.get(back).status_code == 303
    zoe.csrf = ""
    zoe.post("/sign-out")
    assert zoe.get(back).status_code == 409
    assert zoe.get("/new").status_code == 303


def test_a_state_is_good_in_its_own_browser(provider: IdentityProvider, zoe: Visitor, app: Flask) -> None:
    """Sent to a victim, it would sign them in to the sender's account."""
    back = provider.come_back(way(zoe), "1")
    victim = Visitor(app, ip="198.51.100.1")
    way(victim)
    assert victim.get(back).status_code == 409
    assert zoe.get(back).status_code == 409  # it is used up in any case
    assert db.session.scalars(sa.select(User)).all() == []


def test_a_code_is_good_once(provider: IdentityProvider, zoe: Visitor) -> None:
    back = provider.come_back(way(zoe), "1")
    zoe.get(back)
    zoe.csrf = ""
    zoe.post("/sign-out")
    code = back.partition("code=")[2].partition("&")[0]
    state = provider.come_back(way(zoe), "1").partition("state=")[2]
    assert zoe.get(f"/sign-in/from/oidc?code={code}&state={state}").status_code == 400


def test_a_state_is_good_for_its_own_provider(provider: IdentityProvider, zoe: Visitor) -> None:
    back = provider.come_back(way(zoe), "1")
    assert zoe.get(back.replace("/from/oidc", "/from/github")).status_code == 409


def test_another_issuer_in_the_address_is_refused(provider: IdentityProvider, zoe: Visitor) -> None:
    back = provider.come_back(way(zoe), "1", iss="https://evil.test")
    assert zoe.get(back).status_code == 400
    assert "/token" not in provider.asked


def test_who_turns_back_is_told_so(provider: IdentityProvider, zoe: Visitor) -> None:
    state = provider.come_back(way(zoe), "1").partition("state=")[2]
    answer = zoe.get(f"/sign-in/from/oidc?error=access_denied&state={state}&error_description=<b>x</b>")
    assert answer.status_code == 409
    assert "<b>x" not in answer.text


def _unsigned(claims: dict[str, Any]) -> str:
    parts = [json.dumps({"alg": "none"}).encode(), json.dumps(claims).encode()]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def _confused(claims: dict[str, Any]) -> str:
    """HS256, with the public key as the secret that both know."""
    public = signing_key("ours").as_pem(private=False)
    return jwt.encode({"alg": "HS256", "kid": "ours"}, claims, jwk.OctKey.import_key(public))


def _shared(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, jwk.OctKey.import_key(SECRET * 3))


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://evil.test"},
        {"aud": "somebody-else"},
        {"aud": []},
        {"aud": [CLIENT, "somebody-else"]},
        {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
        {"azp": "somebody-else"},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ["a"]},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": 32_503_680_000},
        {"sub": ""},
        {"sub": 1},
        {"sub": "x" * 300},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=str,
)
def test_an_id_token_for_somebody_else_signs_nobody_in(
    provider: IdentityProvider, zoe: Visitor, change: dict[str, Any], owner: sa.Engine
) -> None:
    def bend(claims: dict[str, Any]) -> None:
        claims |= change
        for name in [name for name, value in claims.items() if value is None]:
            del claims[name]

    provider.bend = bend
    assert come_by(zoe, provider).status_code == 400
    assert db.session.scalars(sa.select(User)).all() == []
    assert "provider.refused" in security_events(owner)


@pytest.mark.parametrize(
    "sign",
    [
        _unsigned,
        _confused,
        _shared,
        lambda claims: signed(claims, "evil"),
        lambda claims: signed(claims, "ours") + "x",
        lambda claims: "nonsense",
        lambda claims: jwt.encode({"alg": "RS256", "kid": "ours"}, claims, signing_key("evil")),
    ],
    ids=["none", "public key as secret", "client secret", "unknown key", "broken", "nonsense", "wrong key"],
)
def test_a_signature_that_is_not_the_providers_signs_nobody_in(
    provider: IdentityProvider, zoe: Visitor, sign: Any
) -> None:
    provider.sign = sign
    assert come_by(zoe, provider).status_code == 400
    assert db.session.scalars(sa.select(User)).all() == []


def test_name_and_address_may_stand_elsewhere(provider: IdentityProvider, zoe: Visitor) -> None:
    provider.kept_for_userinfo = ("email", "email_verified", "name")
    assert come_by(zoe, provider).status_code == 303
    assert db.session.scalars(sa.select(User.name)).all() == ["Zoe"]


def test_an_issuer_that_calls_itself_otherwise_is_not_asked_further(provider: IdentityProvider, zoe: Visitor) -> None:
    provider.says = {"issuer": "https://accounts.google.com"}
    assert zoe.post("/sign-in/with/oidc").status_code == 409


@pytest.mark.parametrize("where", ["http://169.254.169.254/", "javascript:alert(1)", "http://plain.test/", None, 7])
def test_an_issuer_does_not_lead_us_anywhere(provider: IdentityProvider, zoe: Visitor, where: Any) -> None:
    provider.says = {"authorization_endpoint": where}
    assert zoe.post("/sign-in/with/oidc").status_code == 409
    provider.says = {"token_endpoint": where}
    assert come_by(zoe, provider).status_code == 400


def test_a_provider_that_is_away_is_said(provider: IdentityProvider, zoe: Visitor, app: Flask) -> None:
    gone = replace(app.extensions["trestleboard"], oidc_issuer="http://localhost:1")
    app.extensions["trestleboard"] = gone
    assert zoe.post("/sign-in/with/oidc").status_code == 409


def test_names_of_strangers_are_cleaned(provider: IdentityProvider, zoe: Visitor) -> None:
    provider.people["1"]["name"] = "Z\u202eoe\x00\n " + "x" * 300
    come_by(zoe, provider)
    name = db.session.scalars(sa.select(User.name)).one()
    assert name.startswith("Z oe x")
    assert len(name) == 120


def test_whoever_is_shut_out_stays_out(provider: IdentityProvider, zoe: Visitor) -> None:
    come_by(zoe, provider)
    zoe.post("/sign-out")
    db.session.execute(sa.update(User).values(deactivated_at=sa.func.now()))
    db.session.commit()
    assert come_by(zoe, provider).status_code == 403


def test_what_is_not_set_up_is_not_offered(app: Flask, zoe: Visitor) -> None:
    assert zoe.post("/sign-in/with/github").status_code == 404
    assert "Continue with" not in zoe.get("/sign-in").text


def test_what_is_set_up_is_offered(provider: IdentityProvider, zoe: Visitor) -> None:
    assert "Continue with GitHub" in zoe.get("/sign-in").text


def test_a_way_begins_by_a_form_of_ours(provider: IdentityProvider, member: Visitor) -> None:
    assert member.get("/sign-in/with/oidc").status_code == 405
    with member.app.app_context():
        forged = member.client.post("/account/providers/oidc", headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code in (400, 403)
    assert user_of(member)
