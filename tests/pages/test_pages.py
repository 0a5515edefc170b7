"""Single pages: made, read, written by two at once, renamed, locked, put away and brought back."""

from __future__ import annotations

import re

import pytest

from app.documents.queries import drafts_of
from app.kernel.database import db
from app.pages.models import Page
from tests.pages.conftest import Make
from tests.world import Person, World


def _write(who: Person, page: int, body: str, *, version: int = 1, title: str = "Handbook", htmx: bool = False):
    sent = {"title": title, "emoji": "", "body": body, "version": version}
    return who.post(f"/acme/pages/{page}", sent, htmx=htmx)


def test_bob_makes_a_page_and_writes_it(make: Make, bob: Person, alice: Person) -> None:
    page = make(bob, "Handbook", body="## First day\n\n**Ask** early.")
    shown = bob.get(f"/acme/pages/{page}").text
    for words in ("Handbook", "<strong>Ask</strong>", "First day", "Bob", "created this page"):
        assert words in shown
    assert "Handbook" in bob.get("/acme/projects/WEB/pages").text
    assert "Handbook" not in alice.get("/acme/pages").text


def test_a_page_needs_a_title(bob: Person) -> None:
    answer = bob.post("/acme/pages", {"title": "  ", "project": "WEB"})
    assert answer.status_code == 422
    assert "cannot be empty" in answer.text or "needs a title" in answer.text


def test_who_is_second_sees_both_texts(make: Make, alice: Person, bob: Person) -> None:
    page = make(bob, "Handbook")
    assert _write(alice, page, "Alice's words").status_code == 303
    answer = _write(bob, page, "Bob's words", htmx=True)
    assert answer.status_code == 422
    assert "Alice&#39;s words" in answer.text
    assert "Bob&#39;s words" in answer.text
    assert _write(bob, page, "Bob's words", version=2).status_code == 303
    assert "Bob&#39;s words" in bob.get(f"/acme/pages/{page}/edit").text


def test_drafts_are_forgotten_once_saved(make: Make, inside: World, bob: Person) -> None:
    page = make(bob, "Handbook")
    bob.post("/acme/drafts", {"key": f"page:{page}:text", "body": '{"body": "Half"}'})
    assert "Half" in bob.get(f"/acme/pages/{page}/edit").text
    _write(bob, page, "Whole")
    assert list(drafts_of(bob.member)) == []


def test_old_words_come_back(make: Make, alice: Person, bob: Person) -> None:
    page = make(bob, "Handbook", body="First words")
    _write(alice, page, "Second words", version=2)
    versions = alice.get(f"/acme/pages/{page}/versions").text
    assert "<ins>Second</ins>" in versions
    assert "<del>First</del>" in versions
    assert alice.post(f"/acme/pages/{page}/versions", {"version": "9"}).status_code == 422
    assert alice.post(f"/acme/pages/{page}/versions", {"version": "1"}).status_code == 303
    assert "First words" in alice.get(f"/acme/pages/{page}").text


def test_renaming_leaves_the_text(make: Make, bob: Person) -> None:
    page = make(bob, "Handbook", body="Words")
    answer = bob.post(f"/acme/pages/{page}/title", {"title": "Guide"}, htmx=True)
    assert "Guide" in answer.text
    shown = bob.get(f"/acme/pages/{page}").text
    assert "Words" in shown
    assert "changed the title from Handbook to Guide" in shown


def test_a_locked_page_stays_as_it_is(make: Make, bob: Person, anna: Person, alice: Person) -> None:
    page = make(bob, "Handbook", body="Words")
    assert anna.post(f"/acme/pages/{page}/lock").status_code == 403
    assert bob.post(f"/acme/pages/{page}/lock").status_code == 303
    refused = _write(anna, page, "Other words", version=2)
    assert refused.status_code == 422
    assert "locked" in refused.text
    assert "Other words" in refused.text
    assert anna.post(f"/acme/pages/{page}/title", {"title": "Guide"}).status_code == 409
    assert anna.post("/acme/pages/deletion", {"ids": page}).status_code == 409
    assert "Locked" in anna.get(f"/acme/pages/{page}").text
    assert alice.post(f"/acme/pages/{page}/unlocking").status_code == 303
    assert _write(anna, page, "Other words", version=2).status_code == 303


def test_what_is_deleted_together_comes_back_together(make: Make, inside: World, bob: Person) -> None:
    top = make(bob, "Handbook")
    below, gone = make(bob, "First day", parent=top), make(bob, "Long gone", parent=top)
    bob.post("/acme/pages/deletion", {"ids": gone})
    answer = bob.post("/acme/pages/deletion", {"ids": top}, htmx=True)
    assert "2 pages deleted" in answer.text
    assert f"/acme/pages/{top}/restoration" in answer.text
    assert bob.get(f"/acme/pages/{below}").status_code == 404
    assert "Long gone" in bob.get("/acme/pages/archive?project=WEB").text
    assert bob.post(f"/acme/pages/{top}/restoration").status_code == 303
    assert bob.get(f"/acme/pages/{below}").status_code == 200
    assert bob.get(f"/acme/pages/{gone}").status_code == 404


def test_it_comes_back_at_the_top_when_what_it_stood_below_is_gone(make: Make, inside: World, bob: Person) -> None:
    top = make(bob, "Handbook")
    below = make(bob, "First day", parent=top)
    for page in (below, top):
        bob.post("/acme/pages/deletion", {"ids": page})
    assert bob.post(f"/acme/pages/{below}/restoration").status_code == 303
    assert db.session.get_one(Page, (inside.organization_id, below)).parent_id is None
    assert "First day" in bob.get("/acme/projects/WEB/pages").text


def test_the_archive_is_read_but_not_written(make: Make, bob: Person) -> None:
    top = make(bob, "Handbook")
    below = make(bob, "First day", parent=top)
    assert bob.post(f"/acme/pages/{top}/archival").status_code == 303
    assert "Handbook" not in re.sub(r"<title>.*?</title>", "", bob.get("/acme/projects/WEB/pages").text)
    assert "in the archive" in bob.get(f"/acme/pages/{below}").text
    assert _write(bob, below, "Words", title="First day").status_code == 422
    assert bob.post(f"/acme/pages/{top}/return").status_code == 303
    tree = bob.get("/acme/projects/WEB/pages").text
    assert "Handbook" in tree
    assert "First day" in tree


def test_a_page_is_discussed_watched_and_its_readers_are_named(
    make: Make, bob: Person, alice: Person, work: object
) -> None:
    page = make(bob, "Handbook", body="Ask @Alice")
    assert 'class="mention"' in bob.get(f"/acme/pages/{page}").text
    said = bob.post(f"/acme/page/{page}/comments", {"body": "Is this still so, @Alice?"})
    assert said.status_code == 303
    assert f"/acme/pages/{page}#comment-" in said.location
    assert "Is this still so" in alice.get(f"/acme/pages/{page}").text
    work()  # type: ignore[operator]
    inbox = alice.get("/acme/inbox").text
    assert "Handbook" in inbox


def test_a_private_page_names_nobody_else(make: Make, bob: Person) -> None:
    page = make(bob, "Diary", private=True, body="Ask @Alice, or @Bob")
    shown = bob.get(f"/acme/pages/{page}").text
    assert shown.count('class="mention"') == 1


def test_headings_are_listed_and_cannot_be_forged(make: Make, bob: Person) -> None:
    body = "# One\n\n`<h3>Not one</h3>`\n\n## Two *slanted*\n\n<h3 id=x>Three</h3>\n\n# Four & more"
    shown = bob.get(f"/acme/pages/{make(bob, 'Handbook', body=body)}").text
    listed = re.search(r'aria-label="On this page">(.*?)</nav>', shown, re.DOTALL)
    assert listed
    assert re.findall(r"<a [^>]*>(.*?)</a>", listed[1]) == ["One", "Two slanted", "Four &amp; more"]
    assert shown.count('id="part-') == 3


def test_a_preview_is_safe(bob: Person) -> None:
    body = "**Bold** <script>alert(1)</script> [x](javascript:alert(1))"
    answer = bob.post("/acme/preview", {"body": body}, htmx=True)
    assert "<strong>Bold</strong>" in answer.text
    assert "<script" not in answer.text
    assert "href" not in answer.text


@pytest.mark.parametrize("asked", ["0", "99999999999999999999", "x", "-1"])
def test_versions_that_never_were(make: Make, bob: Person, asked: str) -> None:
    page = make(bob, "Handbook")
    assert bob.get(f"/acme/pages/{page}/versions?version={asked}").status_code in (200, 404)


def test_the_palette_finds_titles(world: World, make: Make, bob: Person, alice: Person) -> None:
    make(bob, "Release calendar")
    make(bob, "Release diary", private=True)
    world.index()
    mine, hers = (who.get("/acme/palette?q=release").text for who in (bob, alice))
    assert "calendar" in mine
    assert "diary" in mine
    assert "calendar" in hers
    assert "diary" not in hers
