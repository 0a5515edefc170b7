"""Letting people in."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import select, text

from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import organization
from app.organizations.models import Invitation, Member
from tests.visitors import Visitor

INVITATIONS = "/acme/settings/invitations"


def _invite(person, **sent) -> str:
    """The path of the link that the page shows."""
    answer = person.post(INVITATIONS, {"role": "member", "days": "7", "uses": "1", **sent})
    assert answer.status_code == 200, answer.text
    return re.search(r'value="http://trestle\.test(/invitation/[^"]+)"', answer.text)[1]


def _members(world) -> dict[str, Role]:
    with organization(world.organization_id):
        rows = db.session.execute(select(Member.name, Member.role).where(Member.left_at.is_(None)))
        return dict(rows.all())


def test_zoe_joins_by_a_link(alice, zoe, world) -> None:
    link = _invite(alice, role="annotator")
    page = zoe.get(link)
    assert '<b class="medium" dir="auto">Alice</b> invites you to work here as annotator' in page.text
    answer = zoe.post(link)
    assert answer.location == "/acme/"
    assert _members(world)["Zoe"] == Role.ANNOTATOR
    assert zoe.get("/acme/settings/members").status_code == 200
    with organization(world.organization_id):
        assert db.session.scalars(select(Activity.verb).order_by(Activity.id)).all() == [
            "invitation.created",
            "member.joined",
            "invitation.used",
        ]
    assert "used up" in alice.get(INVITATIONS).text


def test_an_invitation_by_mail_is_for_that_address_alone(alice, arrive, post, world) -> None:
    zoe, yan = arrive("zoe"), arrive("yan")
    link = _invite(alice, email="Zoe@Example.test", uses="25")
    letter = post("zoe@example.test")[-1]
    assert letter.subject == "Alice invites you to Acme"
    assert letter.link == link

    page = yan.get(link)
    assert "was sent to z•••@example.test, but you are signed in as yan@example.test" in page.text
    assert "zoe@example.test" not in page.text
    answer = yan.post(link)
    assert answer.status_code == 403
    assert "another address" in answer.text
    assert "Yan" not in _members(world)
    assert zoe.post(link).location == "/acme/"


def test_who_is_signed_out_comes_back_to_the_invitation(alice, zoe, app, world) -> None:
    link = _invite(alice)
    zoe.post("/sign-out")
    page = zoe.get(link)
    assert page.status_code == 200
    assert f'/sign-in?next={link}"' in page.text
    assert zoe.post(link).location == f"/sign-in?next={link}"
    assert zoe.sign_in(next=link).location == link
    assert zoe.post(link).location == "/acme/"


def test_who_has_no_account_makes_one_and_comes_back(alice, app, post, world) -> None:
    link = _invite(alice)
    new = Visitor(app)
    assert f'/sign-up?next={link}"' in new.get(link).text
    assert new.sign_up(next=link).location == f"/verify?next={link}"
    answer = new.post(post("zoe@example.test")[-1].link, {"password": "a bridge of pencils", "next": link})
    assert answer.location == link
    assert new.post(link).location == "/acme/"


def test_who_has_not_proved_the_address_does_not_join(alice, app, world) -> None:
    """Else anybody signs up with the invited address and takes the place."""
    link = _invite(alice, email="zoe@example.test")
    pretender = Visitor(app)
    pretender.sign_up()
    pretender.sign_in()
    assert pretender.post(link).location == f"/verify?next={link}"
    assert "Zoe" not in _members(world)


def test_two_race_for_one_place_and_one_wins(alice, arrive, world) -> None:
    people = [arrive("zoe"), arrive("yan"), arrive("xena")]
    link = _invite(alice)
    for person in people:
        person.get(link)
    answers, start = [], threading.Barrier(len(people))

    def join(person) -> None:
        start.wait()
        answers.append(person.post(link).status_code)

    threads = [threading.Thread(target=join, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(303) == 1
    assert set(answers) <= {303, 404, 409}
    assert len(_members(world).keys() & {"Zoe", "Yan", "Xena"}) == 1
    with organization(world.organization_id):
        assert db.session.scalar(select(Invitation.uses)) == 1


def test_one_person_with_two_links_at_once_is_one_member(alice, zoe, app, world) -> None:
    links = [_invite(alice), _invite(alice)]
    other = Visitor(app)
    other.sign_in()
    start, answers = threading.Barrier(2), []

    def join(browser, link) -> None:
        browser.get(link)
        start.wait()
        answers.append(browser.post(link).status_code)

    threads = [threading.Thread(target=join, args=pair) for pair in zip((zoe, other), links, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303, 303]
    with organization(world.organization_id):
        assert len(db.session.scalars(select(Member).where(Member.name == "Zoe")).all()) == 1
        assert sum(db.session.scalars(select(Invitation.uses))) == 1


def test_a_link_for_several_serves_them_and_no_more(alice, arrive, world) -> None:
    link = _invite(alice, uses="5")
    for name in ("ana", "ben", "cleo", "dora", "emil"):
        assert arrive(name).post(link).location == "/acme/"
    assert arrive("fred").post(link).status_code == 404


def test_who_is_in_already_uses_nothing_up(alice, bob, world) -> None:
    link = _invite(alice)
    assert "You are in already" in bob.get(link).text
    assert bob.post(link).location == "/acme/"
    with organization(world.organization_id):
        assert db.session.scalar(select(Invitation.uses)) == 0


def test_who_left_comes_back_as_who_they_were(alice, bob, world) -> None:
    alice.post("/acme/settings/members/removal", {"ids": bob.member_id})
    link = _invite(alice, role="viewer")
    assert bob.post(link).location == "/acme/"
    assert _members(world)["Bob"] == Role.VIEWER
    assert bob.get(f"/acme/settings/members/{bob.member_id}").status_code == 200


def test_a_link_taken_back_is_dead(alice, zoe, world) -> None:
    link = _invite(alice)
    with organization(world.organization_id):
        number = db.session.scalar(select(Invitation.id))
    assert alice.post(f"{INVITATIONS}/{number}/revocation").status_code == 303
    assert zoe.get(link).status_code == 404
    assert "not valid any more" in zoe.get(link).text
    assert zoe.post(link).status_code == 404
    assert "taken back" in alice.get(INVITATIONS).text
    assert alice.post(f"{INVITATIONS}/{number}/link").status_code == 409


def test_a_link_grows_old(alice, zoe, world) -> None:
    link = _invite(alice, days="1")
    with organization(world.organization_id):
        db.session.execute(text("UPDATE doors SET expires_at = now() - interval '1 second' WHERE kind = 'invitation'"))
    assert zoe.get(link).status_code == 404
    with organization(world.organization_id):
        db.session.execute(text("UPDATE doors SET expires_at = NULL WHERE kind = 'invitation'"))
        db.session.execute(text("UPDATE invitations SET expires_at = now() - interval '1 second'"))
    assert zoe.post(link).status_code == 404, "both the door and what stands behind it"
    assert "ran out" in alice.get(INVITATIONS).text


def test_a_new_link_kills_the_old_one_and_is_posted_again(alice, zoe, post, world) -> None:
    old = _invite(alice, email="zoe@example.test")
    with organization(world.organization_id):
        number = db.session.scalar(select(Invitation.id))
    answer = alice.post(f"{INVITATIONS}/{number}/link")
    new = post("zoe@example.test")[-1].link
    assert new != old
    assert new in answer.text
    assert zoe.get(old).status_code == 404
    assert zoe.post(new).location == "/acme/"


def test_the_link_is_shown_once_and_kept_as_a_hash(alice, owner) -> None:
    link = _invite(alice)
    token = link.rpartition("/")[2]
    assert token not in alice.get(INVITATIONS).text
    with owner.connect() as connection:
        for table in ("doors", "invitations", "activities", "changes", "security_events"):
            assert token not in str(connection.execute(text(f"SELECT * FROM {table}")).all()), table


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "..%2f..", "acme", "🦆"])
def test_a_made_up_link_opens_nothing(zoe, world, token: str) -> None:
    assert zoe.get(f"/invitation/{token}").status_code == 404
    assert zoe.post(f"/invitation/{token}").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("bob", 403), ("vic", 403), ("olaf", 403), ("carol", 403), ("mallory", 404)]
)
def test_only_admins_invite(cast, alice, world, who: str, status: int) -> None:
    _invite(alice)
    with organization(world.organization_id):
        number = db.session.scalar(select(Invitation.id))
    assert cast[who].get(INVITATIONS).status_code == status
    assert cast[who].post(INVITATIONS, {"role": "member", "days": "7", "uses": "1"}).status_code == status
    for path in (f"/{number}/link", f"/{number}/revocation"):
        assert cast[who].post(f"{INVITATIONS}{path}").status_code == 404, "what one may not see is not there"
    own = "/rival/settings/invitations"
    if who == "mallory":
        assert cast[who].get(own).status_code == 200
        assert cast[who].post(f"{own}/{number}/revocation").status_code == 404, "another organization's number"


def test_an_admin_invites_no_owner(alice, bob, world) -> None:
    alice.post("/acme/settings/members/role", {"ids": bob.member_id, "role": "admin"})
    assert bob.post(INVITATIONS, {"role": "owner", "days": "7", "uses": "1"}).status_code == 422
    _invite(alice, role="owner")
    with organization(world.organization_id):
        number = db.session.scalar(select(Invitation.id))
    assert bob.post(f"{INVITATIONS}/{number}/link").status_code == 403, "nor takes over an owner's link"


@pytest.mark.parametrize(
    "sent",
    [
        {"role": "customer"},
        {"role": ""},
        {"days": "0"},
        {"days": "3650"},
        {"days": "x"},
        {"uses": "1000000"},
        {"uses": "-1"},
        {"email": "nonsense"},
        {"email": "a@b.test\r\nBcc:all@@example.test"},
        {"email": "bob@example.test"},
        {"role": ["admin", "viewer"]},
    ],
)
def test_what_will_not_do_is_said_at_the_field(alice, post, sent) -> None:
    answer = alice.post(INVITATIONS, {"role": "member", "days": "7", "uses": "1", **sent})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert post() == []


def test_the_next_form_begins_with_the_everyday_role(alice) -> None:
    """Not with the first of the list, which is the owner."""
    for answer in (alice.get(INVITATIONS), alice.post(INVITATIONS, {"role": "admin", "days": "7", "uses": "1"})):
        assert re.search(r'<option selected value="member"', answer.text)
        assert not re.search(r'<option selected value="owner"', answer.text)


def test_invitations_are_limited(alice, app, world) -> None:
    from app.organizations.routes.invitations import BY_PERSON

    app.extensions["redis"].set(BY_PERSON.key(str(alice.user_id)), BY_PERSON.most, ex=60)
    assert alice.post(INVITATIONS, {"role": "member", "days": "7", "uses": "1"}).status_code == 429


def test_the_list_costs_the_same_for_one_and_many(alice, world, statements) -> None:
    _invite(alice)
    with statements() as one:
        alice.get(INVITATIONS)
    with organization(world.organization_id):
        first = db.session.scalars(select(Invitation)).one()
        db.session.add_all(
            Invitation(role=Role.MEMBER, expires_at=first.expires_at, invited_by_id=alice.member_id) for _ in range(60)
        )
    with statements() as many:
        assert alice.get(INVITATIONS).text.count("data-item=") == 61
    assert len(many) == len(one)
