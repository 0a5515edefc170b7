"""Who hears of what: the assigned, the mentioned, the watching; not of their own doing, nor of what they cannot see."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import delete, select

from app.boards.commands.making import IssueDraft, create_issues
from app.boards.models import Issue
from app.inbox.commands import mute, unwatch
from app.inbox.models import Notification, Reason, Watcher
from app.inbox.queries import count_unread
from app.kernel import live
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.events import Bulk, Event, register_event
from app.kernel.jobs import redis
from app.kernel.ledger import record
from app.kernel.outbox import dispatch
from app.kernel.tenancy import organization
from app.kernel.timers import Timer
from app.organizations.models import Member
from app.projects.models import Project, ProjectMember
from tests.inbox.conftest import Story
from tests.world import Person, World

Counting = Callable[[], AbstractContextManager[list[str]]]


def test_the_assigned_hears_and_watches_from_then_on(story: Story, alice: Person, bob: Person, world: World) -> None:
    issue = world.issue("Printer on fire")
    story.assigns(alice, bob, issue)
    assert story.inbox(bob) == [f"Alice assigned you: WEB-{issue.number} Printer on fire"]
    assert story.inbox(alice) == []
    story.prioritises(alice, issue)
    assert story.inbox(bob)[0] == (
        f"Alice changed the priority from No priority to High: WEB-{issue.number} Printer on fire"
    )


def test_nobody_hears_of_what_they_did_themselves(story: Story, bob: Person, world: World) -> None:
    issue = world.issue()
    story.watches(bob, issue)
    story.assigns(bob, bob, issue)
    story.prioritises(bob, issue)
    assert story.inbox(bob) == []


def test_who_makes_something_watches_it(
    story: Story, alice: Person, bob: Person, world: World, work: Callable[[], None]
) -> None:
    with organization(world.organization_id):
        project = db.session.get_one(Project, (world.organization_id, world.ids.web))
        (issue,) = create_issues(project, [IssueDraft("New thing")], by=bob.member)
    work()
    story.prioritises(alice, issue)
    assert [line.split(":")[0] for line in story.inbox(bob)] == ["Alice changed the priority from No priority to High"]


def test_the_mentioned_hear_and_watch(
    story: Story, alice: Person, bob: Person, vic: Person, world: World, work: Callable[[], None]
) -> None:
    issue = world.issue("Printer on fire")
    with organization(world.organization_id):
        described = Event("test.described", says="{actor} described {subject}", bulk=Bulk.ONE_NOTIFICATION)
        register_event(described)
        row = db.session.get_one(Issue, (world.organization_id, issue.id))
        record(described, [(row, {"mentions": [[vic.member_id], [vic.member_id, bob.member_id]]})], by=alice.member)
    work()
    assert story.inbox(bob) == [f"Alice mentioned you: WEB-{issue.number} Printer on fire"]
    assert story.inbox(vic) == [], "was mentioned before"
    story.prioritises(alice, issue)
    assert len(story.inbox(bob)) == 2


def test_many_at_once_are_one_notification_that_counts(story: Story, alice: Person, bob: Person, world: World) -> None:
    issues = world.issues(5)
    story.assigns(alice, bob, *issues)
    assert story.inbox(bob) == ["Alice assigned you 5 issues: WEB-1 Issue 1 and 4 more"]
    story.prioritises(alice, *issues[:3])
    assert story.inbox(bob)[0] == "Alice changed the priority of 3 issues: WEB-1 Issue 1 and 2 more"


def test_what_one_cannot_see_is_neither_told_nor_counted(
    story: Story, alice: Person, olaf: Person, world: World
) -> None:
    web, ops = world.issue("Secret"), world.issue("Open", project_id=world.ids.ops)
    with organization(world.organization_id):
        db.session.add(ProjectMember(project_id=world.ids.ops, member_id=olaf.member_id))
    story.watches(olaf, web, ops)
    story.prioritises(alice, web)
    story.assigns(alice, olaf, web)
    assert story.inbox(olaf) == []
    story.prioritises(alice, web, ops)
    assert story.inbox(olaf) == ["Alice changed the priority from No priority to High: OPS-1 Open"]
    with organization(world.organization_id):
        assert db.session.scalars(select(Watcher).where(Watcher.subject_id == web.id)).one().member_id == olaf.member_id
        assert [row.count for row in db.session.scalars(select(Notification))] == [1]


@pytest.mark.parametrize("who", ["carol", "anna"])
def test_customers_and_those_who_left_hear_nothing(
    story: Story, alice: Person, who: str, cast: dict[str, Person], world: World
) -> None:
    issue, person = world.issue(), cast[who]
    story.watches(person, issue)
    with organization(world.organization_id):
        if who == "anna":
            person.member.left_at = now()
        else:
            db.session.add(ProjectMember(project_id=world.ids.web, member_id=person.member_id))
    story.prioritises(alice, issue)
    story.assigns(alice, person, issue)
    assert story.inbox(person) == []


def test_the_muted_stay_silent_even_when_assigned(story: Story, alice: Person, bob: Person, world: World) -> None:
    issue = world.issue()
    with organization(world.organization_id):
        mute([issue], [bob.member])
    story.assigns(alice, bob, issue)
    story.prioritises(alice, issue)
    assert story.inbox(bob) == []
    story.watches(bob, issue)
    story.prioritises(alice, issue, priority=0)  # type: ignore[arg-type]
    assert len(story.inbox(bob)) == 1
    with organization(world.organization_id):
        unwatch([issue], [bob.member])
        assert db.session.scalars(select(Watcher)).all() == []


def test_a_silent_event_is_told_to_nobody(
    story: Story, alice: Person, bob: Person, world: World, work: Callable[[], None]
) -> None:
    issue = world.issue()
    story.watches(bob, issue)
    silent = Event("test.silent", says="{actor} touched {subject}", bulk=Bulk.SILENT)
    register_event(silent)
    with organization(world.organization_id):
        row = db.session.get_one(Issue, (world.organization_id, issue.id))
        record(silent, [(row, {})], by=alice.member)
        record(Event("gone.room", says="", bulk=Bulk.ONE_NOTIFICATION), [(row, {})], by=alice.member)
    work()
    assert story.inbox(bob) == []


def test_the_badge_moves_and_one_mail_is_planned(story: Story, alice: Person, bob: Person, world: World) -> None:
    topic = f"{world.organization_id}:inbox-{bob.member_id}"
    before = live.versions(redis(), [topic])
    issues = world.issues(2)
    story.assigns(alice, bob, issues[0])
    between = live.versions(redis(), [topic])
    with organization(world.organization_id):
        first = db.session.scalars(select(Timer)).one()
    story.assigns(alice, bob, issues[1])
    assert len({before[topic], between[topic], live.versions(redis(), [topic])[topic]}) == 3
    with organization(world.organization_id):
        timer = db.session.scalars(select(Timer)).one()
        assert (timer.alarm, timer.subject_id, timer.wake_at) == ("mail_notifications", bob.member_id, first.wake_at)
        assert count_unread(bob.member) == 2


def test_repeating_a_dispatch_tells_nothing_twice(story: Story, alice: Person, bob: Person, world: World) -> None:
    story.assigns(alice, bob, world.issue())
    with organization(world.organization_id):
        dispatch()
        reasons = [row.reason for row in db.session.scalars(select(Notification))]
    assert reasons == [Reason.ASSIGNED]


def test_many_people_cost_as_many_statements_as_few(
    story: Story, alice: Person, world: World, statements: Counting, work: Callable[[], None]
) -> None:
    counts = []
    for people in (2, 40):
        issues = world.issues(10)
        with organization(world.organization_id):
            db.session.execute(delete(Member).where(Member.name.like("Extra%")))
            crowd = [Member(name=f"Extra {number}", role="member") for number in range(people)]
            db.session.add_all(crowd)
            db.session.flush()
            db.session.add_all(ProjectMember(project_id=world.ids.web, member_id=each.id) for each in crowd)
            db.session.add_all(
                Watcher(noun="issue", subject_id=issue.id, member_id=each.id) for issue in issues for each in crowd
            )
        with organization(world.organization_id):
            from app.boards.commands.fields import set_priority

            set_priority(story._here(issues), 3, by=alice.member)  # type: ignore[arg-type]
        with statements() as seen:
            work()
        counts.append(len(seen))
        with organization(world.organization_id):
            assert len(db.session.scalars(select(Notification)).all()) == people
            for table in (Notification, Timer, Watcher):
                db.session.execute(delete(table))
            db.session.execute(delete(ProjectMember).where(ProjectMember.member_id.in_([each.id for each in crowd])))
    assert counts[0] == counts[1]
