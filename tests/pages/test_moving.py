"""The tree: walked, moved in by steps and by choice, never a circle, never too deep, also when two move at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.documents.models import Document
from app.kernel.database import db
from app.kernel.ranks import ranks_between
from app.kernel.tenancy import organization
from app.pages.models import Access, Page
from app.pages.queries.lineage import DEEPEST
from app.pages.queries.tree import tree_of
from tests.pages.conftest import Make
from tests.world import Person, World

MOVES = "/acme/pages/moves"


def _shape(world: World, who: Person) -> list[Any]:
    """The tree of WEB as somebody sees it: titles, nested."""

    def nested(branches: list[Any]) -> list[Any]:
        found: list[Any] = []
        for branch in branches:
            found.append(branch.page.title)
            if branch.children:
                found.append(nested(branch.children))
        return found

    from app.projects.models import Project

    with organization(world.organization_id):
        project = db.session.get_one(Project, (world.organization_id, world.ids.web))
        tree = tree_of(who.member, project, "/", opened=None)
        shape = nested(tree.public + tree.private)
        db.session.expunge_all()
    return shape


def test_steps_go_through_the_whole_tree_and_back(make: Make, world: World, bob: Person) -> None:
    make(bob, "A")
    make(bob, "B")
    c = make(bob, "C")

    def step(way: str) -> Any:
        assert bob.post(MOVES, {"ids": c, "step": way}, htmx=True).status_code == 200
        return _shape(world, bob)

    assert step("up") == ["A", "C", "B"]
    assert step("in") == ["A", ["C"], "B"]
    assert step("in") == ["A", ["C"], "B"]
    assert step("out") == ["A", "C", "B"]
    assert step("down") == ["A", "B", "C"]
    assert step("down") == ["A", "B", "C"]
    assert step("in") == ["A", "B", ["C"]]


def test_a_move_is_taken_back_by_its_toast(make: Make, world: World, bob: Person) -> None:
    a, _, c = make(bob, "A"), make(bob, "B"), make(bob, "C")
    answer = bob.post(MOVES, {"ids": a, "parent": c}, htmx=True)
    assert _shape(world, bob) == ["B", "C", ["A"]]
    undo = answer.text.split("data-undo")[0].rsplit('hx-post="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert bob.post(undo, htmx=True).status_code == 200
    assert _shape(world, bob) == ["A", "B", "C"]


def test_the_dialog_offers_what_can_be_chosen(make: Make, world: World, bob: Person, alice: Person) -> None:
    top = make(bob, "Handbook")
    below = make(bob, "Handbook of guests", parent=top)
    make(bob, "Handbook of hosts")
    make(alice, "Handbook of secrets", private=True)
    make(bob, "Handbook of everybody", project="")
    offered = bob.get(f"/acme/pages/move?ids={top}&q=handbook").text
    assert "of hosts" in offered
    for never in ("of guests", "of secrets", "of everybody"):
        assert never not in offered
    assert bob.post(MOVES, {"ids": below, "parent": "0"}).status_code == 303
    assert _shape(world, bob) == ["Handbook", "Handbook of hosts", "Handbook of guests"]


def test_no_page_stands_below_itself(make: Make, world: World, bob: Person) -> None:
    a = make(bob, "A")
    b = make(bob, "B", parent=a)
    c = make(bob, "C", parent=b)
    for parent in (a, b, c):
        assert bob.post(MOVES, {"ids": a, "parent": parent}).status_code == 422
    assert _shape(world, bob) == ["A", ["B", ["C"]]]


def test_a_tree_grows_only_so_deep(make: Make, world: World, bob: Person) -> None:
    parent = 0
    for level in range(DEEPEST):
        parent = make(bob, f"Level {level}", parent=parent)
    assert bob.post("/acme/pages", {"title": "Deeper", "project": "WEB", "parent": parent}).status_code == 422
    loose = make(bob, "Loose")
    assert bob.post(MOVES, {"ids": loose, "parent": parent}).status_code == 422


def test_two_who_move_two_pages_below_each_other_make_no_circle(
    make: Make, world: World, bob: Person, alice: Person
) -> None:
    a, b = make(bob, "A"), make(bob, "B")
    answers: list[int] = []
    start = threading.Barrier(2)

    def move(who: Person, page: int, parent: int) -> None:
        start.wait()
        answers.append(who.post(MOVES, {"ids": page, "parent": parent}).status_code)

    threads = [threading.Thread(target=move, args=each) for each in ((bob, a, b), (alice, b, a))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 422]
    assert _shape(world, bob) in (["A", ["B"]], ["B", ["A"]])


@pytest.mark.parametrize(
    "sent", [{"after": 1}, {"before": 99}, {"step": "sideways"}, {"parent": "x"}, {"parent": 2**62}]
)
def test_odd_places_move_nothing(make: Make, world: World, bob: Person, sent: dict[str, Any]) -> None:
    a = make(bob, "A")
    if "after" in sent:
        sent = {"after": make(bob, "Elsewhere", project="")}
    assert bob.post(MOVES, {"ids": a, **sent}).status_code in (404, 422)
    assert _shape(world, bob) == ["A"]


def test_dropping_at_one_place_for_ever_keeps_the_order(make: Make, world: World, bob: Person) -> None:
    a, b, c = make(bob, "A"), make(bob, "B"), make(bob, "C")
    with organization(world.organization_id):
        for page, rank in ((a, "a0" + "V" * 61), (b, "a0" + "V" * 61 + "1"), (c, "a1")):
            db.session.get_one(Page, (world.organization_id, page)).rank = rank
        db.session.commit()
    assert bob.post(MOVES, {"ids": c, "before": b}).status_code == 303
    assert _shape(world, bob) == ["A", "C", "B"]
    with organization(world.organization_id):
        assert max(len(rank) for rank in db.session.scalars(select(Page.rank))) < 60


@pytest.fixture
def many(world: World) -> Callable[[int], None]:
    """Puts pages straight into WEB's tree: half at the top, half below the first."""

    def put(count: int) -> None:
        with organization(world.organization_id):
            owner = world.cast["bob"].member_id
            document = Document()
            db.session.add(document)
            db.session.flush()
            ranks = ranks_between(None, None, count)
            common = {"organization_id": world.organization_id, "project_id": world.ids.web, "owner_id": owner}
            common |= {"document_id": document.id, "access": Access.PUBLIC}
            rows = [common | {"title": f"Page {place}", "rank": rank} for place, rank in enumerate(ranks)]
            first = db.session.scalar(insert(Page).values(rows[0]).returning(Page.id))
            db.session.execute(
                insert(Page), [row | {"parent_id": first if place % 2 else None} for place, row in enumerate(rows[1:])]
            )
            db.session.commit()

    return put


def test_a_tree_of_thousands_costs_what_a_small_one_does(
    many: Callable[[int], None], world: World, bob: Person, statements: Callable[[], Any]
) -> None:
    many(10)
    for path in ("/acme/projects/WEB/pages", "/acme/projects/WEB/pages?part"):
        bob.get(path)
    with statements() as few:
        small = bob.get("/acme/projects/WEB/pages")
    many(5000)
    with statements() as some:
        large = bob.get("/acme/projects/WEB/pages")
    assert len(few) == len(some), "\n".join(some)
    assert "Show 2306 more" in large.text or "more</a>" in large.text
    assert large.text.count("tree-row") < 500
    assert small.text.count("tree-row") == 10


def test_a_page_in_a_tree_of_thousands_costs_the_same(
    many: Callable[[int], None], make: Make, world: World, bob: Person, statements: Callable[[], Any]
) -> None:
    page = make(bob, "Handbook")
    bob.get(f"/acme/pages/{page}")
    with statements() as few:
        bob.get(f"/acme/pages/{page}")
    many(3000)
    with statements() as some:
        bob.get(f"/acme/pages/{page}")
    assert len(few) == len(some), "\n".join(some)


def test_what_is_open_stands_in_the_address(make: Make, world: World, bob: Person) -> None:
    a = make(bob, "A")
    make(bob, "Below", parent=a)
    assert "Below" in bob.get("/acme/projects/WEB/pages").text
    assert ">Below<" not in bob.get("/acme/projects/WEB/pages?open=").text
    assert ">Below<" in bob.get(f"/acme/projects/WEB/pages?open={a}").text
    for odd in ("x.y", "9" * 400, ".".join(map(str, range(5000))), f"{a}.{a}"):
        assert bob.get(f"/acme/projects/WEB/pages?open={odd}&all=x").status_code == 200
