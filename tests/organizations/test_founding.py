"""Making an organization, and choosing among one's own."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text

from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.organizations.addresses import objection, suggest
from app.organizations.models import Member, Organization
from app.organizations.queries import organization_id_of


def _activities(organization_id: int) -> list[str]:
    with organization(organization_id):
        return list(db.session.scalars(select(Activity.verb).order_by(Activity.id)))


def test_zoe_makes_an_organization_and_is_its_owner(zoe) -> None:
    page = zoe.get("/")
    assert page.status_code == 200
    assert "You are in none yet" in page.text
    assert zoe.get("/new").status_code == 200

    answer = zoe.post("/new", {"name": "Kestrel Freight", "slug": ""})
    assert answer.location == "/kestrel-freight/"
    assert zoe.get("/").location == "/kestrel-freight/"
    number = organization_id_of("kestrel-freight")
    with organization(number):
        made = db.session.get_one(Organization, number)
        assert (made.name, made.timezone) == ("Kestrel Freight", "Europe/Berlin")
        assert [(member.name, member.role) for member in db.session.scalars(select(Member))] == [("Zoe", "owner")]
    assert _activities(number) == ["organization.created"]
    assert zoe.get("/kestrel-freight/settings/members").status_code == 200


def test_with_several_one_chooses(zoe) -> None:
    zoe.post("/new", {"name": "One", "slug": "one"})
    zoe.post("/new", {"name": "Two", "slug": "two"})
    page = zoe.get("/")
    assert page.status_code == 200
    assert 'href="/one/"' in page.text
    assert 'href="/two/"' in page.text
    assert "Acme" not in page.text


def test_the_list_of_ones_organizations_can_be_asked_for_with_one(bob) -> None:
    assert bob.get("/").location == "/acme/"
    assert "Acme" in bob.get("/organizations").text
    assert "Rival" not in bob.get("/organizations").text


@pytest.mark.parametrize(
    ("name", "slug", "says"),
    [
        ("", "fine-slug", "cannot be empty"),
        ("x" * 81, "fine-slug", "At most 80"),
        ("Fine", "acme", "Somebody has acme already"),
        ("Fine", "ACME", "Somebody has acme already"),
        ("Fine", "sign-in", "needed by Trestleboard"),
        ("Fine", "ab", "3 to 40 small letters"),
        ("Fine", "-abc", "no hyphen at either end"),
        ("Fine", "a/../b", "3 to 40 small letters"),
        ("Fine", "x" * 41, "At most 40"),
        ("مدرسة", "", "3 to 40 small letters"),
    ],
)
def test_what_will_not_do_is_said_at_the_field(bob, name: str, slug: str, says: str) -> None:
    answer = bob.post("/new", {"name": name, "slug": slug})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_slug_sent_twice_is_no_guess(bob) -> None:
    assert bob.post("/new", {"name": "Fine", "slug": ["one-one", "two-two"]}).status_code == 422


def test_of_two_who_want_one_address_at_once_one_gets_it(alice, bob) -> None:
    answers = []

    def found(person) -> None:
        answers.append(person.post("/new", {"name": "Kestrel", "slug": "kestrel"}).status_code)

    threads = [threading.Thread(target=found, args=(person,)) for person in (alice, bob)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 422]
    rows = db.session.execute(text("SELECT count(*) FROM doors WHERE kind = 'organization' AND key = 'kestrel'"))
    assert rows.scalar() == 1


def test_the_address_is_suggested_and_looked_at_while_one_types(bob) -> None:
    asks = {"HX-Request": "true", "HX-Request-Type": "partial"}

    def field(**typed: str) -> str:
        return bob.get("/new/address", query_string=typed, headers=asks).text

    assert 'value="kestrel-freight"' in field(name="Kestrel Freight", slug="", suggested="")
    assert 'value="kestrel-air"' in field(name="Kestrel Air", slug="kestrel-freight", suggested="kestrel-freight")
    own = field(name="Kestrel Air", slug="mine", suggested="kestrel-freight")
    assert 'value="mine"' in own, "typed by hand: it stays"
    assert "Somebody has acme already" in field(name="Acme", slug="", suggested="")
    assert "<html" not in field(name="Acme", slug="", suggested="")


def test_suggestions() -> None:
    assert suggest("Kestrel Freight, Łódź") == "kestrel-freight-lodz"
    assert suggest("  Straße & Söhne ") == "strasse-sohne"
    assert suggest("New") == "new-team"
    assert suggest("日本") == ""
    assert len(suggest("very " * 40)) <= 40
    assert all(objection(suggest(name)) is None for name in ("AB", "x" * 99, "a-" * 30, "Sign-in", "Ünï çødé"))


def test_founding_is_limited(bob) -> None:
    for turn in range(20):
        assert bob.post("/new", {"name": f"Number {turn}", "slug": f"number-{turn}"}).status_code == 303
    assert bob.post("/new", {"name": "Another", "slug": "another"}).status_code == 429


def test_the_chooser_costs_the_same_for_one_and_many(bob, statements) -> None:
    with statements() as one:
        bob.get("/organizations")
    for turn in range(12):
        bob.post("/new", {"name": f"Number {turn}", "slug": f"number-{turn}"})
    with statements() as many:
        assert bob.get("/organizations").text.count("data-item") == 13
    assert len(many) == len(one)


def _settings(**fields: str) -> dict[str, str]:
    return {"name": "Acme", "timezone": "UTC", "currency": "EUR", "company_size": "", "version": "1", **fields}


def test_settings_belong_to_admins(cast, world) -> None:
    assert "Europe/Paris" in cast["alice"].get("/acme/settings").text
    answer = cast["alice"].post("/acme/settings", _settings(name="Acme & Söhne", timezone="Europe/Paris"))
    assert answer.status_code == 303
    assert "Acme &amp; Söhne" in cast["alice"].get("/acme/settings").text
    assert _activities(world.organization_id) == ["organization.changed"]
    for who, status in (("bob", 403), ("vic", 403), ("carol", 403), ("mallory", 404)):
        assert cast[who].get("/acme/settings").status_code == status
        assert cast[who].post("/acme/settings", _settings(name="Mine")).status_code == status


@pytest.mark.parametrize(
    "sent",
    [
        {"name": ""},
        {"timezone": "Mars/Base"},
        {"name": "x" * 81},
        {"currency": "XXQ"},
        {"currency": "DEM"},
        {"company_size": "huge"},
        {"mail_domain": "no domain"},
        {"mail_domain": "localhost"},
        {"version": ""},
        {"version": "x"},
    ],
)
def test_settings_that_will_not_do(alice, world, sent) -> None:
    assert alice.post("/acme/settings", _settings(**sent)).status_code == 422
    assert _activities(world.organization_id) == []


def test_saving_the_same_again_is_no_history(alice, world) -> None:
    assert alice.post("/acme/settings", _settings()).status_code == 303
    assert _activities(world.organization_id) == []
