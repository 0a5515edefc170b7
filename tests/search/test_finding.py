"""Search over every noun: what it finds, how soon it knows, and what it never tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.boards.commands.editing import edit_issue
from app.boards.commands.making import IssueDraft, create_issues
from app.boards.models import Issue
from app.boards.queries.issues import issue_by_key
from app.kernel import outbox
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.projects.models import Project, ProjectMember, State, StateGroup
from app.search.models import SearchDocument
from app.search.queries.finding import find
from app.search.words import fold, query_of
from tests.search.test_palette import titles
from tests.world import Person, World


def dispatched(world: World) -> None:
    with organization(world.organization_id):
        outbox.dispatch()
        db.session.commit()


def keys(world: World, person: Person, asked: str) -> list[str]:
    """Titles of the issues that somebody finds, best first."""
    with organization(world.organization_id):
        return [hit.row.title for hit in find(person.member, asked, most=50).get("issue", [])]


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("Crème brûlée", "(creme:*) & (brulee:*)"),
        ("web-12", "(web <-> 12:*)"),
        ("検索", "(検 <-> 索:*)"),
        ("'); DROP TABLE x --", "(drop:*) & (table:*) & (x:*)"),
        ("a:* | b & !c", "(a:*) & (b:*) & (c:*)"),
        ("ﬁle STRASSE straße", "(file:*) & (strasse:*) & (strasse:*)"),
        ("🙂 % _ \\ <->", None),
    ],
)
def test_what_is_typed_is_words_and_nothing_else(typed: str, question: str | None) -> None:
    assert query_of(typed) == question


def test_folding_keeps_scripts_apart() -> None:
    assert fold("  Ünïted--naïve_ΣΊΣΥΦΟΣ\u200b مَدْرَسَة ") == "united naive σισυφοσ مدرسة"


def test_words_are_found_in_the_text_and_in_what_is_said(world: World, bob: Person, olaf: Person) -> None:
    issue = world.issue("Nothing to see", body="The Brûlée burner fails at 検索 and on anna@kestrel.test")
    assert bob.post(f"/acme/issue/{issue.id}/comments", {"body": "A *zeppelin* was seen"}).status_code == 303
    world.index()
    for asked in ("brulee", "BURN fail", "検索", "索", "anna@kestrel.test", "zeppelin", "seen zepp"):
        assert keys(world, bob, asked) == ["Nothing to see"], asked
        assert keys(world, olaf, asked) == [], asked
    assert keys(world, bob, "kestrel-anna") == []


def test_the_title_weighs_more_than_the_text(world: World, bob: Person) -> None:
    world.issue("About something else", body="lantern " * 3)
    world.issue("The lantern")
    world.index()
    assert keys(world, bob, "lantern") == ["The lantern", "About something else"]


def test_it_knows_of_a_change_once_it_is_dispatched(world: World, bob: Person) -> None:
    with organization(world.organization_id):
        project = db.session.get_one(Project, (world.organization_id, world.ids.web))
        (issue,) = create_issues(project, [IssueDraft("Otter in the pond")], by=bob.member)
        db.session.commit()
        dispatched(world)
        assert keys(world, bob, "otter") == ["Otter in the pond"]
        edit_issue(issue_by_key(bob.member, issue.key), by=bob.member, title="Beaver in the pond", body="")
        db.session.commit()
    dispatched(world)
    assert (keys(world, bob, "otter"), keys(world, bob, "beaver")) == ([], ["Beaver in the pond"])


def test_who_leaves_a_project_finds_nothing_of_it_at_once(world: World, vic: Person) -> None:
    world.issue("Secret plan")
    world.index()
    assert keys(world, vic, "secret") == ["Secret plan"]
    with organization(world.organization_id):
        db.session.execute(
            sa.delete(ProjectMember).where(
                ProjectMember.member_id == vic.member_id, ProjectMember.project_id == world.ids.web
            )
        )
        db.session.commit()
    assert keys(world, vic, "secret") == []
    assert titles(vic, "secret") == []


def test_the_second_sieve_holds_when_the_index_is_behind(world: World, bob: Person) -> None:
    issue = world.issue("Secret plan")
    world.index()
    with organization(world.organization_id):
        db.session.execute(sa.update(Issue).where(Issue.id == issue.id).values(deleted_at=now()))
        db.session.commit()
    assert keys(world, bob, "secret") == []


def test_what_is_out_of_sight_takes_nobodys_place(world: World, olaf: Person) -> None:
    """Hundreds that fit better and are hidden do not crowd out the one that is to be seen."""
    world.issues(40, title="Lantern lantern")
    with organization(world.organization_id):
        own = Project(name="Olaf's", identifier="OLA")
        db.session.add(own)
        db.session.flush()
        db.session.add(ProjectMember(project_id=own.id, member_id=olaf.member_id))
        made = own.id
        db.session.commit()
    with organization(world.organization_id):
        state = State(project_id=made, name="Todo", group=StateGroup.UNSTARTED, rank="a0")
        db.session.add(state)
        db.session.flush()
        db.session.add(
            Issue(
                project_id=made,
                number=1,
                title="My lantern",
                state_id=state.id,
                rank="a0",
                created_by_id=olaf.member_id,
            )
        )
        db.session.commit()
    world.index()
    assert keys(world, olaf, "lantern") == ["My lantern"]


def test_the_page_shows_where_it_was_found_and_nothing_is_markup(world: World, bob: Person) -> None:
    world.issue("<i>Odd</i>", body="Before it <script>alert(1)</script> a walrus sang")
    world.index()
    text = bob.get("/acme/search?q=walrus").text
    assert "&lt;i&gt;Odd&lt;/i&gt;" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; a <mark>walrus</mark> sang" in text
    assert "Nothing that you can see" in bob.get("/acme/search?q=unicorns").text
    assert bob.get("/acme/search?q=walrus&noun=nonsense").status_code == 404
    assert bob.get("/acme/search?q=walrus&noun=issue").status_code == 200


def test_another_organization_finds_nothing(world: World, mallory: Person) -> None:
    world.issue("Secret plan")
    world.index()
    assert "Secret" not in mallory.get("/rival/search?q=secret").text.replace('value="secret"', "")
    assert mallory.get("/acme/search?q=secret").status_code == 404


@pytest.mark.parametrize("audiences", [["everybody"], ["project:1", "project:2", "colleagues"], []])
def test_the_function_holds_itself_to_its_organization(world: World, audiences: list[str]) -> None:
    world.issue("Secret plan")
    world.index()
    audiences = [*audiences, f"project:{world.ids.web}"]
    ask = sa.text("SELECT count(*) FROM find_documents('secret:*', CAST(:audiences AS text[]), '{issue}', 50)")
    with organization(world.organization_id):
        assert db.session.scalar(ask, {"audiences": audiences}) == 1
    with organization(world.rival_id):
        assert db.session.scalar(ask, {"audiences": audiences}) == 0
        forged = sa.text(
            "SELECT count(*) FROM find_documents('secret:*', CAST(:audiences AS text[]), ARRAY[:noun], 50)"
        )
        noun = f"{world.organization_id}:issue' | '@{world.organization_id}:issue"
        assert db.session.scalar(forged, {"audiences": audiences, "noun": noun}) == 0
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SearchDocument)) == 0


def test_a_broken_question_is_refused_by_the_database_not_run(world: World) -> None:
    with organization(world.organization_id), pytest.raises(DBAPIError):
        db.session.execute(sa.text("SELECT * FROM find_documents('a b', '{}', '{issue}', 5)"))
    db.session.rollback()


def test_words_are_found_by_the_index(world: World, owner: sa.Engine) -> None:
    """The question as the function asks it can be answered by the index; how fast that is, `bench search` says."""
    world.issues(2000, title="Filler")
    world.issue("Quetzal")
    world.index()
    with owner.begin() as connection:
        connection.exec_driver_sql("ANALYZE search_documents")
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.execute(
            sa.text(
                "EXPLAIN SELECT subject_id FROM search_documents"
                f" WHERE words @@ ('''@{world.organization_id}:issue'''::tsquery && to_tsquery('simple', 'quetzal:*'))"
            )
        ).scalars()
        lines = "\n".join(plan)
        assert "ix_search_documents_words" in lines, lines


def test_the_page_costs_the_same_however_much_there_is(
    world: World, bob: Person, statements: Callable[..., Any]
) -> None:
    world.issues(3, title="Printer")
    world.index()
    bob.get("/acme/search?q=printer")
    with statements() as few:
        bob.get("/acme/search?q=printer")
    world.issues(300, title="Printer")
    world.index()
    with statements() as many:
        bob.get("/acme/search?q=printer")
    assert len(many) == len(few)
