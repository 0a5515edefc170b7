"""The audit: who did what and from where, found by person, kind, day and address; kept to whom it is for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from app.kernel.clock import now
from tests.world import Person, World

AUDIT, EVENTS = "/acme/settings/audit", "/acme/settings/security-events"


def _make(person: Person, world: World, title: str) -> None:
    sent = {"title": title, "state": str(world.ids.states["Todo"]), "priority": "0"}
    assert person.post("/acme/projects/WEB/issues", sent).status_code == 303, title


@pytest.fixture
def _done(world: World, bob: Person, alice: Person) -> None:
    """Bob makes an issue, Alice a page of her own, and Vic is refused."""
    _make(bob, world, "Leaking tank")
    assert alice.post("/acme/pages", {"title": "My private wages", "private": "y"}).status_code == 303
    world.cast["vic"].post("/acme/projects/WEB/issues", {"title": "No"})


def _titles(reply: object) -> str:
    return str(reply.get_data(as_text=True))  # type: ignore[attr-defined]


@pytest.mark.usefixtures("_done")
class TestReading:
    def test_who_did_what_and_from_where(self, alice: Person) -> None:
        page = _titles(alice.get(AUDIT))
        assert "Bob" in page
        assert "Leaking tank" in page
        assert "127.0.0.1" in page

    def test_by_person_kind_day_and_address(self, alice: Person) -> None:
        today, tomorrow = now().date(), now().date() + timedelta(days=2)
        for asked, there in (
            ("who=bob", True),
            ("who=bob%40example.test", True),
            ("who=nobody", False),
            ("noun=issue", True),
            ("noun=ticket", False),
            ("ip=127.0.0.1", True),
            ("ip=10.0.0.1", False),
            (f"since={today - timedelta(days=2)}&until={tomorrow}", True),
            (f"since={tomorrow}", False),
        ):
            assert ("Leaking tank" in _titles(alice.get(f"{AUDIT}?{asked}"))) is there, asked

    def test_what_means_nothing_is_left_out(self, alice: Person) -> None:
        for asked in ("since=yesterday", "noun=wallet", "below=x_1", "below=2026-01-01_1", "below=_"):
            assert alice.get(f"{AUDIT}?{asked}").status_code == 200, asked
            assert alice.get(f"{EVENTS}?{asked}").status_code == 200, asked

    def test_one_entry_with_every_value(self, alice: Person, bob: Person) -> None:
        first = alice.get(f"{AUDIT}?who=bob")
        number = _titles(first).split('<li id="audit-')[1].split('"')[0]
        shown = alice.get(f"{AUDIT}/{number}")
        assert shown.status_code == 200
        assert "Leaking tank" in _titles(shown)
        assert alice.get(f"{AUDIT}/999999").status_code == 404

    def test_a_private_page_of_somebody_else_stays_private(self, world: World, alice: Person, owner: Engine) -> None:
        with owner.begin() as connection:
            connection.execute(text("UPDATE members SET role = 'admin' WHERE name = 'Bob'"))
        assert "My private wages" in _titles(alice.get(f"{AUDIT}?noun=page"))
        other = world.cast["bob"].get(f"{AUDIT}?noun=page")
        assert other.status_code == 200
        assert "wages" not in _titles(other)
        number = _titles(other).split('<li id="audit-')[1].split('"')[0]
        assert "wages" not in _titles(world.cast["bob"].get(f"{AUDIT}/{number}"))
        assert "wages" not in _titles(world.cast["bob"].get(f"{AUDIT}.csv"))

    def test_only_for_who_may(self, world: World, bob: Person, mallory: Person) -> None:
        for path in (AUDIT, f"{AUDIT}.csv", EVENTS, f"{EVENTS}.csv"):
            assert bob.get(path).status_code == 403, path
            assert mallory.get(path).status_code == 404, path

    def test_nothing_of_another_organization(self, world: World, mallory: Person) -> None:
        page = _titles(mallory.get(f"/{mallory.slug}/settings/audit"))
        assert "Leaking tank" not in page
        assert "Vic" not in _titles(mallory.get(f"/{mallory.slug}/settings/security-events"))


@pytest.mark.usefixtures("_done")
class TestTakingOut:
    def test_the_same_as_a_file_that_calculates_nothing(self, world: World, alice: Person, bob: Person) -> None:
        _make(bob, world, "=1+1")
        reply = alice.get(f"{AUDIT}.csv?noun=issue")
        assert reply.headers["Content-Disposition"].startswith("attachment")
        rows = list(csv.DictReader(io.StringIO(reply.get_data(as_text=True).lstrip("\ufeff"))))
        assert [row["who"] for row in rows] == ["Bob", "Bob"]
        assert rows[0]["subject"].startswith("'=") or "=1+1" in rows[0]["subject"]
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())

    def test_taking_it_out_is_told_itself(self, alice: Person) -> None:
        alice.get(f"{AUDIT}.csv")
        assert "audit: exported" in _titles(alice.get(EVENTS))


@pytest.mark.usefixtures("_done")
def test_refusals_stand_among_the_security_events(alice: Person) -> None:
    page = _titles(alice.get(EVENTS))
    assert "refused: permission" in page
    assert "Vic" in page
    assert "Vic" not in _titles(alice.get(f"{EVENTS}?who=bob"))
    assert "Vic" in alice.get(f"{EVENTS}.csv").get_data(as_text=True)


def test_pages_follow_one_another_and_cost_the_same(
    world: World, alice: Person, statements: Callable[[], object]
) -> None:
    counts = []
    for many in (10, 60):
        for number in range(many):
            _make(world.cast["bob"], world, f"Number {number} of {many}")
        alice.get(AUDIT)
        with statements() as seen:  # type: ignore[attr-defined]
            page = _titles(alice.get(AUDIT))
        counts.append(len(seen))
    assert counts[0] == counts[1]
    found, below = set(), page
    for _page in range(4):
        found |= {part.split('"')[0] for part in below.split('<li id="audit-')[1:]}
        if 'rel="next"' not in below:
            break
        link = below.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        below = _titles(alice.get(link))
    assert len(found) == 70
