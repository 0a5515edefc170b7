"""An organization whose admins are hostile has a provider of its own, and lets it say whatever serves them.

Mallory owns Rival and the domain rival.test. Bob, of Acme, has an account that is none of Rival's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import ProviderIdentity, User, UserSession
from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.doors import open_door
from app.kernel.tenancy import enter, organization
from app.organizations.models import Invitation, Member, Organization
from config import Config
from tests.identity_provider import IdentityProvider, identity_provider
from tests.organizations.sso import come_by, connect
from tests.visitors import Visitor
from tests.world import Person, World


@pytest.fixture
def evil(app: Flask, settings: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    """Says that whoever comes is Bob of Acme (b), or somebody of rival.test (r)."""
    people = {
        "b": {"email": "bob@example.test", "email_verified": True, "name": "Bob"},
        "r": {"email": "bob@rival.test", "email_verified": True, "name": "Bob"},
    }
    with identity_provider(**people) as made:
        monkeypatch.setitem(app.extensions, "trestleboard", replace(settings, outbound_allow=("localhost",)))
        yield made


@pytest.fixture
def mallorys(app: Flask) -> Visitor:
    """Mallory's browser, signed in to nothing."""
    return Visitor(app, ip="198.51.100.66")


def join_rival(world: World, user_id: int, name: str = "Bob") -> None:
    """Bob works for Rival, too: by an invitation, as people do."""
    with organization(world.rival_id):
        db.session.add(Member(user_id=user_id, name=name, email="bob@example.test", role=Role.MEMBER))


def address(world: World, name: str, email: str) -> None:
    enter(None)
    db.session.execute(sa.update(User).where(User.id == world.cast[name].user_id).values(email=email))
    db.session.commit()


@pytest.mark.parametrize("is_member", [False, True])
@pytest.mark.parametrize("makes_members", [False, True])
def test_it_does_not_speak_for_addresses_of_others(
    world: World, evil: IdentityProvider, mallorys: Visitor, is_member: bool, makes_members: bool
) -> None:
    if is_member:
        join_rival(world, world.cast["bob"].user_id)
    key = connect(world, evil, whose="mallory", domains=("rival.test",), makes_members=makes_members)
    assert come_by(mallorys, evil, key, "b").status_code == 403
    assert mallorys.get("/acme/").status_code == 303
    assert mallorys.get("/rival/").status_code == 303
    assert db.session.scalars(sa.select(ProviderIdentity)).all() == []


def test_an_account_that_is_not_a_members_is_not_drawn_in(
    world: World, evil: IdentityProvider, mallorys: Visitor
) -> None:
    """Bob has an address of rival.test, but nothing to do with Rival; it would like to make him a member."""
    address(world, "bob", "bob@rival.test")
    key = connect(world, evil, whose="mallory", domains=("rival.test",), makes_members=True)
    assert come_by(mallorys, evil, key, "r").status_code == 409
    with organization(world.rival_id):
        assert db.session.scalar(sa.select(Member.id).where(Member.user_id == world.cast["bob"].user_id)) is None
    assert mallorys.get("/acme/").status_code == 303


@pytest.fixture
def confined(world: World, evil: IdentityProvider, mallorys: Visitor) -> Visitor:
    """All that Rival can have: Bob works there too, with an address of a domain that it has proved. It is in as him."""
    address(world, "bob", "bob@rival.test")
    join_rival(world, world.cast["bob"].user_id)
    key = connect(world, evil, whose="mallory", domains=("rival.test",))
    assert come_by(mallorys, evil, key, "r").status_code == 303
    assert mallorys.get("/rival/settings/members").status_code == 200
    return mallorys


def test_in_another_organization_it_is_nobody(world: World, confined: Visitor, bob: Person) -> None:
    issue = world.issue()
    for path in ("/acme/", f"/acme/issues/WEB-{issue.number}", "/acme/projects/WEB/board", "/nobody-has-this/"):
        answer = confined.get(path)
        assert answer.status_code == 403, path
        assert issue.title not in answer.text
    assert confined.post("/acme/projects/WEB/issues", {"title": "Mine now"}).status_code == 403
    assert bob.get("/acme/").status_code == 200


def test_it_learns_of_no_other_organization(world: World, confined: Visitor) -> None:
    for path in ("/rival/", "/rival/palette", "/rival/settings/members", "/", "/organizations"):
        assert "Acme" not in confined.get(path, follow_redirects=True).text, path


@pytest.mark.parametrize(
    "path",
    [
        "/account/profile",
        "/account/security",
        "/account/sessions",
        "/account/providers",
        "/account/details",
        "/new",
        "/organizations",
        "/",
    ],
)
def test_the_account_stays_shut(world: World, confined: Visitor, path: str) -> None:
    answer = confined.get(path)
    assert (answer.status_code, answer.location) == (303, "/account/confined")
    explained = confined.get("/account/confined")
    assert explained.status_code == 200
    assert 'href="/rival/"' in explained.text


def test_every_page_outside_of_organizations_is_shut(world: World, confined: Visitor, app: Flask) -> None:
    """Also those that somebody adds tomorrow: what is `@signed_in` is shut unless it proves who sits there."""
    from app.accounts.confinement import OPEN

    opened = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "policy", "") == "signed in" and rule.endpoint not in OPEN and "GET" in (rule.methods or ()):
            with app.test_request_context():
                url = rule.build(dict.fromkeys(rule.arguments, "1"))
            answer = confined.get(url[1] if url else "/")
            if answer.location != "/account/confined":
                opened.append((rule.rule, answer.status_code))
    assert opened == []


def test_nothing_is_linked_to_the_account(world: World, confined: Visitor, evil: IdentityProvider) -> None:
    """A second identity of its own making would outlast Rival."""
    assert confined.post("/account/providers/github").location == "/account/confined"
    assert len(db.session.scalars(sa.select(ProviderIdentity)).all()) == 1


def test_no_organization_is_founded_or_joined(world: World, confined: Visitor) -> None:
    assert confined.post("/new", {"name": "Mine", "slug": "mine"}).location == "/account/confined"
    with organization(world.organization_id):
        from datetime import timedelta

        from app.kernel.clock import now

        alice = world.cast["alice"].member_id
        made = Invitation(role=Role.ADMIN, invited_by_id=alice, expires_at=now() + timedelta(days=1))
        db.session.add(made)
        db.session.flush()
        token = open_door("invitation", organization_id=world.organization_id, subject_id=made.id)
    answer = confined.post(f"/invitation/{token}")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")
    with organization(world.organization_id):
        assert db.session.scalars(sa.select(Invitation.uses)).one() == 0


def test_the_rule_of_another_organization_is_not_met(world: World, confined: Visitor, bob: Person) -> None:
    """Acme asks for its own provider: Rival's is not it, and being confined is no way around."""
    with organization(world.organization_id):
        db.session.execute(sa.update(Organization).values(sso_required=True))
    assert confined.get("/acme/").status_code == 403


def test_the_owner_of_the_account_is_not_touched(world: World, confined: Visitor, bob: Person) -> None:
    """Bob's own browsers stay, and his account is as it was."""
    assert bob.get("/acme/").status_code == 200
    assert bob.get("/rival/").status_code == 200, "his own sign-in opens all that is his"
    kept = db.session.scalars(sa.select(UserSession).where(UserSession.user_id == bob.user_id)).all()
    assert sorted(row.organization_id or 0 for row in kept) == [0, world.rival_id]


def test_an_account_of_its_own_making_is_its_own_until_it_is_somebodys(
    world: World, evil: IdentityProvider, mallorys: Visitor
) -> None:
    """Whom the provider made may see to their account, until the account is more than that."""
    evil.people["n"] = {"email": "nina@rival.test", "email_verified": True, "name": "Nina"}
    key = connect(world, evil, whose="mallory", domains=("rival.test",), makes_members=True)
    come_by(mallorys, evil, key, "n")
    assert mallorys.get("/account/providers").status_code == 200
    assert mallorys.get("/new").location == "/account/confined"
    nina = db.session.scalars(sa.select(User.id).where(User.email == "nina@rival.test")).one()
    with organization(world.organization_id):
        db.session.add(Member(user_id=nina, name="Nina", email="nina@rival.test", role=Role.MEMBER))
    assert mallorys.get("/account/providers").location == "/account/confined"
    assert mallorys.get("/acme/").status_code == 403


def test_a_password_shuts_the_account_too(world: World, evil: IdentityProvider, mallorys: Visitor) -> None:
    evil.people["n"] = {"email": "nina@rival.test", "email_verified": True, "name": "Nina"}
    key = connect(world, evil, whose="mallory", domains=("rival.test",), makes_members=True)
    come_by(mallorys, evil, key, "n")
    db.session.execute(sa.update(User).where(User.email == "nina@rival.test").values(password_hash="x"))
    db.session.commit()
    assert mallorys.get("/account/providers").location == "/account/confined"


def test_an_issuer_of_others_brings_nobody(world: World, evil: IdentityProvider, mallorys: Visitor) -> None:
    """Rival's connection names the same issuer as Acme's: the subjects are the same, the people are not."""
    acmes = connect(world, evil)
    assert come_by(Visitor(world.app), evil, acmes, "b").status_code == 303
    rivals = connect(world, evil, whose="mallory", domains=("rival.test",))
    assert come_by(mallorys, evil, rivals, "b").status_code == 403
    assert mallorys.get("/acme/").status_code == 303


def test_a_flow_of_one_connection_is_not_finished_by_another(
    world: World, evil: IdentityProvider, mallorys: Visitor
) -> None:
    from tests.identity_provider import onward

    acmes, rivals = connect(world, evil), connect(world, evil, whose="mallory", domains=("rival.test",))
    way = mallorys.post(f"/sign-in/with/{rivals}")
    back = evil.come_back(onward(way.text), "b")
    assert mallorys.get(back.replace(rivals, acmes)).status_code == 409
    assert mallorys.get("/acme/").status_code == 303


def test_admins_reach_no_connection_of_others(world: World, evil: IdentityProvider, mallory: Person) -> None:
    number = connect(world, evil)[4:]
    for path in ("", "/test", "/deletion", "/domains", "/link"):
        assert mallory.post(f"/rival/settings/sso/{number}{path}", {"domain": "rival.test"}).status_code == 404, path
        assert mallory.post(f"/acme/settings/sso/{number}{path}").status_code == 404, path
