"""A deleted organization: everybody is out, it comes back as it was, and after 30 days nothing is left."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select

from app.adapters import files
from app.kernel.clock import at, now
from app.kernel.database import Base, db
from app.kernel.doors import Door, find_door, open_door
from app.kernel.tenancy import organization
from app.kernel.timers import Timer, tick, wake
from app.organizations import purging
from app.organizations.models import GRACE, Organization

DELETION = "/acme/settings/deletion"
SECOND = timedelta(seconds=1)


def _restore(person, world):
    return person.post(f"/organizations/{world.organization_id}/restoration")


def test_its_name_is_typed_by_hand(alice, world) -> None:
    assert alice.get(DELETION).status_code == 200
    for name in ("", "acme", "Acme!"):
        assert alice.post(DELETION, {"name": name}).status_code == 422
    assert alice.get("/acme/").status_code == 200


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("carol", 403), ("mallory", 404)])
def test_only_an_owner_deletes(cast, world, who: str, status: int) -> None:
    assert cast[who].post(DELETION, {"name": "Acme"}).status_code == status


def test_everybody_is_out_at_once_and_back_again(alice, bob, carol, mallory, world) -> None:
    with organization(world.organization_id):
        token = open_door("invitation", organization_id=world.organization_id, subject_id=1)
        shut = open_door("csat", organization_id=world.organization_id, subject_id=2)
        door = find_door("csat", token=shut)
        door.revoked_at = now()
    assert bob.get("/acme/").status_code == 200
    assert alice.post(DELETION, {"name": "Acme"}).status_code == 303
    for person in (alice, bob, carol):
        assert person.get("/acme/").status_code in (303, 404)
        assert person.get("/acme/settings/members").status_code == 404
    assert "was deleted" in bob.get("/acme/settings/members").text
    assert "was deleted" not in mallory.get("/acme/").text, "strangers are told nothing"
    with organization(None):
        assert find_door("invitation", token=token) is None
    assert "Bring back" in alice.get("/organizations").text
    assert "Bring back" not in bob.get("/organizations").text
    for person in (bob, carol, mallory):
        assert _restore(person, world).status_code == 404
    assert _restore(alice, world).status_code == 303
    assert bob.get("/acme/settings/members").status_code == 200
    with organization(None):
        assert find_door("invitation", token=token) is not None
        assert find_door("csat", token=shut) is None, "what was shut before stays shut"


def test_timers_stand_still(alice, world, scheduler: sa.Engine, work) -> None:
    with organization(world.organization_id):
        wake("come_back", 1, at=now() + timedelta(days=1))
    alice.post(DELETION, {"name": "Acme"})
    with at(now() + timedelta(days=2)):
        assert tick(scheduler) == 0
    _restore(alice, world)
    with at(now() + timedelta(days=2)):
        assert tick(scheduler) == 1


def test_not_before_its_time(alice, world, scheduler: sa.Engine, work) -> None:
    alice.post(DELETION, {"name": "Acme"})
    with at(now() + GRACE - timedelta(minutes=5)):
        tick(scheduler)
        work()
    assert _restore(alice, world).status_code == 303
    with at(now() + GRACE + timedelta(days=1)):
        tick(scheduler)
        work()
    assert alice.get("/acme/settings/members").status_code == 200


def test_too_late(alice, world) -> None:
    alice.post(DELETION, {"name": "Acme"})
    with organization(world.organization_id):
        db.session.get_one(Organization, world.organization_id).deleted_at = now() - GRACE
    assert _restore(alice, world).status_code == 404


def test_nothing_is_left(alice, world, owner: sa.Engine, scheduler: sa.Engine, work, monkeypatch) -> None:
    """Part by part: more rows than one part takes, and another organization that keeps all of its own."""
    monkeypatch.setattr(purging, "ROWS", 40)
    world.issues(60, assignees=(world.cast["bob"].member_id,), body="Words")
    alice.post("/acme/pages/new", {"title": "Above"})
    with organization(world.organization_id):
        stored = files.store_bytes(b"a picture").name
        db.session.get_one(Organization, world.organization_id).logo = stored
    before = _rows(owner, world.organization_id)
    others = _rows(owner, None) - before
    assert before > 200
    alice.post(DELETION, {"name": "Acme"})
    with owner.begin() as connection:
        past = sa.text("UPDATE organizations SET deleted_at = deleted_at - interval '31 days' WHERE id = :id")
        connection.execute(past, {"id": world.organization_id})
    moment = now() + GRACE + SECOND
    for _ in range(60):
        with at(moment):
            tick(scheduler, sweeping=False)
            work()
        moment += timedelta(seconds=70)
        if not _rows(owner, world.organization_id):
            break
    assert _rows(owner, world.organization_id) == 0
    assert _rows(owner, None) == others
    assert not files.place_of(stored).exists()
    with organization(None):
        doors = select(func.count()).select_from(Door).where(Door.organization_id == world.organization_id)
        assert db.session.scalar(doors) == 0


def test_history_is_erased_of_nothing_that_lives(alice, world) -> None:
    alice.post("/acme/settings/address", {"slug": "acme-2"})
    with organization(world.organization_id):
        assert db.session.scalar(sa.text("SELECT erase_history(100)")) == 0


def test_every_column_that_names_a_file_is_known_to_the_purge() -> None:
    not_files = {"filename", "avatar"}
    named = {
        column.name
        for table in Base.metadata.tables.values()
        for column in table.columns
        if "organization_id" in table.columns and ("file" in column.name or column.name in ("preview", "logo", "cover"))
    }
    assert {name for name in named if not name.endswith("_id")} - not_files <= set(purging.FILES)


def _rows(owner: sa.Engine, organization_id: int | None) -> int:
    """All rows of tenants' tables, or those of one."""
    with owner.connect() as connection:
        count = 0
        for table in Base.metadata.tables.values():
            if "organization_id" in table.c and table.name not in ("timers", "security_events", "doors"):
                asked = select(func.count()).select_from(table)
                asked = asked if organization_id is None else asked.where(table.c.organization_id == organization_id)
                count += connection.execute(asked).scalar_one()
        return count


def test_the_former_address_leads_on(alice, bob, world) -> None:
    assert alice.post("/acme/settings/address", {"slug": "acme-works"}).status_code == 303
    answer = bob.get("/acme/settings/members?q=x")
    assert answer.status_code == 303
    assert answer.location.endswith("/acme-works/settings/members?q=x")
    assert bob.get("/acme-works/settings/members").status_code == 200
    with organization(world.organization_id):
        assert db.session.scalar(select(func.count()).select_from(Timer)) is not None
