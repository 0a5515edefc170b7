"""An organization's own sign-in: whom it lets in, where, and what its admins can set up."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import dns.message
import dns.rrset
import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import ProviderIdentity, User, UserSession
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.models import Member, Organization, SsoConnection, SsoDomain
from config import Config
from tests.identity_provider import CLIENT, SECRET, IdentityProvider, identity_provider, onward
from tests.organizations.sso import come_by, connect
from tests.visitors import Visitor, security_events
from tests.world import Person, World

BOB = {"email": "bob@example.test", "email_verified": True, "name": "Bob"}
NEW = {"email": "nina@example.test", "email_verified": True, "name": "Nina"}


@pytest.fixture
def provider(app: Flask, settings: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    """Acme's own. It knows Bob as b and Nina, who is new, as n."""
    with identity_provider(b=BOB, n=NEW) as made:
        monkeypatch.setitem(app.extensions, "trestleboard", replace(settings, outbound_allow=("localhost",)))
        yield made


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


def require(world: World, required: bool = True) -> None:
    with organization(world.organization_id):
        db.session.execute(sa.update(Organization).values(sso_required=required))


def test_a_member_comes_in_by_an_address_of_a_proved_domain(
    world: World, provider: IdentityProvider, visitor: Visitor
) -> None:
    key = connect(world, provider)
    answer = come_by(visitor, provider, key, "b")
    assert (answer.status_code, answer.location) == (303, "/acme/")
    assert visitor.get("/acme/").status_code == 200
    row = db.session.scalars(sa.select(UserSession).where(UserSession.connection_id.is_not(None))).one()
    assert (row.organization_id, row.method, row.user_id) == (world.organization_id, "sso", world.cast["bob"].user_id)


def test_by_address_to_the_door_of_the_organization(world: World, provider: IdentityProvider, visitor: Visitor) -> None:
    connect(world, provider)
    known = visitor.post("/sign-in/organization", {"email": "bob@example.test", "next": "/acme/inbox"})
    nobody = visitor.post("/sign-in/organization", {"email": "not-there@example.test", "next": "/acme/inbox"})
    assert [urls.partition("state=")[0] for urls in (onward(known.text), onward(nobody.text))] == [
        onward(known.text).partition("state=")[0]
    ] * 2, "whether somebody has the address plays no part"
    elsewhere = visitor.post("/sign-in/organization", {"email": "bob@elsewhere.test"})
    assert elsewhere.status_code == 422
    assert "No organization" in elsewhere.text
    assert visitor.get(provider.come_back(onward(known.text), "b")).location == "/acme/inbox"


@pytest.mark.parametrize(
    ("domains", "person", "status"),
    [
        ((), "b", 403),
        (("other.test",), "b", 403),
        (("example.test",), "n", 403),
    ],
)
def test_who_is_not_let_in(
    world: World, provider: IdentityProvider, visitor: Visitor, domains: Any, person: str, status: int
) -> None:
    key = connect(world, provider, domains=domains)
    assert come_by(visitor, provider, key, person).status_code == status
    assert db.session.scalars(sa.select(ProviderIdentity)).all() == []
    assert db.session.scalar(sa.select(User).where(User.email == "nina@example.test")) is None


def test_an_address_that_is_not_verified_is_not_believed(
    world: World, provider: IdentityProvider, visitor: Visitor
) -> None:
    key = connect(world, provider)
    provider.people["b"]["email_verified"] = False
    assert come_by(visitor, provider, key, "b").status_code == 409


def test_new_people_become_members_where_that_is_wished(
    world: World, provider: IdentityProvider, visitor: Visitor, owner: sa.Engine
) -> None:
    key = connect(world, provider, makes_members=True)
    assert come_by(visitor, provider, key, "n").status_code == 303
    assert visitor.get("/acme/").status_code == 200
    with organization(world.organization_id):
        member = db.session.scalars(sa.select(Member).where(Member.name == "Nina")).one()
        assert (member.role, member.kind) == ("member", "person")
    again = Visitor(world.app, ip="198.51.100.1")
    assert come_by(again, provider, key, "n").status_code == 303


def test_a_domain_that_is_not_proved_makes_nobody(world: World, provider: IdentityProvider, visitor: Visitor) -> None:
    key = connect(world, provider, domains=(), makes_members=True)
    assert come_by(visitor, provider, key, "n").status_code == 403


def test_who_was_removed_does_not_come_back_by_it(
    world: World, provider: IdentityProvider, visitor: Visitor, alice: Person, bob: Person
) -> None:
    key = connect(world, provider, makes_members=True)
    come_by(visitor, provider, key, "b")
    assert alice.post("/acme/settings/members/removal", {"ids": bob.member_id}).status_code == 303
    assert visitor.get("/acme/").status_code == 404
    visitor.csrf = ""
    visitor.post("/sign-out")
    assert come_by(visitor, provider, key, "b").status_code == 403
    assert come_by(Visitor(world.app, ip="198.51.100.9"), provider, key, "b").status_code == 403


def test_a_recycled_address_opens_nothing(world: World, provider: IdentityProvider, visitor: Visitor) -> None:
    """Bob is linked as b; later the provider gives his address to somebody else."""
    key = connect(world, provider)
    come_by(visitor, provider, key, "b")
    provider.people["c"] = dict(BOB)
    assert come_by(Visitor(world.app, ip="198.51.100.1"), provider, key, "c").status_code == 409


def test_a_connection_that_is_switched_off_signs_everybody_out(
    world: World, provider: IdentityProvider, visitor: Visitor, alice: Person
) -> None:
    key = connect(world, provider)
    come_by(visitor, provider, key, "b")
    form = {"name": "Our login", "issuer": provider.issuer, "client_id": CLIENT, "secret": ""}
    assert alice.post(f"/acme/settings/sso/{key[4:]}", form).status_code == 303
    assert visitor.get("/acme/").status_code == 303
    assert visitor.post(f"/sign-in/with/{key}").status_code == 404


def test_a_connection_that_is_pointed_elsewhere_knows_nobody(
    world: World, provider: IdentityProvider, visitor: Visitor, alice: Person
) -> None:
    """Else its admins could point it at a provider of theirs that tells the subjects of the former."""
    key = connect(world, provider)
    come_by(visitor, provider, key, "b")
    with identity_provider(b={"email": "evil@evil.test", "email_verified": True}) as evil:
        form = {"name": "Our login", "issuer": evil.issuer, "client_id": CLIENT, "enabled": "y"}
        refused = alice.post(f"/acme/settings/sso/{key[4:]}", form)
        assert (refused.status_code, "secret again" in refused.text) == (422, True)
        assert alice.post(f"/acme/settings/sso/{key[4:]}", form | {"secret": SECRET}).status_code == 303
        assert visitor.get("/acme/").status_code == 303
        assert come_by(Visitor(world.app, ip="198.51.100.1"), evil, key, "b").status_code == 403


def test_colleagues_come_in_by_it_alone_where_that_is_the_rule(
    world: World, provider: IdentityProvider, visitor: Visitor, bob: Person, alice: Person, owner: sa.Engine
) -> None:
    key = connect(world, provider)
    require(world)
    sent = bob.get("/acme/inbox")
    assert (sent.status_code, sent.location) == (303, "/acme/sso?next=/acme/inbox")
    door = visitor.get(sent.location)
    assert door.status_code == 200
    assert "Our login" in door.text
    assert bob.post("/acme/projects/WEB/issues", {"title": "Past the rule"}).status_code == 303
    assert bob.get("/account/providers").status_code == 200
    come_by(visitor, provider, key, "b")
    assert visitor.get("/acme/inbox").status_code == 200
    assert "sso.bypassed" not in security_events(owner)


def test_owners_come_in_past_the_rule_and_it_is_recorded_once(
    world: World, provider: IdentityProvider, alice: Person, owner: sa.Engine
) -> None:
    connect(world, provider)
    require(world)
    assert [alice.get("/acme/inbox").status_code for _ in range(3)] == [200, 200, 200]
    assert security_events(owner).count("sso.bypassed") == 1


def test_customers_are_not_asked(world: World, provider: IdentityProvider, carol: Person) -> None:
    before = carol.get("/acme/portal").status_code
    connect(world, provider)
    require(world)
    assert carol.get("/acme/portal").status_code == before


def test_the_rule_is_made_by_who_came_in_by_it(
    world: World, provider: IdentityProvider, visitor: Visitor, alice: Person, bob: Person, app: Flask
) -> None:
    refused = alice.post("/acme/settings/sign-in/sso", {"own_only": "y"})
    assert (refused.status_code, "connection on first" in refused.text) == (422, True)
    key = connect(world, provider)
    refused = alice.post("/acme/settings/sign-in/sso", {"own_only": "y"})
    assert (refused.status_code, "yourself first" in refused.text) == (422, True)
    assert bob.post("/acme/settings/sign-in/sso", {"own_only": "y"}).status_code == 403
    provider.people["a"] = {"email": "alice@example.test", "email_verified": True}
    come_by(visitor, provider, key, "a")
    assert visitor.post("/acme/settings/sign-in/sso", {"own_only": "y"}).status_code == 303
    assert bob.get("/acme/").location.startswith("/acme/sso")
    last = alice.post(f"/acme/settings/sso/{key[4:]}/deletion")
    assert (last.status_code, "rule" in last.text) == (409, True)
    assert alice.post("/acme/settings/sign-in/sso", {}).status_code == 303
    assert bob.get("/acme/").status_code == 200
    assert alice.post(f"/acme/settings/sso/{key[4:]}/deletion").status_code == 303
    assert db.session.scalars(sa.select(ProviderIdentity)).all() == []
    assert visitor.get("/acme/").status_code == 303


def test_setting_one_up(world: World, provider: IdentityProvider, alice: Person) -> None:
    form = {"name": "Our login", "issuer": provider.issuer, "client_id": CLIENT}
    assert alice.post("/acme/settings/sso", form).status_code == 422
    answer = alice.post("/acme/settings/sso", form | {"secret": SECRET})
    assert answer.status_code == 303
    page = alice.get(answer.location)
    number = answer.location.rpartition("/")[2]
    assert f"http://trestle.test/sign-in/from/sso-{number}" in page.text
    assert SECRET not in page.text
    with organization(world.organization_id):
        kept = db.session.scalars(sa.select(SsoConnection)).one()
        assert SECRET not in kept.secret
    assert alice.post(f"/sign-in/with/sso-{number}").status_code == 404, "it is not switched on"


@pytest.mark.parametrize(
    "issuer", ["http://plain.test", "ftp://x.test", "https://", "https://u:p@x.test", "https://x.test/?a"]
)
def test_what_is_no_issuer(world: World, alice: Person, issuer: str) -> None:
    form = {"name": "Our login", "issuer": issuer, "client_id": CLIENT, "secret": SECRET}
    assert alice.post("/acme/settings/sso", form).status_code == 422


def test_a_test_signs_nobody_in(world: World, provider: IdentityProvider, alice: Person, visitor: Visitor) -> None:
    key = connect(world, provider, enabled=False)
    way = alice.post(f"/acme/settings/sso/{key[4:]}/test")
    answer = alice.get(provider.come_back(onward(way.text), "b"))
    assert answer.status_code == 200
    assert "bob@example.test" in answer.text
    assert "is proved" in answer.text
    assert db.session.scalars(sa.select(ProviderIdentity)).all() == []
    assert "Alice" in alice.get("/account/providers").text
    again = alice.post(f"/acme/settings/sso/{key[4:]}/test")
    assert visitor.get(provider.come_back(onward(again.text), "b")).status_code == 409


def test_linking_by_an_admin(world: World, provider: IdentityProvider, alice: Person, visitor: Visitor) -> None:
    """Without a proved domain only who has linked it comes in."""
    key = connect(world, provider, domains=())
    way = alice.post(f"/acme/settings/sso/{key[4:]}/link")
    assert alice.get(provider.come_back(onward(way.text), "n")).status_code == 303
    assert come_by(visitor, provider, key, "n").status_code == 303
    assert "Alice" in visitor.get("/acme/settings/members").text


@pytest.fixture
def records(app: Flask, settings: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A name server that says what stands in this dictionary: {name: text}."""
    said: dict[str, str] = {}

    class Answering(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, socket = self.request
            asked = dns.message.from_wire(data)
            answer = dns.message.make_response(asked)
            name = asked.question[0].name
            if text := said.get(name.to_text().rstrip(".")):
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", f'"{text}"'))
            socket.sendto(answer.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        where = f"127.0.0.1:{server.server_address[1]}"
        known = replace(settings, dns_servers=(where,), outbound_allow=("localhost",))
        monkeypatch.setitem(app.extensions, "trestleboard", known)
        yield said
        server.shutdown()


def test_a_domain_is_proved_by_a_record(
    world: World, provider: IdentityProvider, records: dict[str, str], alice: Person, visitor: Visitor
) -> None:
    key = connect(world, provider, domains=())
    page = f"/acme/settings/sso/{key[4:]}"
    assert alice.post(f"{page}/domains", {"domain": "@Example.TEST"}).status_code == 303
    with organization(world.organization_id):
        row = db.session.scalars(sa.select(SsoDomain)).one()
        assert (row.domain, row.proved_at) == ("example.test", None)
    proof = f"{page}/domains/{row.id}/proof"
    assert alice.post(proof).status_code == 409
    records["_trestleboard.example.test"] = "trestleboard-somebody-elses"
    assert alice.post(proof).status_code == 409
    assert come_by(visitor, provider, key, "b").status_code == 403
    records["_trestleboard.example.test"] = row.code
    assert alice.post(proof).status_code == 303
    assert come_by(visitor, provider, key, "b").status_code == 303
    assert alice.post(f"{page}/domains/{row.id}/removal").status_code == 303
    assert visitor.post("/sign-in/organization", {"email": "bob@example.test"}).status_code == 422


@pytest.mark.parametrize("domain", ["", "nothing", "two words.test", "a@b@c", "-.test", "x" * 300])
def test_what_is_no_domain(world: World, provider: IdentityProvider, alice: Person, domain: str) -> None:
    key = connect(world, provider, domains=())
    assert alice.post(f"/acme/settings/sso/{key[4:]}/domains", {"domain": domain}).status_code == 422


def test_a_domain_belongs_to_one_organization(
    world: World, provider: IdentityProvider, records: dict[str, str], mallory: Person
) -> None:
    connect(world, provider)
    key = connect(world, provider, whose="mallory", domains=())
    page = f"/rival/settings/sso/{key[4:]}"
    assert mallory.post(f"{page}/domains", {"domain": "example.test"}).status_code == 303
    with organization(world.rival_id):
        row = db.session.scalars(sa.select(SsoDomain)).one()
    records["_trestleboard.example.test"] = row.code
    answer = mallory.post(f"{page}/domains/{row.id}/proof")
    assert (answer.status_code, "Another organization" in answer.text) == (409, True)
    with organization(world.rival_id):
        assert db.session.scalars(sa.select(SsoDomain.proved_at)).one() is None


def test_an_organization_without_a_connection_has_no_door(world: World, visitor: Visitor) -> None:
    assert visitor.get("/acme/sso").status_code == 404
    assert visitor.get("/nobody-has-this/sso").status_code == 404


def test_coming_in_costs_no_more_statements(
    world: World, provider: IdentityProvider, visitor: Visitor, statements: Any
) -> None:
    """Session, member and permissions: two, also for a browser that is confined, and where the rule holds."""
    key = connect(world, provider)
    require(world)
    come_by(visitor, provider, key, "b")
    visitor.get("/acme/settings/members")
    with statements() as seen:
        visitor.get("/acme/settings/keys")
    assert len([line for line in seen if "user_sessions" in line or "FROM organizations JOIN members" in line]) <= 2
