"""Single permissions for a time: they end by themselves, for everybody who looks, and nobody gives what they lack."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select, update

from app.accounts.models import SecurityEvent
from app.kernel.access import Role
from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.errors import Forbidden, Invalid, Refused
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.kernel.timers import tick
from app.organizations.commands import grant_permission
from app.organizations.models import FOREVER, Member, PermissionGrant
from app.organizations.policies import holds

MEMBERS = "/acme/settings/members"
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def _grant(person, world, name: str = "bob", **fields):
    sent = {"permission": "organization:edit", "days": "1", "reason": "Holidays", **fields}
    return person.post(f"{MEMBERS}/{world.cast[name].member_id}/grants", sent)


def _row(world) -> PermissionGrant:
    with organization(world.organization_id):
        return db.session.scalars(select(PermissionGrant).order_by(PermissionGrant.id.desc())).all()[0]


def _make(world, name: str, role: Role) -> None:
    with organization(world.organization_id):
        db.session.execute(update(Member).where(Member.id == world.cast[name].member_id).values(role=role))


def _verbs(world) -> list[str]:
    with organization(world.organization_id):
        return list(db.session.scalars(select(Activity.verb).order_by(Activity.id)))


def _security(world) -> set[str]:
    with organization(world.organization_id):
        return set(db.session.scalars(select(SecurityEvent.kind)))


def test_a_permission_for_a_day(alice, bob, world, scheduler: sa.Engine, work) -> None:
    assert bob.get("/acme/settings").status_code == 403
    assert _grant(alice, world).status_code == 303
    assert bob.get("/acme/settings").status_code == 200
    assert "Holidays" in alice.get(f"{MEMBERS}/{bob.member_id}").text
    assert "Holidays" in bob.get(f"{MEMBERS}/{bob.member_id}").text, "whoever holds it sees it"
    end = _row(world).expires_at
    with at(end + SECOND):
        tick(scheduler)
        work()
        assert _row(world).ended_at is not None
    assert bob.get("/acme/settings").status_code == 403
    assert _verbs(world) == ["member.granted", "member.grant_ended"]
    assert {"grant.created", "grant.ended"} <= _security(world)
    with organization(world.organization_id):
        assert db.session.scalar(select(Member.granted_until).where(Member.id == bob.member_id)) is None


def test_an_open_page_is_refused_from_that_second_though_no_timer_rang(alice, bob, world) -> None:
    _grant(alice, world)
    page = bob.get("/acme/settings")
    sent = {"name": "Mine", "timezone": "UTC", "currency": "EUR", "company_size": "", "version": "1"}
    assert page.status_code == 200
    end = _row(world).expires_at
    with at(end - SECOND), organization(world.organization_id):
        assert bob.member_id in set(db.session.scalars(select(Member.id).where(holds("organization:edit"))))
    with at(end):
        with organization(world.organization_id):
            assert bob.member_id not in set(db.session.scalars(select(Member.id).where(holds("organization:edit"))))
            assert not db.session.get_one(Member, (world.organization_id, bob.member_id)).may("organization:edit")
        assert _row(world).ended_at is None
    with organization(world.organization_id):  # the same, to the second, for the browser: its time is over
        over = {"expires_at": now() - SECOND, "created_at": now() - DAY}
        db.session.execute(update(PermissionGrant).values(**over))
    assert bob.post("/acme/settings", sent).status_code == 403


def test_it_ends_within_a_transaction_too(alice, bob, world) -> None:
    """Whoever looked it up when it held does not keep it longer."""
    _grant(alice, world)
    end = _row(world).expires_at
    with organization(world.organization_id):
        member = db.session.get_one(Member, (world.organization_id, bob.member_id))
        assert member.may("organization:edit")
        with at(end):
            assert not member.may("organization:edit")
            assert "organization:edit" not in member.permissions


def test_it_can_be_taken_back(alice, bob, world) -> None:
    _grant(alice, world)
    _grant(alice, world, permission="member:invite")
    address = f"{MEMBERS}/{bob.member_id}/grants/{_row(world).id}/revocation"
    assert bob.get("/acme/settings/invitations").status_code == 200
    assert bob.post(address).status_code == 403
    assert alice.post(address).status_code == 303
    assert alice.post(address).status_code == 303, "once more does no harm"
    assert bob.get("/acme/settings/invitations").status_code == 403
    assert bob.get("/acme/settings").status_code == 200, "the other one stays"
    assert _verbs(world).count("member.grant_revoked") == 1


def test_for_good(alice, bob, world) -> None:
    assert _grant(alice, world, days="0").status_code == 303
    assert _row(world).expires_at == FOREVER
    assert "for good" in alice.get(f"{MEMBERS}/{bob.member_id}").text
    assert bob.get("/acme/settings").status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"permission": "no:such"},
        {"permission": "portal:ask"},
        {"permission": "issue:edit"},
        {"permission": ""},
        {"days": "-1"},
        {"days": "2"},
        {"days": "x"},
        {"reason": ""},
        {"reason": "x" * 301},
    ],
)
def test_grants_that_will_not_do(alice, world, sent) -> None:
    assert _grant(alice, world, **sent).status_code == 422
    with organization(world.organization_id):
        assert db.session.scalars(select(PermissionGrant)).all() == []


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("carol", 404), ("mallory", 404)])
def test_only_admins_give(cast, world, who: str, status: int) -> None:
    assert _grant(cast[who], world, "nora").status_code == status
    assert _grant(cast[who], world, who).status_code in (403, 404), "least of all to oneself"


def test_an_admin_gives_nothing_that_is_the_owners(alice, bob, world) -> None:
    _make(world, "bob", Role.ADMIN)
    assert _grant(bob, world, "nora", permission="organization:delete").status_code == 422
    assert _grant(bob, world, "bob", permission="organization:transfer").status_code == 422
    assert _grant(bob, world, "alice").status_code == 403, "nor to who stands above"
    assert _grant(alice, world, "nora", permission="organization:delete").status_code == 303


def test_what_is_held_for_a_time_is_not_given_on(alice, bob, world) -> None:
    """Else it would outlive its end in a role or with another member."""
    _grant(alice, world)
    _grant(alice, world, permission="permission:grant")
    _grant(alice, world, permission="role:edit")
    _grant(alice, world, permission="member:edit")
    assert _grant(bob, world, "nora", days="0").status_code == 422
    assert _grant(bob, world, "bob", days="0").status_code == 422
    loot = {"name": "Loot", "base": "member", "permissions": ["organization:edit"]}
    assert bob.post("/acme/settings/roles", loot).status_code == 422
    answer = bob.post(f"{MEMBERS}/role", {"ids": world.cast["nora"].member_id, "role": "admin"})
    assert answer.status_code == 422


def test_customers_and_strangers_get_nothing(alice, world) -> None:
    assert _grant(alice, world, "carol").status_code == 404
    assert _grant(alice, world, "mallory").status_code == 404


def test_who_comes_back_holds_nothing_of_before(alice, bob, world) -> None:
    _grant(alice, world, days="0")
    answer = alice.post(f"{MEMBERS}/removal", {"ids": bob.member_id}, htmx=True)
    alice.post(answer.text.split('hx-post="')[-1].split('"')[0])
    assert bob.get(MEMBERS).status_code == 200
    assert bob.get("/acme/settings").status_code == 403


def test_the_command_asks_for_itself(world, alice, bob) -> None:
    def give(giver: str, until, permission: str = "organization:edit", to: str = "bob") -> None:
        with organization(world.organization_id):
            key = world.organization_id
            by = db.session.get_one(Member, (key, world.cast[giver].member_id))
            member = db.session.get_one(Member, (key, world.cast[to].member_id))
            grant_permission([member], permission, until=until, reason="", by=by)

    with pytest.raises(Forbidden):
        give("bob", None)
    with pytest.raises(Invalid):
        give("alice", now() - SECOND)
    with pytest.raises(Refused):
        give("alice", None, "issue:edit")
    with pytest.raises(Forbidden):
        give("alice", None, to="carol")


def test_a_long_list_of_grants_costs_as_much_as_none(alice, bob, world, statements) -> None:
    page = f"{MEMBERS}/{bob.member_id}"
    alice.get(page)
    with statements() as none:
        alice.get(page)
    with organization(world.organization_id):
        end = now() + DAY
        given = {"member_id": bob.member_id, "granted_by_id": alice.member_id, "permission": "member:invite"}
        db.session.add_all(PermissionGrant(reason=str(n), expires_at=end, **given) for n in range(60))
        db.session.execute(update(Member).where(Member.id == bob.member_id).values(granted_until=end))
    with statements() as many:
        alice.get(page)
    assert len(many) <= len(none) + 1, "one more, for what bob holds"
