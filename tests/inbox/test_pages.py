"""The inbox in the browser: its list, reading, following, and what others may not do with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import delete, select

from app.inbox.models import Notification, Watcher
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.projects.models import ProjectMember
from tests.inbox.conftest import Story
from tests.world import Person, World

Counting = Callable[[], AbstractContextManager[list[str]]]


def _notes(world: World) -> list[Notification]:
    with organization(world.organization_id):
        return list(db.session.scalars(select(Notification).order_by(Notification.id)))


def test_the_list_says_who_did_what(story: Story, alice: Person, bob: Person, world: World) -> None:
    issue = world.issue("Printer on fire")
    story.assigns(alice, bob, issue)
    story.prioritises(alice, issue)
    page = bob.get("/acme/inbox")
    assert page.status_code == 200
    assert page.text.count('class="notice"') == 2
    assert "Printer on fire" in page.text
    assert "assigned you" in page.text
    assert "changed the priority from No priority to High" in page.text
    assert 'id="inbox-badge"' in page.text


@pytest.mark.parametrize(
    ("only", "shown"), [("all", 2), ("unread", 1), ("assigned", 1), ("mentions", 0), ("rubbish", 2)]
)
def test_filters(story: Story, alice: Person, bob: Person, world: World, only: str, shown: int) -> None:
    issue = world.issue()
    story.assigns(alice, bob, issue)
    story.prioritises(alice, issue)
    newest = _notes(world)[-1]
    bob.post("/acme/inbox/marks", {"ids": newest.id, "read": "yes"})
    page = bob.get(f"/acme/inbox?only={only}").text
    assert page.count('class="notice"') == shown
    if not shown:
        assert "Nobody has mentioned you" in page


def test_an_empty_inbox_says_how_it_fills(bob: Person) -> None:
    assert "Your inbox is empty" in bob.get("/acme/inbox").text


def test_opening_reads_it_and_leads_there(story: Story, alice: Person, bob: Person, world: World) -> None:
    issue = world.issue()
    story.assigns(alice, bob, issue)
    (note,) = _notes(world)
    answer = bob.get(f"/acme/inbox/{note.id}")
    assert (answer.status_code, answer.location) == (303, f"/acme/issues/WEB-{issue.number}")
    (note,) = _notes(world)
    assert note.read_at


def test_opening_one_reads_the_others_about_the_same(story: Story, alice: Person, bob: Person, world: World) -> None:
    first, second = world.issue(), world.issue()
    story.assigns(alice, bob, first)
    story.prioritises(alice, first)
    story.assigns(alice, bob, second)
    oldest = _notes(world)[0]
    bob.get(f"/acme/inbox/{oldest.id}")
    assert [note.read_at is not None for note in _notes(world)] == [True, True, False]


def test_what_is_not_open_any_more_is_not_named(story: Story, alice: Person, bob: Person, world: World) -> None:
    issue = world.issue("Printer on fire")
    story.assigns(alice, bob, issue)
    with organization(world.organization_id):
        db.session.execute(delete(ProjectMember).where(ProjectMember.member_id == bob.member_id))
    page = bob.get("/acme/inbox").text
    assert "Printer on fire" not in page
    assert "not open to you any more" in page
    (note,) = _notes(world)
    assert bob.get(f"/acme/inbox/{note.id}").location == "/acme/inbox"


def test_reading_and_unreading(story: Story, alice: Person, bob: Person, world: World) -> None:
    story.assigns(alice, bob, world.issue())
    (note,) = _notes(world)
    answer = bob.post("/acme/inbox/marks", {"ids": note.id, "read": "yes"}, htmx=True)
    assert answer.status_code == 200
    assert "toast" not in answer.text, "the same key takes it back"
    assert f'"moved": {{"topics": ["inbox-{bob.member_id}"]}}' in answer.headers["HX-Trigger"]
    assert _notes(world)[0].read_at
    bob.post(f"/acme/inbox/marks?ids={note.id}&read=no", htmx=True)
    assert _notes(world)[0].read_at is None
    story.assigns(alice, bob, world.issue())
    ids = [note.id for note in _notes(world)]
    answer = bob.post("/acme/inbox/marks", {"ids": ids, "read": "yes"}, htmx=True)
    assert f'hx-post="/acme/inbox/marks?ids={ids[0]}&amp;ids={ids[1]}&amp;read=no"' in answer.text
    assert bob.post("/acme/inbox/marks", {"ids": note.id, "read": "no"}).status_code == 303


@pytest.mark.parametrize("data", [{}, {"read": "perhaps"}, {"read": ["yes", "no"]}])
def test_a_reading_that_says_nothing(
    story: Story, alice: Person, bob: Person, world: World, data: dict[str, object]
) -> None:
    story.assigns(alice, bob, world.issue())
    (note,) = _notes(world)
    assert bob.post("/acme/inbox/marks", {"ids": note.id, **data}).status_code == 422


def test_everything_at_once(story: Story, alice: Person, bob: Person, world: World) -> None:
    story.assigns(alice, bob, world.issue())
    story.assigns(alice, bob, world.issue())
    assert "Marked 2 as read" in bob.post("/acme/inbox/reading", htmx=True).text
    assert all(note.read_at for note in _notes(world))
    assert "read already" in bob.post("/acme/inbox/reading", htmx=True).text
    assert bob.post("/acme/inbox/reading").status_code == 303


def test_only_ones_own(story: Story, cast: dict[str, Person], world: World) -> None:
    story.assigns(cast["alice"], cast["bob"], world.issue())
    (note,) = _notes(world)
    for who, status in (("alice", 404), ("olaf", 404), ("mallory", 404), ("carol", 403)):
        assert cast[who].get(f"/acme/inbox/{note.id}").status_code in (status, 404), who
        for address in ("marks?read=yes", "archival", "return", "snooze?until=week"):
            answer = cast[who].post(f"/acme/inbox/{address}", {"ids": note.id})
            assert answer.status_code in (status, 404), (who, address)
    assert cast["carol"].get("/acme/inbox").status_code == 403
    assert cast["mallory"].get("/acme/inbox").status_code == 404
    assert cast["mallory"].get(f"/rival/inbox/{note.id}").status_code == 404
    cast["alice"].post("/acme/inbox/reading")
    (note,) = _notes(world)
    assert (note.read_at, note.archived_at, note.snoozed_until) == (None, None, None)
    assert cast["bob"].get(f"/acme/inbox/{10**30}").status_code == 404


def test_following_a_noun(bob: Person, world: World) -> None:
    issue = world.issue()
    address = f"/acme/watching/issue/{issue.id}"
    for choice, muted in (("yes", [False]), ("muted", [True]), ("no", [])):
        answer = bob.post(address, {"watching": choice}, htmx=True)
        assert answer.status_code == 200
        assert f'id="watching-issue-{issue.id}"' in answer.text
        with organization(world.organization_id):
            assert [row.muted for row in db.session.scalars(select(Watcher))] == muted
    assert bob.post(address, {"watching": "yes"}).location == f"/acme/issues/WEB-{issue.number}"


@pytest.mark.parametrize(("who", "status"), [("olaf", 404), ("mallory", 404), ("carol", 404), ("vic", 200)])
def test_one_follows_only_what_one_sees(cast: dict[str, Person], world: World, who: str, status: int) -> None:
    issue = world.issue()
    answer = cast[who].post(f"/acme/watching/issue/{issue.id}", {"watching": "yes"}, htmx=True)
    assert answer.status_code == status


def test_there_is_nothing_to_follow_there(bob: Person, world: World) -> None:
    issue = world.issue()
    assert bob.post("/acme/watching/unicorn/1", {"watching": "yes"}).status_code == 404
    assert bob.post(f"/acme/watching/issue/{issue.id + 1}", {"watching": "yes"}).status_code == 404
    assert bob.post(f"/acme/watching/issue/{issue.id}", {"watching": "maybe"}).status_code == 422


def test_scrolling_loads_the_rest_and_a_refresh_returns_as_much(
    story: Story, alice: Person, bob: Person, world: World
) -> None:
    issue = world.issue()
    story.assigns(alice, bob, issue)
    (note,) = _notes(world)
    with organization(world.organization_id):
        first = db.session.get_one(Activity, (world.organization_id, note.activity_id))
        copies = [
            Activity(actor_id=first.actor_id, verb=first.verb, noun="issue", subject_id=issue.id) for _ in range(99)
        ]
        db.session.add_all(copies)
        db.session.flush()
        db.session.add_all(
            Notification(
                member_id=bob.member_id, activity_id=copy.id, noun="issue", subject_id=issue.id, reason="assigned"
            )
            for copy in copies
        )
    shown, address = 0, "/acme/inbox"
    while address:
        page = bob.get(address, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
        shown += page.count('class="notice"')
        until = re.search(r'data-extent="until=([\d-]+)"', page)
        assert until
        as_much = bob.get(f"/acme/inbox?until={until[1]}", headers={"HX-Request": "true"}).text
        assert as_much.count('class="notice"') == shown
        found = re.search(r'id="inbox-more" hx-get="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert shown == 100


def test_many_lines_cost_as_many_statements_as_few(
    story: Story, alice: Person, bob: Person, world: World, statements: Counting
) -> None:
    issues, counts = world.issues(30), []
    bob.get("/acme/inbox")
    for some in (issues[:3], issues[3:]):
        for issue in some:
            story.assigns(alice, bob, issue)
            story.prioritises(alice, issue)
        with statements() as seen:
            bob.get("/acme/inbox")
        counts.append(len(seen))
    assert counts[0] == counts[1]
