"""Favourites, latest visits and links: one's own, of any noun, and never further than one sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.tenancy import organization
from app.projects.models import Project, ProjectMember
from app.search.commands import favourites as commands
from app.search.models import Favourite, Link
from app.search.queries.trails import Kept, favourites_of, latest_visits
from tests.world import Person, World


def kept(world: World, person: Person) -> list[Any]:
    """`["Web", ("Folder", ["WEB-1 …"])]`, in order."""

    def shown(one: Kept) -> Any:
        return one.thing.title if one.thing else (one.favourite.name, [shown(two) for two in one.inside])

    with organization(world.organization_id), world.app.test_request_context("/acme/"):
        return [shown(one) for one in favourites_of(person.member)]


def ids(world: World, person: Person) -> list[int]:
    with organization(world.organization_id):
        mine = sa.select(Favourite.id).where(Favourite.member_id == person.member_id)
        return list(db.session.scalars(mine.order_by(Favourite.id)))


def leave(world: World, person: Person) -> None:
    with organization(world.organization_id):
        db.session.execute(
            sa.delete(ProjectMember).where(
                ProjectMember.member_id == person.member_id, ProjectMember.project_id == world.ids.web
            )
        )
        db.session.commit()


def test_a_star_keeps_things_of_any_noun_and_lets_go_of_them(world: World, bob: Person) -> None:
    issue = world.issue("Printer")
    for path in (f"issue/{issue.id}", f"project/{world.ids.web}"):
        assert bob.post(f"/acme/{path}/favourite").status_code == 303
    assert kept(world, bob) == [f"WEB-{issue.number} Printer", "Web platform"]
    assert 'aria-pressed="true" aria-label="Favourite"' in bob.get(f"/acme/issues/WEB-{issue.number}").text
    assert "nav-favourites" in bob.get("/acme/").text
    bob.post(f"/acme/issue/{issue.id}/favourite")
    assert kept(world, bob) == ["Web platform"]


def test_folders_hold_favourites_in_an_order_of_ones_own(world: World, bob: Person) -> None:
    first, second = world.issues(2, title="Issue")
    for issue in (first, second):
        bob.post(f"/acme/issue/{issue.id}/favourite")
    assert bob.post("/acme/favourites/folders", {"name": "  Release \u202e work "}).status_code == 303
    one, two, folder = ids(world, bob)
    bob.post(f"/acme/favourites/{two}/place", {"folder": str(folder), "after": ""})
    bob.post(f"/acme/favourites/{one}/place", {"folder": str(folder), "after": str(two)})
    names = [f"WEB-{issue.number} {issue.title}" for issue in (second, first)]
    [(name, inside)] = kept(world, bob)
    assert name.startswith("Release")
    assert inside == names
    bob.post(f"/acme/favourites/{one}/place", {"folder": str(folder), "after": ""})
    assert kept(world, bob)[0][1] == names[::-1]
    bob.post(f"/acme/favourites/{folder}/name", {"name": "Next"})
    assert kept(world, bob)[0][0] == "Next"
    bob.post(f"/acme/favourites/{folder}/deletion")
    assert kept(world, bob) == names[::-1], "what stood in it stays"
    page = bob.get("/acme/favourites").text
    assert page.index(names[1]) < page.index(names[0])


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_folder_has_a_name(world: World, bob: Person, name: str) -> None:
    assert bob.post("/acme/favourites/folders", {"name": name}).status_code == 422
    assert ids(world, bob) == []


def test_folders_stand_in_no_folder_and_nobody_touches_anothers(world: World, bob: Person, vic: Person) -> None:
    for name in ("One", "Two"):
        bob.post("/acme/favourites/folders", {"name": name})
    one, two = ids(world, bob)
    assert bob.post(f"/acme/favourites/{one}/place", {"folder": str(two)}).status_code == 422
    for path, data in (("place", {}), ("name", {"name": "Mine"}), ("deletion", {})):
        assert vic.post(f"/acme/favourites/{one}/{path}", data).status_code == 404
    vic.post(f"/acme/issue/{world.issue().id}/favourite")
    [his] = ids(world, vic)
    assert vic.post(f"/acme/favourites/{his}/place", {"folder": str(one)}).status_code == 404
    assert vic.post(f"/acme/favourites/{his}/name", {"name": "x"}).status_code == 422


def test_there_is_an_end_to_favourites(world: World, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MOST", 2)
    with organization(world.organization_id):
        for name in ("One", "Two"):
            commands.make_folder(name, by=bob.member)
        with pytest.raises(Invalid):
            commands.make_folder("Three", by=bob.member)
        db.session.rollback()


def test_what_went_out_of_sight_is_neither_named_nor_forgotten(world: World, vic: Person) -> None:
    issue = world.issue("Secret plan")
    vic.post(f"/acme/issue/{issue.id}/favourite")
    assert vic.get(f"/acme/issues/WEB-{issue.number}").status_code == 200
    leave(world, vic)
    assert kept(world, vic) == []
    assert "Secret" not in vic.get("/acme/favourites").text + vic.get("/acme/").text
    assert len(ids(world, vic)) == 1
    assert vic.post(f"/acme/issue/{issue.id}/favourite").status_code == 404


def test_latest_visits_come_newest_first_and_only_what_is_seen(world: World, vic: Person) -> None:
    first, second = world.issues(2, title="Issue")
    for issue in (first, second, first):
        vic.get(f"/acme/issues/WEB-{issue.number}")
    vic.get("/acme/projects/OPS/board")
    with organization(world.organization_id), world.app.test_request_context("/acme/"):
        titles = [thing.title for thing in latest_visits(vic.member, 9)]
    assert titles == ["Operations", f"WEB-{first.number} {first.title}", f"WEB-{second.number} {second.title}"]
    leave(world, vic)
    with organization(world.organization_id), world.app.test_request_context("/acme/"):
        assert [thing.title for thing in latest_visits(vic.member, 9)] == ["Operations"]


def test_links_show_on_both_sides_once_and_can_be_removed_from_either(world: World, bob: Person) -> None:
    one, two = world.issue("Printer"), world.issue("Toner")
    for _ in range(2):
        assert bob.post(f"/acme/issue/{one.id}/links", {"to": f"issue:{two.id}"}).status_code == 303
    bob.post(f"/acme/issue/{two.id}/links", {"to": f"issue:{one.id}"})
    with organization(world.organization_id):
        [link] = db.session.scalars(sa.select(Link.id)).all()
    assert f"WEB-{two.number} Toner" in bob.get(f"/acme/issues/WEB-{one.number}").text
    assert f"WEB-{one.number} Printer" in bob.get(f"/acme/issues/WEB-{two.number}").text
    assert bob.post(f"/acme/issue/{two.id}/links/{link}/deletion").status_code == 303
    assert 'class="link-line"' not in bob.get(f"/acme/issues/WEB-{one.number}").text
    assert "removed a link" in bob.get(f"/acme/issues/WEB-{one.number}").text


@pytest.mark.parametrize("to", ["", "issue:", "issue:0", "nonsense:1", "issue:99999999999999999999", "issue:-1", ":"])
def test_a_link_leads_somewhere(world: World, bob: Person, to: str) -> None:
    assert bob.post(f"/acme/issue/{world.issue().id}/links", {"to": to}).status_code in (404, 422)


def test_a_thing_is_not_linked_to_itself(world: World, bob: Person) -> None:
    issue = world.issue()
    assert bob.post(f"/acme/issue/{issue.id}/links", {"to": f"issue:{issue.id}"}).status_code == 422


def test_nobody_links_to_what_they_do_not_see_nor_learns_its_name(
    world: World, olaf: Person, alice: Person, mallory: Person
) -> None:
    secret = world.issue("Secret plan")
    with organization(world.organization_id):
        db.session.add(ProjectMember(project_id=world.ids.ops, member_id=olaf.member_id))
        db.session.commit()
    open_one = world.issue("Open", project_id=world.ids.ops)
    assert olaf.post(f"/acme/issue/{open_one.id}/links", {"to": f"issue:{secret.id}"}).status_code == 404
    assert alice.post(f"/acme/issue/{open_one.id}/links", {"to": f"issue:{secret.id}"}).status_code == 303
    page = olaf.get(f"/acme/issues/OPS-{open_one.number}").text
    assert "Secret" not in page
    with organization(world.organization_id):
        link = db.session.scalars(sa.select(Link.id)).one()
    assert olaf.post(f"/acme/issue/{open_one.id}/links/{link}/deletion").status_code == 404
    assert mallory.post(f"/rival/issue/{open_one.id}/links", {"to": f"issue:{secret.id}"}).status_code == 404


def test_offers_are_what_one_sees_and_not_the_thing_itself(world: World, bob: Person, olaf: Person) -> None:
    one, two = world.issue("Printer A"), world.issue("Printer B")
    world.index()
    text = bob.get(f"/acme/issue/{one.id}/links/offers?q=printer").text
    assert (f"issue:{two.id}" in text, f"issue:{one.id}" in text) == (True, False)
    assert olaf.get(f"/acme/issue/{one.id}/links/offers?q=printer").status_code == 404


def test_the_frame_costs_the_same_however_much_is_kept(
    world: World, bob: Person, statements: Callable[..., Any]
) -> None:
    issues = world.issues(60, title="Issue")
    for issue in issues[:2]:
        bob.post(f"/acme/issue/{issue.id}/favourite")
    bob.get(f"/acme/issues/WEB-{issues[0].number}")
    bob.get("/acme/favourites")
    with statements() as few:
        bob.get("/acme/favourites")
    for issue in issues[2:]:
        bob.post(f"/acme/issue/{issue.id}/favourite")
    with statements() as many:
        bob.get("/acme/favourites")
    assert len(many) == len(few)


def test_deleted_things_are_no_favourites(world: World, bob: Person) -> None:
    issue = world.issue("Printer")
    bob.post(f"/acme/issue/{issue.id}/favourite")
    with organization(world.organization_id):
        db.session.execute(
            sa.text("UPDATE issues SET deleted_at = :now WHERE id = :id"), {"now": now(), "id": issue.id}
        )
        db.session.commit()
    assert kept(world, bob) == []
    with organization(world.organization_id):
        assert db.session.get(Project, (world.organization_id, world.ids.web)) is not None
