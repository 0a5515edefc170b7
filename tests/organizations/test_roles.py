"""Roles of an organization's own: what they allow, who may make and give them, and that nobody climbs by one."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select, update

from app.kernel import access
from app.kernel.access import Role, everybodys, granted_to
from app.kernel.database import db
from app.kernel.errors import Forbidden
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.organizations.commands import create_role
from app.organizations.models import CustomRole, Member, RolePermission
from app.organizations.policies import GIVEN, holds

ROLES = "/acme/settings/roles"
MEMBERS = "/acme/settings/members"


def _make(person, *, name="Lead", base="member", permissions=("issue:view", "issue:edit"), status=303, **rest) -> None:
    sent = {"name": name, "description": "", "base": base, "permissions": list(permissions), **rest}
    answer = person.post(ROLES, sent)
    assert answer.status_code == status


def _number(world, name="Lead") -> int:
    with organization(world.organization_id):
        return db.session.scalar(select(CustomRole.id).where(CustomRole.name == name)) or 0


def _allowed(world, name="Lead") -> set[str]:
    with organization(world.organization_id):
        held = select(RolePermission.permission).where(RolePermission.role_id == _number(world, name))
        return set(db.session.scalars(held)) - everybodys()


def _member(world, name: str) -> Member:
    with organization(world.organization_id):
        key = (world.organization_id, world.cast[name].member_id)
        member = db.session.get_one(Member, key, populate_existing=True)
        member.permissions  # noqa: B018 - looked up inside of the organization
        return member


def _give(person, world, name: str, role: str):
    return person.post(f"{MEMBERS}/role", {"ids": world.cast[name].member_id, "role": role})


def test_every_permission_says_what_it_allows(app) -> None:
    unsaid = [name for name in access.all_permissions() if access.allows(name) == name]
    assert unsaid == []


def test_roles_stand_one_above_the_other(app) -> None:
    """An admin can give whatever is not the owner's own."""
    for role in GIVEN:
        assert granted_to(role) <= granted_to(Role.OWNER)
        if role is not Role.OWNER:
            assert granted_to(role) <= granted_to(Role.ADMIN)


def test_a_role_is_made_given_and_taken_at_its_word(alice, bob, world) -> None:
    _make(alice, permissions=["member:view", "organization:edit"])
    assert _allowed(world) == {"member:view", "organization:edit"}
    assert bob.get("/acme/settings").status_code == 403
    assert _give(alice, world, "bob", f"own-{_number(world)}").status_code == 303
    assert bob.get("/acme/settings").status_code == 200, "what the role allows"
    assert bob.get("/acme/projects").status_code == 403, "and nothing that its base would"
    assert "Lead" in alice.get(MEMBERS).text
    with organization(world.organization_id):
        verbs = set(db.session.scalars(select(Activity.verb)))
    assert {"role.created", "member.role_changed"} <= verbs


def test_a_change_of_a_role_counts_at_the_next_request(alice, bob, world) -> None:
    _make(alice, permissions=["organization:edit", "member:view"])
    number = _number(world)
    _give(alice, world, "bob", f"own-{number}")
    assert bob.get("/acme/settings").status_code == 200
    sent = {"name": "Lead", "description": "", "base": "viewer", "permissions": ["member:view"]}
    assert alice.post(f"{ROLES}/{number}", sent).status_code == 303
    assert bob.get("/acme/settings").status_code == 403
    assert _member(world, "bob").role is Role.VIEWER, "who has it stands where it stands"


def test_the_same_question_in_sql(alice, bob, world) -> None:
    _make(alice, permissions=["ticket:reply"])
    _give(alice, world, "bob", f"own-{_number(world)}")
    with organization(world.organization_id):
        for permission in access.all_permissions():
            said = set(db.session.scalars(select(Member.id).where(holds(permission))))
            people = db.session.scalars(select(Member)).all()
            assert said == {person.id for person in people if person.may(permission)}, permission


def test_members_with_own_roles_cost_no_statement_each(alice, world, statements) -> None:
    _make(alice, permissions=["ticket:reply"])
    with organization(world.organization_id):
        db.session.execute(update(Member).values(custom_role_id=_number(world)))
    with organization(world.organization_id), statements() as asked:
        assert all(person.may("ticket:reply") for person in db.session.scalars(select(Member)).all())
    assert sum("role_permissions" in one for one in asked) == 1


def test_entering_is_one_statement_for_whatever_one_holds(alice, bob, world, statements) -> None:
    bob.get(MEMBERS)
    with statements() as built_in:
        bob.get(MEMBERS)
    _make(alice, permissions=sorted(granted_to(Role.MEMBER) - everybodys()))
    _give(alice, world, "bob", f"own-{_number(world)}")
    bob.get(MEMBERS)
    with statements() as own:
        bob.get(MEMBERS)
    assert len(own) == len(built_in)


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("carol", 403), ("mallory", 404)])
def test_only_admins_shape_roles(cast, world, who: str, status: int) -> None:
    _make(cast["alice"])
    number = _number(world)
    seen = 404 if who == "carol" else status  # customers do not see that there are roles
    sent = {"name": "Mine", "base": "member", "permissions": ["issue:view"]}
    for address, answer in ((ROLES, status), (f"{ROLES}/new", status), (f"{ROLES}/{number}", seen)):
        assert cast[who].get(address).status_code == answer
    assert cast[who].get(f"{ROLES}/{number}/deletion").status_code == seen
    assert cast[who].post(ROLES, sent).status_code == status
    assert cast[who].post(f"{ROLES}/{number}", sent).status_code == seen
    assert cast[who].post(f"{ROLES}/{number}/deletion", {"into": "member"}).status_code == seen


def _limited_admin(alice, bob, world, *more: str) -> None:
    """Bob may give and make roles, and little else."""
    _make(alice, name="Clerk", base="manager", permissions=["role:edit", "member:edit", "member:view", *more])
    assert _give(alice, world, "bob", f"own-{_number(world, 'Clerk')}").status_code == 303


def test_nobody_puts_into_a_role_what_they_lack(alice, bob, world) -> None:
    _limited_admin(alice, bob, world)
    _make(bob, name="Loot", permissions=["organization:edit"], status=422)
    _make(bob, name="Loot", permissions=["issue:view"], status=422)
    _make(bob, name="Loot", base="admin", permissions=["member:view"], status=422)
    assert _number(world, "Loot") == 0
    number = _number(world, "Clerk")
    sent = {"name": "Clerk", "base": "manager", "permissions": ["member:view", "role:edit", "organization:edit"]}
    assert bob.post(f"{ROLES}/{number}", sent).status_code == 422, "nor into their own"
    assert bob.post(f"{ROLES}/{number}", {**sent, "base": "admin"}).status_code == 422
    assert "organization:edit" not in _allowed(world, "Clerk")


def test_the_command_refuses_too(alice, bob, world) -> None:
    _limited_admin(alice, bob, world)
    for loot, base in (({"organization:edit"}, Role.MEMBER), ({"member:view"}, Role.ADMIN), ({"x:y"}, Role.MEMBER)):
        with pytest.raises(Forbidden):
            _as_clerk(world, bob, base=base, permissions=loot)


def _as_clerk(world, bob, **values) -> None:
    with organization(world.organization_id):
        clerk = db.session.get_one(Member, (world.organization_id, bob.member_id))
        create_role(name="Loot", description="", by=clerk, **values)


def test_nobody_gives_a_role_with_what_they_lack(alice, bob, world) -> None:
    _limited_admin(alice, bob, world)
    _make(alice, name="Rich", permissions=["organization:edit", "issue:view"])
    rich = f"own-{_number(world, 'Rich')}"
    for role in (rich, "admin", "manager", "member", "owner"):
        assert _give(bob, world, "bob", role).status_code == 422, role
        assert _give(bob, world, "nora", role).status_code == 422, role
    assert rich not in bob.get(f"{MEMBERS}/role", query_string={"ids": world.cast["nora"].member_id}).text
    assert _member(world, "nora").role is Role.ANNOTATOR


def test_what_one_could_not_give_is_kept_when_one_edits(alice, bob, world) -> None:
    _limited_admin(alice, bob, world)
    _make(alice, name="Rich", permissions=["organization:edit", "member:view"])
    number = _number(world, "Rich")
    assert "change the settings" in bob.get(f"{ROLES}/{number}").text
    sent = {"name": "Richer", "description": "", "base": "member", "permissions": ["role:edit"]}
    assert bob.post(f"{ROLES}/{number}", sent).status_code == 303
    assert _allowed(world, "Richer") == {"organization:edit", "role:edit"}


def test_a_role_above_oneself_is_left_alone(alice, bob, world) -> None:
    _limited_admin(alice, bob, world)
    _make(alice, name="Second", base="admin", permissions=["member:view"])
    number = _number(world, "Second")
    assert bob.get(f"{ROLES}/{number}").status_code == 403
    assert bob.post(f"{ROLES}/{number}/deletion", {"into": "guest"}).status_code == 403


def test_roles_of_another_organization_are_out_of_reach(alice, mallory, world) -> None:
    _make(alice)
    number = _number(world)
    assert mallory.get(f"/rival/settings/roles/{number}").status_code == 404
    assert mallory.get(f"/rival/settings/roles/new?from=own-{number}").status_code == 404
    answer = mallory.post("/rival/settings/members/role", {"ids": mallory.member_id, "role": f"own-{number}"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "sent",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"name": "LEAD"},
        {"name": "Owner"},
        {"base": "owner"},
        {"base": "customer"},
        {"base": ""},
        {"permissions": []},
        {"permissions": ["portal:ask"]},
        {"permissions": ["no:such"]},
    ],
)
def test_roles_that_will_not_do(alice, world, sent) -> None:
    _make(alice)
    _make(alice, **{"name": "Other", **sent}, status=422)
    with organization(world.organization_id):
        assert db.session.scalar(select(func.count(CustomRole.id))) == 1


@pytest.mark.parametrize("start", ["", "admin", "guest", "owner", "own-", "own-x", "nonsense"])
def test_a_copy_begins_with_what_it_copies(alice, start: str) -> None:
    page = alice.get(f"{ROLES}/new", query_string={"from": start})
    assert page.status_code == 200
    assert ('value="mail:connect" checked' in page.text) == (start == "admin")


def test_deleting_a_role_says_where_its_people_go(alice, bob, world) -> None:
    _make(alice)
    _make(alice, name="Next", permissions=["issue:view"])
    lead, following = _number(world), _number(world, "Next")
    _give(alice, world, "bob", f"own-{lead}")
    assert "1 person has this role" in alice.get(f"{ROLES}/{lead}/deletion").text
    assert alice.post(f"{ROLES}/{lead}/deletion", {"into": f"own-{lead}"}).status_code == 422
    assert alice.post(f"{ROLES}/{lead}/deletion", {"into": f"own-{following}"}).status_code == 303
    assert _member(world, "bob").custom_role_id == following
    assert alice.post(f"{ROLES}/{following}/deletion", {"into": "viewer"}).status_code == 303
    assert (_member(world, "bob").custom_role_id, _member(world, "bob").role) == (None, Role.VIEWER)
    assert alice.get(ROLES).status_code == 200


def test_who_leaves_is_in_no_roles_way(alice, bob, world) -> None:
    _make(alice)
    number = _number(world)
    _give(alice, world, "bob", f"own-{number}")
    alice.post(f"{MEMBERS}/removal", {"ids": bob.member_id})
    assert alice.post(f"{ROLES}/{number}/deletion", {"into": "guest"}).status_code == 303


def test_a_role_given_while_it_is_deleted(alice, bob, world) -> None:
    """Either it is given first and bob goes where its people go, or it is gone."""
    _make(alice)
    number = _number(world)
    start, answers = threading.Barrier(2), []

    def do(work) -> None:
        start.wait()
        answers.append(work().status_code)

    works = (
        lambda: alice.post(f"{ROLES}/{number}/deletion", {"into": "viewer"}),
        lambda: _give(alice, world, "bob", f"own-{number}"),
    )
    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 303 in answers
    assert set(answers) <= {303, 404, 409, 422}
    assert _member(world, "bob").custom_role_id is None


def test_undo_gives_the_former_roles_back(alice, bob, world) -> None:
    ids = [world.cast[name].member_id for name in ("bob", "nora")]
    answer = alice.post(f"{MEMBERS}/role", {"ids": ids, "role": "viewer"}, htmx=True)
    undo = answer.text.split('hx-post="')[-1].split('"')[0]
    assert undo.endswith("/undo")
    assert bob.post(undo).status_code == 403
    assert alice.post(undo).status_code == 303
    assert (_member(world, "bob").role, _member(world, "nora").role) == (Role.MEMBER, Role.ANNOTATOR)
    assert alice.post(undo).status_code == 409, "it was changed since"


def test_undo_brings_the_removed_back(alice, bob, world) -> None:
    answer = alice.post(f"{MEMBERS}/removal", {"ids": bob.member_id}, htmx=True)
    assert bob.get(MEMBERS).status_code == 404
    undo = answer.text.split('hx-post="')[-1].split('"')[0]
    assert alice.post(undo).status_code == 303
    assert bob.get(MEMBERS).status_code == 200


def test_undo_asks_again_whether_one_may(alice, bob, world) -> None:
    with organization(world.organization_id):
        db.session.execute(update(Member).where(Member.id == bob.member_id).values(role=Role.ADMIN))
    answer = bob.post(f"{MEMBERS}/role", {"ids": world.cast["nora"].member_id, "role": "viewer"}, htmx=True)
    undo = answer.text.split('hx-post="')[-1].split('"')[0]
    _give(alice, world, "bob", "member")
    assert bob.post(undo).status_code == 403
    assert alice.post(undo).status_code == 404, "it is not hers"
