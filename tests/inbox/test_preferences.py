"""Channels by kind, digests and quiet hours: what is wanted, and when it comes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app.inbox import exporting
from app.inbox.jobs import mail_notifications
from app.inbox.models import Channel, MailRhythm, Notification
from app.inbox.preferences import Timing, matrix_of, set_matrix, set_timing, timing_of
from app.kernel import timers
from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.kernel.timers import Timer
from tests.inbox.conftest import Story
from tests.postoffice import PostOffice
from tests.world import Person, World


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _notes(world: World) -> list[Notification]:
    with organization(world.organization_id):
        return list(db.session.scalars(select(Notification).order_by(Notification.id)))


@pytest.mark.parametrize(
    ("timing", "since", "then"),
    [
        (Timing(), "2027-03-26 10:00", "2027-03-26 10:00"),
        (Timing(MailRhythm.DAILY), "2027-03-26 06:59", "2027-03-26 07:00"),
        (Timing(MailRhythm.DAILY), "2027-03-26 07:00", "2027-03-27 07:00"),
        (Timing(MailRhythm.DAILY), "2027-03-27 10:00", "2027-03-28 06:00"),  # summer time began in the night
        (Timing(MailRhythm.DAILY, time(2, 30)), "2027-03-27 10:00", "2027-03-28 01:00"),  # a time that does not come
        (Timing(MailRhythm.DAILY, time(2, 30)), "2027-10-30 10:00", "2027-10-31 00:30"),  # a time that comes twice
        (Timing(MailRhythm.DAILY, time(2, 30)), "2027-10-31 00:30", "2027-11-01 01:30"),
        (Timing(MailRhythm.WEEKLY, digest_weekday=4), "2027-03-26 10:00", "2027-04-02 06:00"),
    ],
)
def test_when_mail_is_due(timing: Timing, since: str, then: str) -> None:
    assert timing.mailed_at("Europe/Berlin", _at(since)) == _at(then)
    assert Timing(MailRhythm.NEVER).mailed_at("Europe/Berlin", _at(since)) is None


NIGHT = Timing(quiet_from=time(20), quiet_until=time(7))
WEEKEND = Timing(quiet_from=time(0), quiet_until=time(0), quiet_days=frozenset({5, 6}))
LUNCH = Timing(quiet_from=time(12), quiet_until=time(13), quiet_days=frozenset({0, 1, 2, 3, 4}))


@pytest.mark.parametrize(
    ("timing", "here", "ends"),
    [
        (NIGHT, "2027-01-04 12:00", None),
        (NIGHT, "2027-01-04 19:00", "2027-01-05 06:00"),
        (NIGHT, "2027-01-05 05:59", "2027-01-05 06:00"),
        (NIGHT, "2027-01-05 06:00", None),
        (NIGHT, "2027-03-27 23:00", "2027-03-28 05:00"),  # an hour shorter
        (WEEKEND, "2027-01-08 12:00", None),  # a Friday
        (WEEKEND, "2027-01-09 12:00", "2027-01-10 23:00"),  # both days are one
        (LUNCH, "2027-01-04 11:30", "2027-01-04 12:00"),
        (LUNCH, "2027-01-09 11:30", None),
        (Timing(), "2027-01-04 23:00", None),
    ],
)
def test_when_quiet_hours_end(timing: Timing, here: str, ends: str | None) -> None:
    assert timing.quiet_at("Europe/Berlin", _at(here)) == (ends and _at(ends))


def test_the_page_shows_what_was_chosen(bob: Person, world: World) -> None:
    page = bob.get("/acme/settings/notifications").text
    ticked = set(re.findall(r'value="(\w+:\w+)" aria-label="[^"]*" checked', page))
    assert {"inbox:assigned", "mail:assigned", "push:assigned", "mail:watching"} <= ticked
    assert "push:watching" not in ticked
    assert "sms:" not in page, "there is no gateway"
    sent = {
        "wanted": ["inbox:assigned", "mail:mentioned"],
        "mail": "weekly",
        "digest_weekday": "4",
        "digest_time": "17:30",
        "quiet": "y",
        "quiet_from": "20:00",
        "quiet_until": "7:00",
        "quiet_days": ["0", "4"],
    }
    assert bob.post("/acme/settings/notifications", sent).status_code == 303
    with organization(world.organization_id):
        matrix, timing = matrix_of(bob.member), timing_of(bob.member)
    assert {f"{way}:{kind}" for (kind, way), yes in matrix.items() if yes} == {"inbox:assigned", "mail:mentioned"}
    assert timing == Timing(MailRhythm.WEEKLY, time(17, 30), 4, time(20), time(7), frozenset({0, 4}))
    again = bob.get("/acme/settings/notifications").text
    assert set(re.findall(r'value="(\w+:\w+)" aria-label="[^"]*" checked', again)) == set(sent["wanted"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"wanted": "sms:assigned"},
        {"wanted": "mail:unicorns"},
        {"mail": "hourly"},
        {"quiet_from": "25:00"},
        {"quiet_until": ""},
        {"quiet_days": []},
        {"quiet_days": ["7"]},
        {"digest_weekday": "8"},
    ],
)
def test_what_cannot_be_chosen(bob: Person, world: World, wrong: dict[str, object]) -> None:
    sent = {"mail": "daily", "digest_weekday": "0", "digest_time": "08:00", "quiet": "y"}
    sent |= {"quiet_from": "20:00", "quiet_until": "07:00", "quiet_days": ["0"]}
    assert bob.post("/acme/settings/notifications", sent | wrong).status_code == 422
    with organization(world.organization_id):
        assert timing_of(bob.member) == Timing()


def test_customers_have_none_of_it(cast: dict[str, Person]) -> None:
    assert cast["carol"].get("/acme/settings/notifications").status_code == 403
    assert cast["mallory"].get("/acme/settings/notifications").status_code == 404


def test_what_is_wanted_nowhere_makes_no_row(story: Story, alice: Person, bob: Person, world: World) -> None:
    with organization(world.organization_id):
        set_matrix(bob.member, {("assigned", way): False for way in Channel}, by=bob.member)
    story.assigns(alice, bob, world.issue())
    assert _notes(world) == []


def test_what_is_only_mailed_lies_in_no_inbox(
    story: Story,
    alice: Person,
    bob: Person,
    world: World,
    smtp: PostOffice,
    scheduler: sa.Engine,
    work: Callable[[], None],
) -> None:
    with organization(world.organization_id):
        set_matrix(bob.member, {("assigned", Channel.INBOX): False}, by=bob.member)
    story.assigns(alice, bob, world.issue("Printer on fire"))
    assert "Your inbox is empty" in bob.get("/acme/inbox").text
    assert "Printer on fire" in bob.get("/acme/inbox?only=archived").text
    with at(now() + timedelta(minutes=11)):
        timers.tick(scheduler)
        work()
    assert [letter["To"] for letter in smtp.letters] == ["bob@example.test"]


def test_a_digest_gathers_until_its_hour(
    story: Story, alice: Person, bob: Person, world: World, smtp: PostOffice, work: Callable[[], None]
) -> None:
    with organization(world.organization_id):
        set_timing(bob.member, Timing(MailRhythm.DAILY), by=bob.member)
    for hour in ("09:00", "15:00"):
        with at(_at(f"2027-01-04 {hour}")):
            story.assigns(alice, bob, world.issue())
    _ring(world, bob, work, "2027-01-04 15:10")
    assert smtp.letters == []
    assert _timer(world) == _at("2027-01-05 08:00")
    with at(_at("2027-01-04 23:00")):  # one more sets the timer earlier, and it is put off again
        story.assigns(alice, bob, world.issue())
    assert _timer(world) < _at("2027-01-05 08:00")
    _ring(world, bob, work, "2027-01-04 23:10")
    assert (smtp.letters, _timer(world)) == ([], _at("2027-01-05 08:00"))
    _ring(world, bob, work, "2027-01-05 11:00")  # the machine was off
    assert [letter["Subject"] for letter in smtp.letters] == ["Acme: 3 things changed for you"]
    _ring(world, bob, work, "2027-01-06 11:00")
    assert len(smtp.letters) == 1


def test_quiet_hours_hold_mail_back(
    story: Story, alice: Person, bob: Person, world: World, smtp: PostOffice, work: Callable[[], None]
) -> None:
    with organization(world.organization_id):
        set_timing(bob.member, NIGHT, by=bob.member)
    with at(_at("2027-01-04 21:00")):
        story.assigns(alice, bob, world.issue())
    _ring(world, bob, work, "2027-01-04 21:10")
    assert (smtp.letters, _timer(world)) == ([], _at("2027-01-05 07:00"))
    _ring(world, bob, work, "2027-01-05 07:00")
    assert len(smtp.letters) == 1


def _ring(world: World, who: Person, work: Callable[[], None], moment: str) -> None:
    """As the timer does at that moment: its row goes first."""
    with at(_at(moment)):
        with organization(world.organization_id):
            db.session.execute(sa.delete(Timer))
            mail_notifications(who.member_id)
        work()


def _timer(world: World) -> datetime:
    with organization(world.organization_id):
        return db.session.scalars(select(Timer)).one().wake_at


def test_all_of_it_is_in_a_copy_of_ones_data(story: Story, alice: Person, bob: Person, world: World) -> None:
    story.assigns(alice, bob, world.issue())
    with organization(world.organization_id):
        set_timing(bob.member, NIGHT, by=bob.member)
        set_matrix(bob.member, {("assigned", Channel.SMS): True}, by=bob.member)
    with organization(world.organization_id):
        told, chosen, times = (list(part.rows or ()) for part in exporting._parts(bob.member))
    assert [(row["noun"], row["kind"]) for row in told] == [("issue", "assigned")]
    assert [(row["kind"], row["channel"], row["wanted"]) for row in chosen] == [("assigned", "sms", True)]
    assert [(row["mail"], row["quiet_from"]) for row in times] == [("soon", "20:00:00")]
    (parts,) = exporting._devices(bob.user_id)
    assert [part.path for part in parts] == ["devices.json", "telephone.json"]
