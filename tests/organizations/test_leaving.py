"""Owners, those who go, and what they held."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import select, update

from app.boards.models import Issue, IssueAssignee
from app.discussions.models import Comment
from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.organizations.models import Member

MEMBERS, OWNERS = "/acme/settings/members", "/acme/settings/ownership"


def _role(world, name: str) -> Role:
    with organization(world.organization_id):
        key = (world.organization_id, world.cast[name].member_id)
        return db.session.get_one(Member, key, populate_existing=True).role


def _make(world, name: str, role: Role) -> None:
    with organization(world.organization_id):
        db.session.execute(update(Member).where(Member.id == world.cast[name].member_id).values(role=role))


def test_the_keys_change_hands(alice, bob, world) -> None:
    assert "Bob" in alice.get(OWNERS).text
    assert alice.post(OWNERS, {"member": bob.member_id, "stepping_down": "y"}).status_code == 303
    assert (_role(world, "alice"), _role(world, "bob")) == (Role.ADMIN, Role.OWNER)
    assert alice.get(OWNERS).status_code == 403
    with organization(world.organization_id):
        assert db.session.scalars(select(Activity.verb)).all() == ["member.made_owner"]


def test_one_owner_more(alice, bob, world) -> None:
    assert alice.post(OWNERS, {"member": bob.member_id}).status_code == 303
    assert (_role(world, "alice"), _role(world, "bob")) == (Role.OWNER, Role.OWNER)


def test_owners_are_not_made_in_passing(alice, bob, world) -> None:
    assert alice.post(f"{MEMBERS}/role", {"ids": bob.member_id, "role": "owner"}).status_code == 422
    assert _role(world, "bob") is Role.MEMBER


@pytest.mark.parametrize("who", ["carol", "mallory"])
def test_nobody_from_outside_becomes_one(alice, world, who: str) -> None:
    assert alice.post(OWNERS, {"member": world.cast[who].member_id}).status_code == 404
    assert _role(world, "alice") is Role.OWNER


def test_oneself_or_nobody(alice, world) -> None:
    assert alice.post(OWNERS, {"member": alice.member_id, "stepping_down": "y"}).status_code == 422
    assert alice.post(OWNERS, {"member": ""}).status_code == 422
    assert alice.post(OWNERS, {"member": "x"}).status_code == 422
    assert _role(world, "alice") is Role.OWNER


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("carol", 403), ("mallory", 404)])
def test_only_owners_make_owners(cast, world, who: str, status: int) -> None:
    assert cast[who].get(OWNERS).status_code == status
    assert cast[who].post(OWNERS, {"member": world.cast["nora"].member_id}).status_code == status
    _make(world, "bob", Role.ADMIN)
    assert cast["bob"].post(OWNERS, {"member": world.cast["bob"].member_id}).status_code == 403


def test_two_owners_who_step_down_for_each_other_at_once(alice, bob, world) -> None:
    """Each makes the other one and steps down: whoever is second is no owner by then, or is one again."""
    _make(world, "bob", Role.OWNER)
    start, answers = threading.Barrier(2), []

    def step(person, other) -> None:
        start.wait()
        answers.append(person.post(OWNERS, {"member": other.member_id, "stepping_down": "y"}).status_code)

    threads = [threading.Thread(target=step, args=pair) for pair in ((alice, bob), (bob, alice))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 303 in answers
    assert Role.OWNER in (_role(world, "alice"), _role(world, "bob"))


def test_what_bob_holds_goes_to_nora(alice, bob, nora, world) -> None:
    world.issues(3, assignees=(bob.member_id,))
    page = alice.get(f"{MEMBERS}/{bob.member_id}/removal")
    assert "Open issues" in page.text
    answer = alice.post(f"{MEMBERS}/{bob.member_id}/removal", {"successor": nora.member_id})
    assert answer.status_code == 303
    assert bob.get(MEMBERS).status_code == 404
    with organization(world.organization_id):
        assert set(db.session.scalars(select(IssueAssignee.member_id))) == {nora.member_id}


def test_work_left_to_nobody_waits_unassigned(bob, world) -> None:
    world.issues(2, assignees=(bob.member_id,))
    assert bob.post("/acme/settings/departure", {"successor": "0"}).status_code == 303
    with organization(world.organization_id):
        assert db.session.scalars(select(IssueAssignee)).all() == []


@pytest.mark.parametrize("successor", ["x", "-1", "999999"])
def test_successors_that_are_nobody(alice, bob, world, successor: str) -> None:
    assert alice.post(f"{MEMBERS}/{bob.member_id}/removal", {"successor": successor}).status_code == 422
    assert bob.get(MEMBERS).status_code == 200


def test_a_page_before_one_goes(bob, world) -> None:
    assert "Leave Acme" in bob.get("/acme/settings/departure").text
    assert bob.post("/acme/settings/departure", {"successor": world.cast["carol"].member_id}).status_code == 422
    assert bob.post("/acme/settings/departure", {"successor": "0"}).status_code == 303
    assert bob.get(MEMBERS).status_code == 404


def test_coming_back_is_the_same_member(alice, bob, world) -> None:
    """Who accepts a new invitation has their history and what they wrote, and holds nothing but the new role."""
    issue = world.issue()
    assert bob.post(f"/acme/issue/{issue.id}/comments", {"body": "It smokes."}).status_code == 303
    bob.post("/acme/settings/departure", {"successor": "0"})
    assert bob.get(MEMBERS).status_code == 404
    sent = {"email": "bob@example.test", "role": "viewer", "days": "7", "uses": "1"}
    shown = alice.post("/acme/settings/invitations", sent).text
    assert bob.post(re.search(r'value="http://trestle\.test(/invitation/[^"]+)"', shown)[1]).location == "/acme/"
    assert bob.get(MEMBERS).status_code == 200
    with organization(world.organization_id):
        [member] = db.session.scalars(select(Member).where(Member.user_id == bob.user_id)).all()
        assert (member.id, member.left_at, member.role) == (bob.member_id, None, Role.VIEWER)
        assert db.session.scalars(select(Comment.author_id)).all() == [bob.member_id]
        assert db.session.scalars(select(Issue.created_by_id)).all() == [bob.member_id]
        told = select(Activity.verb).where(Activity.noun == "member", Activity.actor_id == bob.member_id)
        assert db.session.scalars(told.order_by(Activity.id)).all() == ["member.left", "member.joined"]
    assert "Bob" in alice.get(f"/acme/issues/WEB-{issue.number}").text
