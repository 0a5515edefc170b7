"""Pushes: in the true form, to who may see what they tell of, and to no address of our own network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import delete, select, update

from app.accounts.models import UserSession
from app.inbox import devices
from app.inbox.models import Device
from app.inbox.preferences import Channel, Timing, set_matrix, set_timing
from app.kernel import timers
from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.models import Member
from app.projects.models import ProjectMember
from tests.inbox.conftest import Story
from tests.inbox.peers import Browser, configured, peer
from tests.world import Person, World


@pytest.fixture
def browser(app: Flask, bob: Person) -> Iterator[Browser]:
    """Bob's, registered; its push service stands on loopback, by the operator's leave."""
    with peer() as service, configured(app, outbound_allow=(service.host,)):
        made = Browser(service)
        assert bob.post("/account/devices", made.form).status_code == 303
        yield made


@pytest.fixture
def later(scheduler: sa.Engine, work: Callable[[], None]) -> Callable[..., None]:
    """A while later: the timers that are due by then have rung, and those that they set, too."""

    def run(minutes: float = 1) -> None:
        with at(now() + timedelta(minutes=minutes)):
            for _ in range(3):
                timers.tick(scheduler)
                work()

    return run


def test_a_push_says_who_did_what_and_where(
    browser: Browser, story: Story, alice: Person, bob: Person, world: World, later: Callable[..., None]
) -> None:
    issue = world.issue("Printer on fire")
    story.assigns(alice, bob, issue)
    later()
    (message,) = browser.reads()
    claims = message.pop("claims")
    assert set(message) == {"title", "url", "tag"}
    assert message["title"] == f"Alice assigned you: WEB-{issue.number} Printer on fire"
    assert bob.get(message["url"]).location == f"/acme/issues/WEB-{issue.number}"
    assert claims["aud"] == browser.service.url
    assert claims["sub"].startswith("mailto:")
    with organization(None):
        assert claims["key"] == devices.own_key().public
    assert b"Printer" not in browser.service.asked[0].body
    later(5)
    assert len(browser.service.asked) == 1, "told twice"


def test_many_at_once_are_one_push(
    browser: Browser, story: Story, alice: Person, bob: Person, world: World, later: Callable[..., None]
) -> None:
    for issue in world.issues(5):
        story.assigns(alice, bob, issue)
    later()
    (message,) = browser.reads()
    assert message["title"] == "Acme: 5 things are new for you"
    assert message["url"] == "/acme/inbox"


@pytest.mark.parametrize("why", ["read", "out of sight", "left", "signed out", "not wanted", "watching", "deactivated"])
def test_nothing_is_pushed_to_who(
    why: str,
    browser: Browser,
    story: Story,
    alice: Person,
    bob: Person,
    world: World,
    owner: sa.Engine,
    later: Callable[..., None],
) -> None:
    issue = world.issue()
    with organization(world.organization_id):
        if why == "not wanted":
            set_matrix(bob.member, {("assigned", Channel.PUSH): False}, by=bob.member)
    if why == "watching":
        story.watches(bob, issue)
        story.prioritises(alice, issue)
    else:
        story.assigns(alice, bob, issue)
    with organization(world.organization_id):
        if why == "out of sight":
            db.session.execute(delete(ProjectMember).where(ProjectMember.member_id == bob.member_id))
        if why == "left":
            db.session.execute(update(Member).where(Member.id == bob.member_id).values(left_at=now()))
    if why == "read":
        bob.post("/acme/inbox/reading")
    with owner.begin() as connection:
        if why == "signed out":
            ended = sa.update(UserSession).where(UserSession.user_id == bob.user_id).values(revoked_at=now())
            connection.execute(ended)
        if why == "deactivated":
            connection.execute(sa.text("UPDATE users SET deactivated_at = now() WHERE id = :id"), {"id": bob.user_id})
    later()
    assert browser.service.asked == []


def test_what_one_loses_sight_of_meanwhile_is_not_sent_with_a_later_try(
    browser: Browser, story: Story, alice: Person, bob: Person, world: World, later: Callable[..., None]
) -> None:
    browser.service.says = [(503, {})]
    story.assigns(alice, bob, world.issue())
    later()
    assert len(browser.service.asked) == 1
    with organization(world.organization_id):
        db.session.execute(delete(ProjectMember).where(ProjectMember.member_id == bob.member_id))
    later(20)
    assert len(browser.service.asked) == 1


def test_a_service_that_is_away_is_asked_again(
    browser: Browser, story: Story, alice: Person, bob: Person, world: World, later: Callable[..., None]
) -> None:
    browser.service.says = [(503, {}), (429, {})]
    story.assigns(alice, bob, world.issue())
    for minutes in (1, 5, 30, 300):
        later(minutes)
    assert len(browser.service.asked) == 3
    with organization(None):
        (device,) = devices.devices_of(bob.user_id)
        assert (device.failed_count, device.last_error) == (0, None)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_has_gone_is_forgotten(
    status: int, browser: Browser, story: Story, alice: Person, bob: Person, world: World, later: Callable[..., None]
) -> None:
    browser.service.says = [(status, {})]
    story.assigns(alice, bob, world.issue())
    later()
    with organization(None):
        assert db.session.scalars(select(Device)).all() == []


def test_quiet_hours_hold_a_push_back(
    browser: Browser, story: Story, alice: Person, bob: Person, world: World, later: Callable[..., None]
) -> None:
    soon = now() + timedelta(hours=2)
    with organization(world.organization_id):
        quiet = Timing(quiet_from=(now() - timedelta(hours=1)).time(), quiet_until=soon.time())
        set_timing(bob.member, quiet, by=bob.member)
    story.assigns(alice, bob, world.issue())
    later()
    assert browser.service.asked == []
    later(125)
    assert len(browser.reads()) == 1


def test_ones_devices_are_ones_own(browser: Browser, bob: Person, alice: Person) -> None:
    with organization(None):
        (device,) = devices.devices_of(bob.user_id)
        device_id = device.id
    assert "on the list" not in alice.get("/account/devices").text
    for what in ("test", "removal"):
        assert alice.post(f"/account/devices/{device_id}/{what}").status_code == 404
    page = bob.get("/account/devices").text
    assert f'id="device-{device_id}"' in page
    assert browser.form["auth"] not in page
    assert browser.form["endpoint"] not in page
    bob.post(f"/account/devices/{device_id}/test")
    assert [message["title"] for message in browser.reads()] == ["This is how you are told."]
    assert bob.post(f"/account/devices/{device_id}/removal").status_code == 303
    with organization(None):
        assert devices.devices_of(bob.user_id) == []


def test_registered_again_it_is_the_same_device(browser: Browser, bob: Person, alice: Person) -> None:
    bob.post("/account/devices", browser.form)
    with organization(None):
        assert len(devices.devices_of(bob.user_id)) == 1
    alice.post("/account/devices", browser.form)  # she signs in to the same browser
    with organization(None):
        assert devices.devices_of(bob.user_id) == []
        assert len(devices.devices_of(alice.user_id)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example/1"},
        {"endpoint": "ftp://push.example/1"},
        {"endpoint": "https://user@push.example/1"},
        {"endpoint": "https:///1"},
        {"endpoint": ""},
        {"p256dh": "B" * 87},
        {"p256dh": "short"},
        {"auth": "short"},
        {"auth": "\u2603" * 22},
        {"platform": "toaster"},
    ],
)
def test_what_is_no_browser_is_not_registered(bob: Person, wrong: dict[str, str]) -> None:
    with peer() as service:
        good = {**Browser(service).form, "endpoint": "https://push.example/1"}
    assert bob.post("/account/devices", good | wrong).status_code == 422
    with organization(None):
        assert devices.devices_of(bob.user_id) == []


@pytest.mark.parametrize("endpoint", ["https://127.0.0.1:8443/", "https://169.254.169.254/", "https://[::1]/"])
def test_no_push_goes_into_our_own_network(bob: Person, endpoint: str) -> None:
    with peer() as service:
        assert bob.post("/account/devices", {**Browser(service).form, "endpoint": endpoint}).status_code == 303
        with organization(None):
            (device,) = devices.devices_of(bob.user_id)
            device_id = device.id
        answer = bob.post(f"/account/devices/{device_id}/test")
        assert answer.status_code == 303
        assert service.asked == []
    with organization(None):
        assert devices.devices_of(bob.user_id) == [], "what may never be asked is forgotten"


def test_a_service_cannot_send_us_elsewhere(app: Flask, bob: Person, browser: Browser) -> None:
    with peer() as other:
        browser.service.says = [(307, {"Location": f"{other.url}/secret"})]
        with organization(None):
            (device,) = devices.devices_of(bob.user_id)
            device_id = device.id
        bob.post(f"/account/devices/{device_id}/test")
        assert other.asked == []


def test_the_worker_stands_at_the_root(app: Flask) -> None:
    answer = app.test_client().get("/service-worker.js")
    assert answer.status_code == 200
    assert answer.mimetype in ("text/javascript", "application/javascript")
    assert "showNotification" in answer.text
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
