"""Whoever is out stays out: a link they kept, somebody's undo and a filter by their number do not bring them in."""

from __future__ import annotations

import re

from sqlalchemy import select

from app.boards.models import IssueAssignee
from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from tests.world import Person, World


def test_a_kept_link_does_not_let_the_removed_in_again(world: World, alice: Person, bob: Person) -> None:
    page = alice.post("/acme/settings/invitations", {"role": "admin", "days": "7", "uses": "25"}).text
    [kept] = set(re.findall(r"/invitation/[\w-]+", page))
    alice.post("/acme/settings/members/removal", {"ids": bob.member_id})
    answer = bob.post(kept)
    assert answer.status_code == 409
    assert "older than that" in answer.text
    assert bob.get("/acme/").status_code == 404
    alice.post("/acme/settings/invitations", {"role": "viewer", "days": "7", "uses": "1"})
    page = alice.post("/acme/settings/invitations", {"role": "viewer", "days": "7", "uses": "1"}).text
    [made_since] = set(re.findall(r"/invitation/[\w-]+", page)) - {kept}
    assert bob.post(made_since).location == "/acme/"
    with organization(world.organization_id):
        assert bob.member.role == Role.VIEWER


def test_an_undo_puts_nobody_to_work_where_they_see_nothing(
    world: World, alice: Person, bob: Person, olaf: Person, vic: Person
) -> None:
    issue = world.issue(assignees=(olaf.member_id, vic.member_id))
    alice.post("/acme/projects/WEB/settings/members", {"members": olaf.member_id})
    for person in (olaf, vic):
        bob.post("/acme/projects/WEB/issues/assignees", {"ids": issue.id, "assignees": person.member_id}, htmx=True)
    alice.post(f"/acme/projects/WEB/settings/members/{olaf.member_id}/removal")
    with organization(world.organization_id):
        taken_off = select(Activity.id).where(Activity.verb == "issue.unassigned").order_by(Activity.id)
        from_olaf, from_vic = db.session.scalars(taken_off).all()
    assert bob.post(f"/acme/activities/{from_vic}/undo").status_code == 303
    assert bob.post(f"/acme/activities/{from_olaf}/undo").status_code == 409
    with organization(world.organization_id):
        assert db.session.scalars(select(IssueAssignee.member_id)).all() == [vic.member_id]


def test_a_filter_names_no_customer(vic: Person, carol: Person, mallory: Person, bob: Person) -> None:
    for stranger in (carol, mallory):
        page = vic.get(f"/acme/projects/WEB/board?assignee={stranger.member_id}").text
        assert stranger.name.capitalize() not in page
    assert "Bob" in vic.get(f"/acme/projects/WEB/board?assignee={bob.member_id}").text
