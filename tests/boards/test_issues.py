"""Single issues: made, read, edited, deleted, restored. Nothing typed is lost; nobody sees what is not theirs."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from app.boards.models import Issue
from app.documents.commands import save_draft
from app.documents.queries import drafts_of
from app.kernel.database import db
from app.kernel.ledger import Activity
from tests.world import Person, World

NEW = "/acme/projects/WEB/issues/new"
CREATE = "/acme/projects/WEB/issues"


def _data(world: World, **more: object) -> dict[str, object]:
    return {"title": "Printer on fire", "state": world.ids.states["Todo"], "priority": 0, **more}


def _only(world: World) -> Issue:
    db.session.expire_all()
    return db.session.scalars(select(Issue)).one()


def test_bob_makes_an_issue_on_its_page(inside: World, bob: Person) -> None:
    assert "Create issue" in bob.get(NEW).text
    answer = bob.post(
        CREATE,
        _data(
            inside,
            body="**Hot**",
            priority=4,
            assignees=[bob.member_id],
            labels=[inside.ids.labels["Bug"]],
            start_date="2026-01-01",
            due_date="2026-02-01",
        ),
    )
    assert answer.status_code == 303
    page = bob.get(answer.location).text
    for shown in ("WEB-1", "Printer on fire", "<strong>Hot</strong>", "Urgent", "Bug", "Bob", "created this issue"):
        assert shown in page


def test_in_the_dialog_one_after_the_other(inside: World, bob: Person) -> None:
    dialog = bob.get(NEW, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert "<html" not in dialog
    assert "Create more" in dialog
    last = bob.post(CREATE, _data(inside), htmx=True)
    assert "close-dialog" in last.headers["HX-Trigger"]
    more = bob.post(CREATE, _data(inside, title="Next", priority=3, more="1"), htmx=True)
    assert "close-dialog" not in more.headers["HX-Trigger"]
    assert "WEB-2 created" in more.text
    assert re.search(r'<option selected value="3">High', more.text)  # stays chosen for the next
    assert 'value="Next"' not in more.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "An issue needs a title."),
        ({"title": "  \u200f\u202e "}, "This cannot be empty."),
        ({"title": "x" * 301}, "At most 300 characters"),
        ({"title": "x" * 1_000_000}, "At most 300 characters"),
        ({"state": "nonsense"}, "Invalid choice"),
        ({"state": 10**30}, "Not a valid choice"),
        ({"priority": 5}, "valid choice"),
        ({"body": "x" * 100_001}, "At most 100,000"),
        ({"assignees": ["x"]}, "coerced"),
        ({"due_date": "31.12."}, "valid date"),
        ({"title": ["a", "b"]}, "sent twice"),
        ({"start_date": "2026-02-02", "due_date": "2026-02-01"}, "before the start date"),
    ],
)
def test_what_an_issue_cannot_be(world: World, bob: Person, change: dict[str, object], sentence: str) -> None:
    answer = bob.post(CREATE, _data(world, **{"body": "Keep this", **change}))
    assert answer.status_code == 422
    assert sentence.lower() in answer.text.lower()
    assert "Keep this" in answer.text or "body" in change


def test_nobody_outside_the_project_can_be_chosen(world: World, bob: Person) -> None:
    for who in ("olaf", "carol", "mallory"):
        assert bob.post(CREATE, _data(world, assignees=[world.cast[who].member_id])).status_code == 422


def test_nul_bytes_are_refused(world: World, bob: Person) -> None:
    assert bob.post(CREATE, _data(world, title="a\0b")).status_code == 400


def test_marks_that_turn_the_line_are_taken_out(inside: World, bob: Person) -> None:
    bob.post(CREATE, _data(inside, title="\u202eevil\u202c  title 🚀"))
    assert _only(inside).title == "evil title 🚀"


def test_what_others_wrote_runs_nowhere(inside: World, bob: Person) -> None:
    attack = "<script>alert(1)</script>"
    answer = bob.post(CREATE, _data(inside, title=attack, body=f"{attack} [x](javascript:alert(1))"))
    for view in ("", "?peek", "?part", "/edit"):
        text = bob.get(answer.location + view).text
        assert attack not in text
        assert 'href="javascript' not in text


def test_a_draft_is_offered_and_forgotten_when_saved(inside: World, bob: Person) -> None:
    save_draft(bob.member, "issue:WEB:new", {"title": "Half"})
    db.session.commit()
    offered = re.search(r'data-draft-fields="([^"]*)"', bob.get(NEW).text)
    assert offered
    assert json.loads(unescape(offered[1])) == {"title": "Half"}
    bob.post(CREATE, _data(inside))
    assert drafts_of(bob.member) == []


def test_editing_title_and_description(inside: World, alice: Person) -> None:
    inside.issue(body="Old words")
    assert "Old words" in alice.get("/acme/issues/WEB-1/edit").text
    answer = alice.post("/acme/issues/WEB-1", {"title": "Smoke", "body": "New words", "version": 1}, htmx=True)
    assert answer.status_code == 200
    assert 'hx-target="#issue-text"' in answer.text
    assert "Undo" in answer.text
    changed = _only(inside)
    assert (changed.title, changed.version) == ("Smoke", 2)
    page = alice.get("/acme/issues/web-1").text
    assert "changed the title from Printer on fire to Smoke and changed the description" in page
    assert "New words" in page


def test_a_plain_form_leads_back_to_the_issue(world: World, bob: Person) -> None:
    world.issue()
    answer = bob.post("/acme/issues/WEB-1", {"title": "Smoke", "body": "", "version": 1})
    assert answer.status_code == 303
    assert answer.location.endswith("/acme/issues/WEB-1")


def test_who_is_second_sees_both_texts_and_chooses(inside: World, alice: Person, bob: Person) -> None:
    inside.issue(body="First")
    alice.post("/acme/issues/WEB-1", {"title": "Alice's title", "body": "Alice's text", "version": 1})
    stale = bob.post("/acme/issues/WEB-1", {"title": "Bob's title", "body": "Bob's text", "version": 1})
    assert stale.status_code == 422
    for kept in ("Alice's title", "Alice's text", "Bob's title", "Bob's text", "while you were writing"):
        assert kept in unescape(stale.text)
    assert 'name="version" type="hidden" value="2"' in stale.text
    assert _only(inside).title == "Alice's title"
    bob.post("/acme/issues/WEB-1", {"title": "Bob's title", "body": "Bob's text", "version": 2})
    assert _only(inside).title == "Bob's title"


def test_the_same_text_twice_is_no_conflict(world: World, alice: Person, bob: Person) -> None:
    world.issue()
    for person in (alice, bob):
        data = {"title": "Same", "body": "Same", "version": 1}
        assert person.post("/acme/issues/WEB-1", data).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"version": ""},
        {"version": "x"},
        {"version": "9" * 40},
        {"title": ""},
        {"title": "x" * 301},
        {"body": "x" * 100_001},
        {"version": ["1", "2"]},
    ],
)
def test_broken_edits_are_refused_and_kept(world: World, bob: Person, change: dict[str, object]) -> None:
    world.issue()
    answer = bob.post("/acme/issues/WEB-1", {"title": "Typed", "body": "Kept", "version": 1, **change})
    assert answer.status_code == 422
    assert "Kept" in answer.text or "body" in change


def test_versions_are_compared_and_brought_back(inside: World, alice: Person, bob: Person) -> None:
    inside.issue(body="One two three")
    alice.post("/acme/issues/WEB-1", {"title": "Printer on fire", "body": "One four three", "version": 1})
    page = alice.get("/acme/issues/WEB-1/versions").text
    assert "<del>two</del><ins>four</ins>" in page
    dialog = alice.get("/acme/issues/WEB-1/versions?version=2", headers={"HX-Request": "true"}).text
    assert "<html" not in dialog
    assert "<ins>four</ins>" in dialog
    assert alice.post("/acme/issues/WEB-1/versions", {"version": 1}).status_code == 303
    assert "One two three" in bob.get("/acme/issues/WEB-1").text
    assert alice.post("/acme/issues/WEB-1/versions", {"version": 77}).status_code == 422
    assert alice.get("/acme/issues/WEB-1/versions?version=77").status_code == 404


def test_deleted_undone_deleted_restored(inside: World, bob: Person) -> None:
    inside.issue()
    deleted = bob.post("/acme/issues/WEB-1/deletion", htmx=True)
    undo = re.search(r'hx-post="([^"]+/undo)"', deleted.text)
    assert undo
    assert bob.get("/acme/issues/WEB-1").status_code == 404
    assert bob.post(undo[1], htmx=True).status_code == 200
    assert bob.get("/acme/issues/WEB-1").status_code == 200
    bob.post("/acme/issues/WEB-1/deletion")
    assert "Printer on fire" in bob.get("/acme/projects/WEB/deleted").text
    assert bob.post("/acme/issues/WEB-1/restoration").status_code == 303
    assert "restored this issue" in bob.get("/acme/issues/WEB-1").text
    verbs = db.session.scalars(select(Activity.verb).order_by(Activity.id)).all()
    assert verbs == ["issue.deleted", "issue.undone", "issue.deleted", "issue.restored"]


def test_an_empty_bin_says_so(world: World, bob: Person) -> None:
    assert "Nothing has been deleted" in bob.get("/acme/projects/WEB/deleted").text


def test_numbers_of_deleted_issues_are_not_given_again(inside: World, bob: Person) -> None:
    inside.issue()
    bob.post("/acme/issues/WEB-1/deletion")
    assert bob.post(CREATE, _data(inside)).location.endswith("/WEB-2")


VIEWS = [
    ("get", "/acme/issues/WEB-1"),
    ("get", "/acme/issues/WEB-1?peek"),
    ("get", "/acme/issues/WEB-1?part"),
    ("get", "/acme/issues/WEB-1/edit"),
    ("post", "/acme/issues/WEB-1"),
    ("get", "/acme/issues/WEB-1/versions"),
    ("post", "/acme/issues/WEB-1/versions"),
    ("post", "/acme/issues/WEB-1/deletion"),
    ("get", NEW),
    ("post", CREATE),
    ("get", "/acme/projects/WEB/deleted"),
]


@pytest.mark.parametrize(("method", "url"), VIEWS)
def test_who_may_not_see_it_gets_nothing(world: World, method: str, url: str) -> None:
    world.issue(body="Text")
    answers = {who: getattr(world.cast[who], method)(url).status_code for who in ("mallory", "olaf", "carol", "vic")}
    assert answers["mallory"] == answers["olaf"] == 404
    assert answers["carol"] in (403, 404)
    changes = method == "post" or url.endswith(("/edit", "/new"))
    assert answers["vic"] == (403 if changes else 200)


def test_restoring_is_for_those_of_the_project(world: World, bob: Person) -> None:
    world.issue()
    bob.post("/acme/issues/WEB-1/deletion")
    url = "/acme/issues/WEB-1/restoration"
    answers = [world.cast[who].post(url).status_code for who in ("mallory", "olaf", "vic", "carol")]
    assert answers[:3] == [404, 404, 403]
    assert answers[3] in (403, 404)


@pytest.mark.parametrize(
    "key",
    [
        "WEB-2",
        "WEB-0",
        "WEB-99999999999999999999",
        "web",
        "X-1",
        "WEB-1-2",
        "%00",
        "RIV-1",
        "WEB-१",
    ],
)
def test_keys_that_lead_nowhere(world: World, bob: Person, key: str) -> None:
    world.issue()
    assert bob.get(f"/acme/issues/{key}").status_code == 404


def test_the_page_costs_the_same_with_a_long_history(inside: World, bob: Person, statements) -> None:
    from app.boards.commands.fields import set_priority

    inside.issue(body="Text", assignees=(bob.member_id,), labels=(inside.ids.labels["Bug"],))
    issue = _only(inside)
    bob.get("/acme/issues/WEB-1")
    counts = []
    for many in (2, 40):
        for turn in range(many):
            set_priority([issue], 1 + turn % 2, by=bob.member)
        db.session.commit()
        with statements() as seen:
            assert bob.get("/acme/issues/WEB-1").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
