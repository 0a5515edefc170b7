"""Whoever is not meant to, sees and changes nothing, whatever address they try and whatever they send there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel.database import db
from tests.sweeps.arguments import FORMS, OWN_PARTS, PARTS, QUERIES, address_of
from tests.sweeps.visits import visits
from tests.world import Person, World

#: Words that stand in what Olaf, Carol and Mallory may not see: an issue, its text, the project and a label of it.
SECRETS = ("Zebra crossing", "Striped at night", "Web platform", "Operations", ">Design<")


@pytest.fixture
def secret(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    issue = world.issue(
        title="Zebra crossing",
        body="Striped at night",
        assignees=(world.cast["bob"].member_id,),
        labels=(world.ids.labels["Design"],),
    )
    monkeypatch.setitem(PARTS, "key", lambda _: f"WEB-{issue.number}")
    monkeypatch.setitem(OWN_PARTS, ("boards.list_versions", "key"), lambda _: f"WEB-{issue.number}")
    sent = {"ids": world.issue(title="Zebra crossing again").id, "priority": "3"}
    answer = world.cast["alice"].post("/acme/projects/WEB/issues/priority", sent, htmx=True)
    assert answer.status_code == 200
    return world


@pytest.fixture(autouse=True)
def _as_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "TESTING", False)


def _pages(app: Flask, world: World, person: Person, *, through: str) -> list[tuple[str, int, str]]:
    """Every page, asked for with Acme's things in the address, under the organization `through`."""
    found = []
    for name, method, rule in visits(app):
        if method != "GET":
            continue
        address = address_of(rule, world).replace("/acme/", f"/{through}/", 1)
        query = QUERIES[rule.endpoint](world) if rule.endpoint in QUERIES else {}
        for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
            answer = person.get(address, query_string=query, headers=headers)
            text = answer.get_data().decode(errors="replace")  # files and previews are answered too
            found.append((name, answer.status_code, text if answer.mimetype != "image/svg+xml" else ""))
            answer.close()
    return found


@pytest.mark.parametrize(
    ("who", "through"), [("olaf", "acme"), ("carol", "acme"), ("mallory", "acme"), ("mallory", "rival")]
)
def test_no_page_shows_what_is_not_theirs(app: Flask, secret: World, who: str, through: str) -> None:
    secrets = SECRETS[:2] if through == "rival" else SECRETS  # Rival has projects of the same names
    pages = _pages(app, secret, secret.cast[who], through=through)
    wrong = [f"{name} shows {word}" for name, _, text in pages for word in secrets if word in text]
    assert wrong == []
    assert [f"{name}: {status}" for name, status, _ in pages if status >= 500 and name != "GET /readyz"] == []


def test_who_may_does_see_it(app: Flask, secret: World) -> None:
    """Else the sweep above would pass on a blank page."""
    pages = _pages(app, secret, secret.cast["bob"], through="acme")
    for word in SECRETS:
        assert any(word in text for _, _, text in pages), word


def test_nothing_of_acme_moves_when_mallory_sends_its_numbers_to_her_own(
    app: Flask, secret: World, owner: sa.Engine, again: Callable[[], World]
) -> None:
    """Every form of the application, under her own organization, where she is the owner, with Acme's ids in it."""
    mallory, wrong = secret.cast["mallory"], []
    for name, method, rule in visits(app):
        if method == "GET" or "organization" not in rule.arguments:
            continue
        address = address_of(rule, secret).replace("/acme/", "/rival/", 1)
        form = FORMS[rule.endpoint](secret) if rule.endpoint in FORMS else None
        before = _acme(owner, secret)
        answer = mallory.post(address, form)
        if answer.status_code >= 500:
            wrong.append(f"{name}: {answer.status_code}")
        if changed := sorted(table for table, rows in _acme(owner, secret).items() if rows != before[table]):
            wrong.append(f"{name} changed {changed}")
        if rule.endpoint == "organizations.create_departure":
            secret = again()
            mallory = secret.cast["mallory"]
    assert wrong == []


def _acme(owner: sa.Engine, world: World) -> dict[str, Any]:
    """All rows of Acme, past every policy."""
    with owner.connect() as connection:
        return {
            table.name: connection.exec_driver_sql(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{table.name}\" t"
                f" WHERE organization_id = {world.organization_id}"
            ).scalar_one()
            for table in db.metadata.sorted_tables
            if "organization_id" in table.columns and table.name != "security_events"
        }


def test_a_list_of_topics_is_answered_only_to_whom_we_signed_it(app: Flask, alice: Person) -> None:
    """At /live: made up, bent, and signed for something else."""
    from app.kernel.crypto import signer

    with app.app_context():
        ours = signer("live").dumps([1, 1, "board-1"])
        other = signer("something-else").dumps([1, 1, "board-1"])
    assert alice.get("/live", query_string={"list": ours, "seen": "0"}).status_code in (200, 204)
    bent = ours[:-3] + ("abc" if not ours.endswith("abc") else "abd")
    payload = "X" + ours[1:]
    for forged in ("", "x", '[1,1,"board-1"]', other, bent, payload, ours.upper(), "ü" * 50, "." * 500):
        assert alice.get("/live", query_string={"list": forged, "seen": "0"}).status_code == 403, forged


def test_a_list_of_topics_expires(app: Flask, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.kernel.crypto import signer
    from app.web import live

    with app.app_context():
        ours = signer("live").dumps([1, 1, "board-1"])
    monkeypatch.setattr(live, "VALID", -1)
    assert alice.get("/live", query_string={"list": ours, "seen": "0"}).status_code == 403
