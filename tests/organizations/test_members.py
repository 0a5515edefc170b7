"""Who is here, in which role, and who goes."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, update

from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.ledger import Activity, Change
from app.kernel.tenancy import organization
from app.organizations.models import Invitation, Kind, Member

MEMBERS = "/acme/settings/members"


def _role(world, name: str) -> Role:
    with organization(world.organization_id):
        key = (world.organization_id, world.cast[name].member_id)
        return db.session.get_one(Member, key, populate_existing=True).role


def _make(world, name: str, role: Role) -> None:
    with organization(world.organization_id):
        db.session.execute(update(Member).where(Member.id == world.cast[name].member_id).values(role=role))


def _give(person, world, name: str, role: str, **rest):
    return person.post(f"{MEMBERS}/role", {"ids": world.cast[name].member_id, "role": role}, **rest)


def test_colleagues_see_colleagues(cast, world) -> None:
    page = cast["vic"].get(MEMBERS).text
    for name in ("Alice", "Bob", "Anna", "Nora", "Vic", "Olaf"):
        assert f"<bdi>{name}</bdi>" in page
    assert "Carol" not in page, "customers are no colleagues"
    assert "Mallory" not in page
    assert "6 people" in page
    assert cast["carol"].get(MEMBERS).status_code == 403
    assert cast["mallory"].get(MEMBERS).status_code == 404


def test_the_page_of_one_colleague(cast, world) -> None:
    page = f"{MEMBERS}/{world.cast['bob'].member_id}"
    assert "Member: works on issues" in cast["vic"].get(page).text
    assert "Change the role" not in cast["vic"].get(page).text
    assert "Change the role" in cast["alice"].get(page).text
    assert cast["alice"].get(f"{MEMBERS}/{world.cast['carol'].member_id}").status_code == 404
    assert cast["alice"].get(f"{MEMBERS}/{world.cast['mallory'].member_id}").status_code == 404
    assert cast["alice"].get(f"{MEMBERS}/{10**30}").status_code == 404
    assert cast["mallory"].get(page).status_code == 404


def test_the_list_costs_the_same_for_ten_and_for_many(alice, world, statements) -> None:
    alice.get(MEMBERS)
    with statements() as few:
        alice.get(MEMBERS)
    with organization(world.organization_id):
        db.session.add_all(Member(name=f"Person {n:03} " + "x" * 90, role=Role.MEMBER) for n in range(120))
    with statements() as many:
        first = alice.get(MEMBERS)
    assert len(many) == len(few)
    assert first.text.count("data-item=") == 50
    seen, more = 50, first
    while (at := more.text.find('id="members-more"')) > 0:
        url = more.text[at:].split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
        more = alice.get(url, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
        assert "<html" not in more.text
        seen += more.text.count("data-item=")
    assert seen == 126, "each exactly once"


@pytest.mark.parametrize("after", ["x", "~", "~x", "x~99999999999999999999", "'; DROP TABLE members; --~1"])
def test_a_broken_page_mark_is_no_error(alice, after) -> None:
    assert alice.get(MEMBERS, query_string={"after": after}).status_code == 200


def test_alice_makes_bob_an_admin(alice, world) -> None:
    assert _give(alice, world, "bob", "admin").status_code == 303
    assert _role(world, "bob") == Role.ADMIN
    with organization(world.organization_id):
        assert db.session.scalars(select(Activity.verb)).all() == ["member.role_changed"]
        assert db.session.scalars(select(Change.fields)).all() == [{"role": ["member", "admin"]}]


def test_many_at_once_are_one_command(alice, world, statements) -> None:
    ids = [world.cast[name].member_id for name in ("bob", "anna", "nora", "vic")]
    with statements() as one:
        _give(alice, world, "bob", "viewer")
    with statements() as many:
        answer = alice.post(f"{MEMBERS}/role", {"ids": ids, "role": "manager"}, htmx=True)
    assert answer.status_code == 200
    assert answer.text.count("<hx-partial") == 6
    assert {_role(world, name) for name in ("bob", "anna", "nora", "vic")} == {Role.MANAGER}
    updates = [statement for statement in many if statement.startswith("UPDATE members")]
    assert len(updates) == 1
    assert len(many) <= len(one) + 1


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("carol", 403), ("mallory", 404)])
def test_only_admins_change_roles(cast, world, who: str, status: int) -> None:
    assert _give(cast[who], world, "nora", "viewer").status_code == status
    assert cast[who].post(f"{MEMBERS}/removal", {"ids": world.cast["nora"].member_id}).status_code == status
    assert cast[who].get(f"{MEMBERS}/role").status_code == status
    assert _role(world, "nora") == Role.ANNOTATOR


def test_admins_touch_no_owner_and_make_none(bob, world) -> None:
    _make(world, "bob", Role.ADMIN)
    assert _give(bob, world, "nora", "owner").status_code == 422, "it is not among their choices"
    assert _give(bob, world, "bob", "owner").status_code == 422
    assert _give(bob, world, "alice", "member").status_code == 403
    assert bob.post(f"{MEMBERS}/removal", {"ids": world.cast["alice"].member_id}).status_code == 403
    assert "Owner" not in bob.get(f"{MEMBERS}/role", query_string={"ids": world.cast["nora"].member_id}).text
    assert _give(bob, world, "nora", "admin").status_code == 303
    assert _role(world, "alice") == Role.OWNER


def test_one_owner_among_many_spoils_the_whole(bob, world) -> None:
    _make(world, "bob", Role.ADMIN)
    ids = [world.cast["nora"].member_id, world.cast["alice"].member_id]
    assert bob.post(f"{MEMBERS}/role", {"ids": ids, "role": "viewer"}).status_code == 403
    assert _role(world, "nora") == Role.ANNOTATOR


@pytest.mark.parametrize(
    "sent",
    [
        {"ids": [], "role": "viewer"},
        {"ids": ["x"], "role": "viewer"},
        {"ids": ["9" * 30], "role": "viewer"},
        {"ids": ["-1"], "role": "viewer"},
        {"ids": ["1; DROP TABLE members"], "role": "viewer"},
    ],
)
def test_ids_that_name_nobody(alice, sent) -> None:
    assert alice.post(f"{MEMBERS}/role", sent).status_code == 404
    assert alice.post(f"{MEMBERS}/removal", sent).status_code == 404


@pytest.mark.parametrize("role", ["", "customer", "king", "OWNER"])
def test_roles_that_nobody_has(alice, world, role: str) -> None:
    assert _give(alice, world, "bob", role).status_code == 422
    assert _role(world, "bob") == Role.MEMBER


def test_another_organizations_members_are_out_of_reach(alice, world, mallory) -> None:
    assert _give(alice, world, "mallory", "viewer").status_code == 404
    both = [world.cast["bob"].member_id, mallory.member_id]
    assert alice.post(f"{MEMBERS}/removal", {"ids": both}).status_code == 404
    assert alice.post("/rival/settings/members/removal", {"ids": mallory.member_id}).status_code == 404


def test_the_last_owner_stays(alice, world) -> None:
    for answer in (
        _give(alice, world, "alice", "member"),
        alice.post("/acme/settings/departure"),
        alice.post(f"{MEMBERS}/removal", {"ids": alice.member_id}),
    ):
        assert answer.status_code == 409
        assert "needs an owner" in answer.text
    assert _role(world, "alice") == Role.OWNER
    assert alice.get(MEMBERS).status_code == 200


def test_of_two_owners_who_demote_each_other_one_stays(alice, bob, world) -> None:
    _make(world, "bob", Role.OWNER)
    answers = []
    start = threading.Barrier(2)

    def demote(person, other: str) -> None:
        start.wait()
        answers.append(_give(person, world, other, "member").status_code)

    threads = [threading.Thread(target=demote, args=pair) for pair in ((alice, "bob"), (bob, "alice"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) in ([303, 403], [303, 409])
    assert sorted([_role(world, "alice"), _role(world, "bob")]) == ["member", "owner"]


def test_of_two_owners_who_leave_at_once_one_stays(alice, bob, world) -> None:
    _make(world, "bob", Role.OWNER)
    answers = []
    start = threading.Barrier(2)

    def go(person) -> None:
        start.wait()
        answers.append(person.post("/acme/settings/departure").status_code)

    threads = [threading.Thread(target=go, args=(person,)) for person in (alice, bob)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]


def test_who_is_removed_is_out_at_once(alice, bob, world) -> None:
    assert bob.get(MEMBERS).status_code == 200
    answer = alice.post(f"{MEMBERS}/removal", {"ids": bob.member_id}, htmx=True)
    assert 'hx-swap="delete"' in answer.text
    assert bob.get(MEMBERS).status_code == 404
    assert bob.get("/").status_code == 200
    assert "<bdi>Bob</bdi>" not in alice.get(MEMBERS).text
    with organization(world.organization_id):
        assert db.session.scalars(select(Activity.verb)).all() == ["member.removed"]


def test_bob_leaves(bob, alice, world) -> None:
    answer = bob.post("/acme/settings/departure")
    assert answer.location == "/"
    assert bob.get("/acme/settings/members").status_code == 404
    with organization(world.organization_id):
        assert db.session.scalars(select(Activity.verb)).all() == ["member.left"]


def test_whoever_goes_or_falls_leaves_no_door_open(alice, bob, world) -> None:
    _make(world, "bob", Role.ADMIN)
    for role in ("admin", "viewer"):
        assert bob.post("/acme/settings/invitations", {"role": role, "days": "7", "uses": "1"}).status_code == 200
    _give(alice, world, "bob", "manager")
    assert _open_roles(world) == ["viewer"], "a manager could invite no admin"
    alice.post(f"{MEMBERS}/removal", {"ids": bob.member_id})
    assert _open_roles(world) == []


def _open_roles(world) -> list[str]:
    with organization(world.organization_id):
        return list(db.session.scalars(select(Invitation.role).where(Invitation.revoked_at.is_(None))))


def test_last_sight_is_written_now_and_then(bob, world, statements) -> None:
    with organization(world.organization_id):
        db.session.execute(update(Member).where(Member.id == bob.member_id).values(last_seen_at=None))
    with statements() as first:
        bob.get(MEMBERS)
    with statements() as second:
        bob.get(MEMBERS)
    assert sum("last_seen_at=" in statement for statement in first) == 1
    assert sum("last_seen_at=" in statement for statement in second) == 0
    with organization(world.organization_id):
        seen = db.session.scalar(select(Member.last_seen_at).where(Member.id == bob.member_id))
    assert abs((now() - seen).total_seconds()) < 60


def test_a_long_name_and_a_name_from_the_right(alice, world) -> None:
    with organization(world.organization_id):
        db.session.add(Member(name="ن" * 120, role=Role.MEMBER, kind=Kind.PERSON))
        db.session.add(Member(name="🦆" * 60, role=Role.GUEST))
    page = alice.get(MEMBERS)
    assert "ن" * 120 in page.text
    assert f"<bdi>{'ن' * 120}</bdi>" in page.text, "its direction is its own and turns nothing beside it"
