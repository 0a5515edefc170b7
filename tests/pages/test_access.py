"""Who sees which page: privacy goes down the tree and is never widened, whoever tries what."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.events import noun_named
from app.kernel.tenancy import organization
from app.organizations.models import Member
from app.pages.models import Access, Page
from tests.pages.conftest import Make
from tests.world import Person, World


def _access(world: World, page: int) -> Access:
    with organization(world.organization_id):
        access = db.session.scalars(select(Page.access).where(Page.id == page)).one()
        db.session.expunge_all()
    return access


def _every_way_in(page: int) -> list[str]:
    base = f"/acme/pages/{page}"
    ways = ["", "?part", "?nav", "?text", "/edit", "/title", "/versions", "/versions?version=1"]
    return [*(base + way for way in ways), f"/acme/pages/move?ids={page}", f"/acme/pages/title?ids={page}"]


@pytest.mark.parametrize("who", ["alice", "anna", "vic", "olaf", "carol", "mallory"])
def test_a_private_page_is_not_there_for_anybody_else(
    make: Make, world: World, bob: Person, cast: dict[str, Person], who: str
) -> None:
    top = make(bob, "Diary of Bob", project="", private=True, body="Secret plans")
    below = make(bob, "Appendix of Bob", project="", parent=top)
    assert _access(world, below) is Access.PRIVATE
    other = cast[who]
    for page in (top, below):
        for way in _every_way_in(page):
            assert bob.get(way).status_code == 200, way
            assert other.get(way).status_code in (403, 404), way
        sent = {"title": "Mine now", "emoji": "", "body": "Mine now", "version": "1"}
        for act, data in (
            ("", sent),
            ("/title", sent),
            ("/versions", {"version": 1}),
            ("/lock", {}),
            ("/unlocking", {}),
            ("/access", {"access": "public"}),
            ("/archival", {}),
            ("/return", {}),
            ("/restoration", {}),
        ):
            assert other.post(f"/acme/pages/{page}{act}", data).status_code == 404, act
        for act, data in (
            ("/acme/pages/moves", {"ids": page, "parent": 0}),
            ("/acme/pages/deletion", {"ids": page}),
            (f"/acme/page/{page}/comments", {"body": "Hello"}),
            ("/acme/pages", {"title": "Child", "parent": page, "project": ""}),
        ):
            assert other.post(act, data).status_code in (403, 404), act
    seen = "".join(
        other.get(path).text for path in ("/acme/pages", "/acme/pages/archive", "/acme/palette?q=bob", "/acme/")
    )
    assert "of Bob" not in seen


def test_below_what_is_private_everything_is(make: Make, world: World, bob: Person, alice: Person) -> None:
    diary, notes = make(bob, "Diary", private=True), make(bob, "Notes")
    below = make(bob, "Below notes", parent=notes)
    assert bob.post("/acme/pages/moves", {"ids": notes, "parent": diary}).status_code == 303
    assert [_access(world, page) for page in (notes, below)] == [Access.PRIVATE] * 2
    assert alice.get(f"/acme/pages/{below}").status_code == 404
    refused = bob.post(f"/acme/pages/{below}/access", {"access": "public"})
    assert refused.status_code == 422
    assert bob.post(f"/acme/pages/{diary}/access", {"access": "public"}).status_code == 303
    assert alice.get(f"/acme/pages/{below}").status_code == 200


def test_nobody_hides_what_is_anothers(make: Make, world: World, bob: Person, alice: Person) -> None:
    notes, diary = make(bob, "Notes"), make(bob, "Diary", private=True)
    hers = make(alice, "Alice's part", parent=notes)
    assert bob.post(f"/acme/pages/{notes}/access", {"access": "private"}).status_code == 422
    assert bob.post("/acme/pages/moves", {"ids": notes, "parent": diary}).status_code == 422
    assert alice.post(f"/acme/pages/{notes}/access", {"access": "private"}).status_code == 403
    assert {_access(world, notes), _access(world, hers)} == {Access.PUBLIC}


def test_nobody_moves_below_a_private_page_of_another(make: Make, world: World, bob: Person, alice: Person) -> None:
    diary, hers = make(bob, "Diary", private=True), make(alice, "Alice's")
    assert alice.post("/acme/pages/moves", {"ids": hers, "parent": diary}).status_code == 404
    assert alice.post("/acme/pages", {"title": "Child", "project": "WEB", "parent": diary}).status_code == 404


def test_deleting_leaves_others_their_private_pages(make: Make, world: World, bob: Person, alice: Person) -> None:
    notes = make(bob, "Notes")
    hers = make(alice, "Alice's diary", parent=notes, private=True)
    bob.post("/acme/pages/deletion", {"ids": notes})
    assert alice.get(f"/acme/pages/{hers}").status_code == 200
    tree = alice.get("/acme/projects/WEB/pages").text
    assert "Alice&#39;s diary" in tree
    assert ">Notes<" not in tree


def test_it_comes_back_no_wider_than_it_may(make: Make, world: World, bob: Person, alice: Person) -> None:
    """Deleted below a public page that is private now."""
    notes = make(bob, "Notes")
    mine, hers = make(bob, "Bob's", parent=notes), make(alice, "Alice's", parent=notes)
    for page in (mine, hers):
        bob.post("/acme/pages/deletion", {"ids": page})
    assert bob.post(f"/acme/pages/{notes}/access", {"access": "private"}).status_code == 303
    assert bob.post(f"/acme/pages/{mine}/restoration").status_code == 303
    assert alice.post(f"/acme/pages/{hers}/restoration").status_code == 303
    assert _access(world, mine) is Access.PRIVATE
    assert alice.get(f"/acme/pages/{mine}").status_code == 404
    with organization(world.organization_id):
        found = db.session.get_one(Page, (world.organization_id, hers))
        assert (found.access, found.parent_id) == (Access.PUBLIC, None)


def test_a_parent_of_another_project_or_organization_is_refused(
    make: Make, world: World, bob: Person, mallory: Person
) -> None:
    ops, web = make(bob, "Of OPS", project="OPS"), make(bob, "Of WEB")
    wiki = make(bob, "Of all", project="")
    for parent in (ops, wiki):
        sent = {"title": "Child", "project": "WEB", "parent": parent}
        assert bob.post("/acme/pages", sent).status_code == 422
        assert bob.post("/acme/pages/moves", {"ids": web, "parent": parent}).status_code == 422
    assert bob.post("/acme/pages/moves", {"ids": [web, ops], "parent": 0}).status_code == 422
    assert mallory.post("/rival/pages", {"title": "Child", "project": "WEB", "parent": web}).status_code == 404
    assert mallory.post("/rival/pages/moves", {"ids": web, "parent": 0}).status_code == 404
    assert mallory.get(f"/rival/pages/{web}").status_code == 404


def test_guests_see_the_pages_of_their_projects_alone(make: Make, world: World, bob: Person, vic: Person) -> None:
    of_project, of_all = make(bob, "Of WEB"), make(bob, "Of all", project="")
    with organization(world.organization_id):
        db.session.get_one(Member, (world.organization_id, vic.member_id)).role = Role.GUEST
        db.session.commit()
    assert vic.get(f"/acme/pages/{of_project}").status_code == 200
    assert vic.get(f"/acme/pages/{of_all}").status_code == 404
    assert vic.get("/acme/pages").status_code == 403
    assert vic.get("/acme/pages/archive").status_code == 403


def test_search_is_told_who_may_find_it(make: Make, inside: World, bob: Person) -> None:
    page = noun_named("page")
    ids = [make(bob, "A"), make(bob, "B", project=""), make(bob, "C", private=True)]
    rows = [db.session.get_one(Page, (inside.organization_id, one)) for one in ids]
    expected = [[f"project:{inside.ids.web}"], ["colleagues"], [f"member:{bob.member_id}"]]
    assert [list(page.audience(row)) for row in rows] == expected


def test_histories_do_not_name_private_parents(make: Make, world: World, bob: Person, alice: Person) -> None:
    diary = make(bob, "Secret diary", private=True)
    page = make(bob, "Notes")
    bob.post("/acme/pages/moves", {"ids": page, "parent": diary})
    bob.post("/acme/pages/moves", {"ids": page, "parent": 0})
    bob.post(f"/acme/pages/{page}/access", {"access": "public"})
    shown = alice.get(f"/acme/pages/{page}").text
    assert "moved this page" in shown
    assert not re.search("Secret diary", shown)
