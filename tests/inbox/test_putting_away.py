"""What one does with notifications: put them away, put them off, have them back, look at some of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app.inbox.models import Notification
from app.kernel import timers
from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.projects.models import ProjectMember
from tests.inbox.conftest import Story
from tests.world import Person, World


@pytest.fixture
def told(story: Story, alice: Person, bob: Person, world: World) -> list[int]:
    """Bob was assigned three issues: the notifications, oldest first."""
    for issue in world.issues(3):
        story.assigns(alice, bob, issue)
    return [note.id for note in _notes(world)]


def _notes(world: World) -> list[Notification]:
    with organization(world.organization_id):
        return list(db.session.scalars(select(Notification).order_by(Notification.id)))


def _shown(who: Person, query: str = "") -> list[int]:
    page = who.get(f"/acme/inbox{query}")
    assert page.status_code == 200
    return [int(number) for number in re.findall(r'id="notice-(\d+)"', page.text)]


def test_archived_it_is_elsewhere_and_back_by_undo(told: list[int], bob: Person) -> None:
    answer = bob.post("/acme/inbox/archival", {"ids": told[:2]}, htmx=True)
    assert "Archived 2 notifications" in answer.text
    assert _shown(bob) == told[2:]
    assert _shown(bob, "?only=archived") == [told[1], told[0]]
    undo = re.search(r'hx-post="([^"]+)"', answer.text)
    assert undo
    assert bob.post(undo[1].replace("&amp;", "&"), htmx=True).status_code == 200
    assert _shown(bob) == told[::-1]
    assert _shown(bob, "?only=archived") == []


def test_the_badge_counts_only_what_lies_in_the_inbox(told: list[int], bob: Person, world: World) -> None:
    bob.post("/acme/inbox/archival", {"ids": told[0]})
    bob.post("/acme/inbox/snooze", {"ids": told[1], "until": "tomorrow"})
    assert re.search(r'id="inbox-badge">.*?1</span>', bob.get("/acme/inbox").text)
    bob.post("/acme/inbox/reading")
    assert [bool(note.read_at) for note in _notes(world)] == [False, False, True]


def test_what_happens_to_an_archived_noun_lies_in_the_inbox(
    story: Story, alice: Person, bob: Person, world: World
) -> None:
    issue = world.issue()
    story.assigns(alice, bob, issue)
    (note,) = _notes(world)
    bob.post("/acme/inbox/archival", {"ids": note.id})
    assert _shown(bob) == []
    story.prioritises(alice, issue)
    assert len(_shown(bob)) == 1
    assert _shown(bob, "?only=archived") == [note.id]


@pytest.mark.parametrize(
    ("zone", "here", "until", "back"),
    [
        ("Europe/Berlin", "2027-03-27 10:00", "tomorrow", "2027-03-28 06:00"),  # the clocks go on in the night
        ("Europe/Berlin", "2027-03-26 10:00", "tomorrow", "2027-03-27 07:00"),
        ("America/New_York", "2027-01-04 02:00", "tomorrow", "2027-01-04 13:00"),  # there it is Sunday still
        ("Europe/Berlin", "2027-01-04 10:00", "week", "2027-01-11 07:00"),
        ("Europe/Berlin", "2027-01-31 10:00", "month", "2027-02-01 07:00"),
        ("UTC", "2027-01-04 10:00", "later", "2027-01-04 13:00"),
    ],
)
def test_a_morning_is_one_of_the_readers_own_zone(
    told: list[int],
    bob: Person,
    world: World,
    owner: sa.Engine,
    zone: str,
    here: str,
    until: str,
    back: str,
) -> None:
    with owner.begin() as connection:
        connection.execute(
            sa.text("UPDATE users SET timezone = :zone WHERE id = :id"), {"zone": zone, "id": bob.user_id}
        )
        connection.execute(sa.text("UPDATE user_sessions SET expires_at = '2030-01-01', last_seen_at = '2029-01-01'"))
    with at(datetime.fromisoformat(here).replace(tzinfo=UTC)):
        assert bob.post("/acme/inbox/snooze", {"ids": told[0], "until": until}).status_code == 303
    assert _notes(world)[0].snoozed_until == datetime.fromisoformat(back).replace(tzinfo=UTC)


def test_put_off_it_comes_back_on_top_and_unread(
    told: list[int], bob: Person, world: World, scheduler: sa.Engine, work: Callable[[], None]
) -> None:
    bob.post("/acme/inbox/marks", {"ids": told[0], "read": "yes"})
    answer = bob.post("/acme/inbox/snooze", {"ids": told[0], "until": "tomorrow"}, htmx=True)
    assert "1 notification comes back" in answer.text
    assert _shown(bob) == [told[2], told[1]]
    assert _shown(bob, "?only=snoozed") == [told[0]]
    with at(now() + timedelta(days=2)):
        timers.tick(scheduler)
        work()
    note = _notes(world)[0]
    assert (note.read_at, note.snoozed_until) == (None, None)
    assert _shown(bob) == [told[0], told[2], told[1]]


def test_what_was_taken_back_does_not_come_back_again(
    told: list[int], bob: Person, world: World, scheduler: sa.Engine, work: Callable[[], None]
) -> None:
    bob.post("/acme/inbox/snooze", {"ids": told, "until": "tomorrow"})
    bob.post("/acme/inbox/return", {"ids": told[0]})
    bob.post("/acme/inbox/archival", {"ids": told[1]})
    bob.post("/acme/inbox/snooze", {"ids": told[2], "until": "month"})
    bob.post("/acme/inbox/reading")
    with at(now() + timedelta(hours=30)):
        timers.tick(scheduler)
        work()
    first, second, third = _notes(world)
    assert first.read_at
    assert second.archived_at
    assert third.snoozed_until


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"date": "2999-01-01"}, 422),
        ({"date": "2001-01-01"}, 422),
        ({"date": "soon"}, 422),
        ({"date": "9999-12-31"}, 422),
        ({"until": "never"}, 422),
        ({}, 422),
        ({"until": ["week", "month"]}, 422),
    ],
)
def test_a_day_that_is_none(told: list[int], bob: Person, sent: dict[str, Any], status: int) -> None:
    assert bob.post("/acme/inbox/snooze", {"ids": told[0], **sent}).status_code == status
    assert _shown(bob, "?only=snoozed") == []


def test_a_typed_day(told: list[int], bob: Person, world: World) -> None:
    day = (now() + timedelta(days=40)).date()
    assert bob.post("/acme/inbox/snooze", {"ids": told[0], "date": day.isoformat()}).status_code == 303
    until = _notes(world)[0].snoozed_until
    assert until
    assert until.date() == day


def test_others_ids_among_ones_own_change_nothing(
    told: list[int], story: Story, alice: Person, bob: Person, vic: Person, world: World
) -> None:
    story.assigns(bob, vic, world.issue())
    theirs = next(note.id for note in _notes(world) if note.member_id == vic.member_id)
    for address in ("archival", "snooze?until=week", "marks?read=yes", "return"):
        assert bob.post(f"/acme/inbox/{address}", {"ids": [told[0], theirs]}).status_code == 404
    assert all(not (note.archived_at or note.snoozed_until or note.read_at) for note in _notes(world))


def test_narrowed_to_a_kind_or_a_project(
    told: list[int], story: Story, alice: Person, bob: Person, world: World, statements: Callable[..., Any]
) -> None:
    story.assigns(alice, bob, world.issue(project_id=world.ids.ops))
    newest = _notes(world)[-1].id
    assert _shown(bob, f"?project={world.ids.ops}") == [newest]
    assert _shown(bob, f"?project={world.ids.web}&only=assigned") == told[::-1]
    assert _shown(bob, "?noun=issue") == [newest, *told[::-1]]
    assert _shown(bob, "?noun=ticket") == []
    assert _shown(bob, "?noun=unicorn&project=web") == [newest, *told[::-1]]
    menu = bob.get(f"/acme/inbox/filters?project={world.ids.ops}", headers={"HX-Request": "true"}).text
    assert f"project={world.ids.web}" in menu
    counts = []
    for query in (f"?project={world.ids.ops}", f"?project={world.ids.web}"):
        with statements() as seen:
            _shown(bob, query)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_project_out_of_sight_is_not_named(told: list[int], bob: Person, world: World) -> None:
    hidden = world.ids.ops
    with organization(world.organization_id):
        db.session.execute(sa.delete(ProjectMember).where(ProjectMember.member_id == bob.member_id))
    page = bob.get(f"/acme/inbox?project={hidden}").text
    assert "Operations" not in page
    assert "another project" in page
    assert "Nothing like this here" in page


@pytest.mark.parametrize("key", ["x", "1-", "-1", "9" * 18 + "-1", "1-2-3"])
def test_a_key_that_we_never_wrote(bob: Person, key: str) -> None:
    for name in ("below", "until"):
        assert bob.get(f"/acme/inbox?{name}={key}", headers={"HX-Request": "true"}).status_code == 404


def test_the_menu_of_days(told: list[int], bob: Person) -> None:
    menu = bob.get(f"/acme/inbox/snooze?ids={told[0]}", headers={"HX-Request": "true"})
    assert menu.status_code == 200
    assert menu.text.count('role="option"') == 5
