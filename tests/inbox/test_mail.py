"""One mail for what was not read, what people chose of it, and the way out with one click."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import delete, select

from app.accounts.models import User
from app.inbox.jobs import mail_notifications
from app.inbox.models import Channel, MailRhythm, Notification
from app.inbox.preferences import matrix_of, set_matrix, timing_of
from app.kernel import timers
from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.kernel.timers import Timer
from app.projects.models import ProjectMember
from tests.inbox.conftest import Story
from tests.postoffice import PostOffice
from tests.world import Person, World


@pytest.fixture
def mailed(world: World, smtp: PostOffice, scheduler: sa.Engine, work: Callable[[], None]) -> Callable[[], list[str]]:
    """Ten minutes later: the subjects of the letters that came."""

    def later() -> list[str]:
        smtp.letters.clear()
        with at(now() + timedelta(minutes=11)):
            timers.tick(scheduler)
            work()
        return [letter["Subject"] for letter in smtp.letters]

    return later


def _plain(letter: EmailMessage) -> str:
    text = letter.get_body(("plain",))
    assert text is not None
    return str(text.get_content()).replace("\r\n", "\n")


def test_one_mail_tells_of_all(
    story: Story, alice: Person, bob: Person, world: World, mailed: Callable[[], list[str]], smtp: PostOffice
) -> None:
    first, second = world.issue("Printer <b>on</b> fire"), world.issue("Łódź 🔥")
    story.assigns(alice, bob, first)
    story.assigns(alice, bob, second)
    assert mailed() == ["Acme: 2 things changed for you"]
    (letter,) = smtp.letters
    html = letter.get_body(("html",))
    assert html is not None
    assert letter["To"] == "bob@example.test"
    assert "Printer <b>on</b> fire\nAlice assigned you\nhttp://trestle.test/acme/issues/WEB-1\n" in _plain(letter)
    assert "Printer &lt;b&gt;on&lt;/b&gt; fire" in html.get_content()
    assert "Łódź 🔥" in html.get_content()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://trestle\.test/unsubscribe/\S{20,}>", letter["List-Unsubscribe"])
    with organization(world.organization_id):
        assert all(note.mailed_at for note in db.session.scalars(select(Notification)))
        assert db.session.scalars(select(Timer)).all() == []
    assert mailed() == []


def test_a_single_one_says_all_in_its_subject(
    story: Story, alice: Person, bob: Person, world: World, mailed: Callable[[], list[str]]
) -> None:
    story.assigns(alice, bob, world.issue("Printer on fire"))
    assert mailed() == ["WEB-1 Printer on fire: Alice assigned you"]


def test_what_was_read_meanwhile_is_not_mailed(
    story: Story, alice: Person, bob: Person, world: World, mailed: Callable[[], list[str]]
) -> None:
    story.assigns(alice, bob, world.issue())
    bob.post("/acme/inbox/reading")
    assert mailed() == []


def test_nothing_is_mailed_that_one_may_not_see_any_more(
    story: Story, alice: Person, bob: Person, world: World, mailed: Callable[[], list[str]]
) -> None:
    story.assigns(alice, bob, world.issue())
    with organization(world.organization_id):
        db.session.execute(delete(ProjectMember).where(ProjectMember.member_id == bob.member_id))
    assert mailed() == []


@pytest.mark.parametrize("why", ["unverified", "left", "addressless", "deactivated"])
def test_people_who_get_no_mail(
    story: Story, alice: Person, bob: Person, world: World, mailed: Callable[[], list[str]], why: str, owner: sa.Engine
) -> None:
    story.assigns(alice, bob, world.issue())
    with organization(world.organization_id):
        if why == "left":
            bob.member.left_at = now()
        if why == "addressless":
            bob.member.email = None
    values = {"unverified": {"email_verified_at": None}, "deactivated": {"deactivated_at": now()}}.get(why)
    if values:
        with owner.begin() as connection:
            connection.execute(sa.update(User).where(User.id == bob.user_id).values(values))
    assert mailed() == []


def test_the_same_batch_is_never_mailed_twice(
    story: Story, alice: Person, bob: Person, world: World, mailed: Callable[[], list[str]]
) -> None:
    story.assigns(alice, bob, world.issue())
    assert len(mailed()) == 1
    with organization(world.organization_id):
        mail_notifications(bob.member_id)
    assert mailed() == []


def test_only_what_one_wants_is_mailed(
    story: Story, alice: Person, bob: Person, world: World, mailed: Callable[[], list[str]]
) -> None:
    with organization(world.organization_id):
        for _ in range(2):
            set_matrix(bob.member, {("watching", Channel.MAIL): False}, by=bob.member)
        matrix = matrix_of(bob.member)
        assert [kind for (kind, way), wanted in matrix.items() if way is Channel.MAIL and not wanted] == ["watching"]
        (told,) = db.session.scalars(select(Activity).where(Activity.verb == "member.mail_chosen"))
        assert told.actor_id == bob.member_id
    first, second = world.issue(), world.issue()
    story.watches(bob, first)
    story.prioritises(alice, first)
    assert mailed() == []
    story.assigns(alice, bob, second)
    assert mailed() == ["WEB-2 Printer on fire: Alice assigned you"]


def test_one_click_stops_it(
    app: Flask,
    story: Story,
    alice: Person,
    bob: Person,
    world: World,
    mailed: Callable[[], list[str]],
    smtp: PostOffice,
) -> None:
    story.assigns(alice, bob, world.issue())
    mailed()
    address = smtp.letters[0]["List-Unsubscribe"].strip("<>").removeprefix("http://trestle.test")
    stranger = app.test_client()
    page = stranger.get(address)
    assert page.status_code == 200
    assert "Stop notification mail?" in page.text
    with organization(world.organization_id):
        assert timing_of(bob.member).mail is MailRhythm.SOON, "looking at the page changed something"
    answer = stranger.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "No more of this mail" in answer.text
    assert stranger.post(address).status_code == 200
    with organization(world.organization_id):
        assert timing_of(bob.member).mail is MailRhythm.NEVER
    story.assigns(alice, bob, world.issue())
    assert mailed() == []


def test_a_wrong_link_stops_nothing(app: Flask, world: World) -> None:
    stranger = app.test_client()
    assert stranger.get("/unsubscribe/" + "x" * 43).status_code == 404
    assert stranger.post("/unsubscribe/" + "x" * 43).status_code == 404
    assert stranger.post("/unsubscribe/" + "x" * 43, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
