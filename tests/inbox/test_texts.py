"""Texts: to numbers that were proved, of what was chosen, and not too many."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.inbox.models import Channel
from app.inbox.nudges import TEXTS
from app.inbox.preferences import set_matrix
from app.kernel import timers
from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.inbox.conftest import Story
from tests.inbox.peers import Peer, configured, peer
from tests.world import Person, World

NUMBER = "+4915123456789"


@pytest.fixture
def gateway(app: Flask) -> Iterator[Peer]:
    with peer() as made, configured(app, sms_url=f"{made.url}/send", sms_token="a:secret", sms_from="Acme"):
        yield made


@pytest.fixture
def later(scheduler: sa.Engine, work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        with at(now() + timedelta(minutes=1)):
            timers.tick(scheduler)
            work()

    return run


def _number(who: Person) -> tuple[str | None, bool]:
    with organization(None):
        db.session.expire_all()
        user = db.session.get_one(User, who.user_id)
        return user.mobile_number, user.mobile_verified_at is not None


def _code(gateway: Peer) -> str:
    found = re.search(r"\b(\d{6})\b", json.loads(gateway.asked[-1].body)["text"])
    assert found
    return found[1]


def test_without_a_gateway_there_is_nothing(bob: Person) -> None:
    assert bob.get("/account/phone").status_code == 404
    assert bob.post("/account/phone", {"number": NUMBER}).status_code == 404
    assert "sms:" not in bob.get("/acme/settings/notifications").text


def test_a_number_is_proved_by_its_code(gateway: Peer, bob: Person) -> None:
    assert bob.post("/account/phone", {"number": "0049 (151) 234-567 89"}).status_code == 303
    asked = gateway.asked[0]
    assert json.loads(asked.body)["to"] == NUMBER
    assert asked.headers["authorization"] == "Bearer a:secret"
    assert _number(bob) == (None, False)
    code = _code(gateway)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert bob.post("/account/phone/code", {"code": wrong}).status_code == 422
    assert bob.post("/account/phone/code", {"code": code}).status_code == 303
    assert _number(bob) == (NUMBER, True)
    assert bob.post("/account/phone/code", {"code": code}).status_code == 422, "good once"
    assert NUMBER in bob.get("/account/phone").text
    bob.post("/account/phone/removal")
    assert _number(bob) == (None, False)


def test_a_code_is_ones_own_and_tried_a_few_times(gateway: Peer, bob: Person, alice: Person) -> None:
    bob.post("/account/phone", {"number": NUMBER})
    code = _code(gateway)
    assert alice.post("/account/phone/code", {"code": code}).status_code == 422
    for wrong in range(5):
        bob.post("/account/phone/code", {"code": f"{(int(code) + 1 + wrong) % 10**6:06}"})
    assert bob.post("/account/phone/code", {"code": code}).status_code == 429
    assert _number(bob) == (None, False)


def test_a_newer_code_ends_the_older(gateway: Peer, bob: Person) -> None:
    bob.post("/account/phone", {"number": NUMBER})
    older = _code(gateway)
    bob.post("/account/phone", {"number": "+4915199999999"})
    if older != _code(gateway):
        assert bob.post("/account/phone/code", {"code": older}).status_code == 422
    bob.post("/account/phone/code", {"code": _code(gateway)})
    assert _number(bob) == ("+4915199999999", True)


@pytest.mark.parametrize("text", ["", "151 23456789", "+49", "+49 151 call me", "+0123456789", "+" + "1" * 20])
def test_what_is_no_number(gateway: Peer, bob: Person, text: str) -> None:
    assert bob.post("/account/phone", {"number": text}).status_code == 422
    assert gateway.asked == []


def test_nobody_is_flooded_with_codes(gateway: Peer, bob: Person) -> None:
    for _ in range(5):
        assert bob.post("/account/phone", {"number": NUMBER}).status_code == 303
    assert bob.post("/account/phone", {"number": NUMBER}).status_code == 429
    assert len(gateway.asked) == 5


def _prove(owner: sa.Engine, who: Person, *, proved: bool = True) -> None:
    values = {"mobile_number": NUMBER, "mobile_verified_at": now() if proved else None}
    with owner.begin() as connection:
        connection.execute(sa.update(User).where(User.id == who.user_id).values(values))


@pytest.mark.parametrize("form", ["json", "twilio"])
def test_what_was_chosen_is_texted(
    app: Flask,
    form: str,
    gateway: Peer,
    story: Story,
    alice: Person,
    bob: Person,
    world: World,
    owner: sa.Engine,
    later: Callable[[], None],
) -> None:
    _prove(owner, bob)
    with organization(world.organization_id):
        set_matrix(bob.member, {("assigned", Channel.SMS): True}, by=bob.member)
    with configured(app, sms_form=form):
        issue = world.issue("Printer on fire")
        story.assigns(alice, bob, issue)
        story.prioritises(alice, issue)
        later()
    (asked,) = gateway.asked
    sent = asked.form if form == "twilio" else json.loads(asked.body)
    sent = {name.lower(): value for name, value in sent.items()}
    assert (sent["to"], sent["from"]) == (NUMBER, "Acme")
    said = f"Alice assigned you: WEB-{issue.number} Printer on fire\nhttp://trestle.test/acme/inbox"
    assert sent.get("text", sent.get("body")) == said
    if form == "twilio":
        assert asked.headers["authorization"] == "Basic " + base64.b64encode(b"a:secret").decode()


@pytest.mark.parametrize("why", ["not chosen", "not proved"])
def test_nothing_is_texted_to_who(
    why: str,
    gateway: Peer,
    story: Story,
    alice: Person,
    bob: Person,
    world: World,
    owner: sa.Engine,
    later: Callable[[], None],
) -> None:
    _prove(owner, bob, proved=why != "not proved")
    with organization(world.organization_id):
        set_matrix(bob.member, {("assigned", Channel.SMS): why != "not chosen"}, by=bob.member)
    story.assigns(alice, bob, world.issue())
    later()
    assert gateway.asked == []


def test_a_day_has_so_many_texts(
    gateway: Peer,
    story: Story,
    alice: Person,
    bob: Person,
    world: World,
    owner: sa.Engine,
    later: Callable[[], None],
) -> None:
    _prove(owner, bob)
    with organization(world.organization_id):
        set_matrix(bob.member, {("assigned", Channel.SMS): True}, by=bob.member)
    for issue in world.issues(TEXTS.most + 1):
        story.assigns(alice, bob, issue)
        later()
    assert len(gateway.asked) == TEXTS.most


def test_a_gateway_that_refuses_holds_nothing_up(
    gateway: Peer,
    story: Story,
    alice: Person,
    bob: Person,
    world: World,
    owner: sa.Engine,
    later: Callable[[], None],
) -> None:
    _prove(owner, bob)
    with organization(world.organization_id):
        set_matrix(bob.member, {("assigned", Channel.SMS): True}, by=bob.member)
    gateway.says = [(500, {}), (500, {})]
    story.assigns(alice, bob, world.issue())
    later()
    assert len(gateway.asked) == 1
    assert bob.post("/account/phone", {"number": NUMBER}).status_code == 422
