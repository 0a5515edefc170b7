"""What people set for themselves: name, title, picture, and how they see things; the frame around their account."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.streaks import count_day, present_streak
from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import enter, organization
from app.organizations.commands import accept_invitation, invite
from app.organizations.models import Member
from tests.pictures import kept, picture
from tests.world import Person, World

PROFILE = {"name": "Robert", "job_title": "Signal engineer"}
PREFERENCES = {"timezone": "Europe/Berlin", "language": "", "week_starts_on": "6", "theme": "dark", "keys": "y"}


def user_of(person: Person) -> User:
    enter(None)
    db.session.expire_all()
    return db.session.get_one(User, person.user_id)


def member_of(world: World, person: Person) -> Member:
    with organization(world.organization_id):
        db.session.expire_all()
        return db.session.get_one(Member, (world.organization_id, person.member_id))


def photograph() -> bytes:
    """One that says with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of Bob"
    return picture("JPEG", (60, 40), exif=exif)


def test_a_new_name_and_title_are_seen_in_every_organization(world: World, bob: Person) -> None:
    with organization(world.rival_id):
        db.session.add(Member(user_id=bob.user_id, name="Bob", role="member"))
    assert bob.post("/account/profile", PROFILE).status_code == 303
    assert user_of(bob).name == "Robert"
    for host in (world.organization_id, world.rival_id):
        with organization(host):
            member = db.session.scalars(select(Member).where(Member.user_id == bob.user_id)).one()
            assert (member.name, member.job_title) == ("Robert", "Signal engineer")
            told = select(func.count()).where(Activity.verb == "member.renamed", Activity.subject_id == member.id)
            assert db.session.scalar(told) == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "\u202e "}, {"name": "x" * 121}, {"name": ["Bob", "Rob"]}])
def test_what_is_no_name_is_refused_at_its_field(bob: Person, wrong: dict[str, str]) -> None:
    answer = bob.post("/account/profile", {**PROFILE, **wrong})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert user_of(bob).name == "Bob"


def test_preferences_are_kept(bob: Person) -> None:
    assert bob.post("/account/preferences", PREFERENCES).status_code == 303
    assert 'data-theme="dark"' in bob.get("/account/preferences").text
    user = user_of(bob)
    assert (user.timezone, user.theme, user.keys, user.week_starts_on) == ("Europe/Berlin", "dark", True, 6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Mars/Olympus"},
        {"timezone": ""},
        {"theme": "pink"},
        {"language": "tlh"},
        {"week_starts_on": "9"},
        {"theme": ["dark", "light"]},
    ],
)
def test_preferences_that_cannot_be_are_refused(bob: Person, wrong: dict[str, str]) -> None:
    assert bob.post("/account/preferences", {**PREFERENCES, **wrong}).status_code == 422
    assert user_of(bob).timezone == "UTC"


def test_the_theme_is_kept_from_the_menu(bob: Person) -> None:
    assert bob.post("/account/theme", {"theme": "light"}, htmx=True).status_code == 200
    assert user_of(bob).theme == "light"
    assert bob.post("/account/theme", {"theme": "pink"}, htmx=True).status_code == 422


def test_a_picture_is_drawn_anew_and_seen_by_colleagues_alone(
    app: Flask, world: World, bob: Person, alice: Person, carol: Person, mallory: Person
) -> None:
    before = len(kept(app))
    sent = {"picture": (io.BytesIO(photograph()), "me.jpg")}
    assert bob.post("/account/avatar", sent, content_type="multipart/form-data").status_code == 303
    assert len(kept(app)) == before + 1
    address = f"/acme/members/{bob.member_id}/face"
    for person in (bob, alice, carol):
        answer = person.get(address)
        assert (answer.status_code, answer.content_type) == (200, "image/webp")
        assert b"Camera" not in answer.data
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"].startswith("private")
    assert mallory.get(address).status_code == 404
    assert mallory.get(f"/rival/members/{bob.member_id}/face").status_code == 404
    assert f'src="{address}' in alice.get("/acme/settings/members").text
    assert bob.get("/account/avatar").status_code == 200
    assert alice.get("/account/avatar").status_code == 404


def test_another_picture_takes_the_first_ones_place_and_none_leaves_nothing(
    app: Flask, world: World, bob: Person
) -> None:
    before = len(kept(app))
    for _ in range(2):
        sent = {"picture": (io.BytesIO(photograph()), "me.jpg")}
        assert bob.post("/account/avatar", sent, content_type="multipart/form-data").status_code == 303
    assert len(kept(app)) == before + 1
    assert bob.post("/account/avatar/deletion").status_code == 303
    assert len(kept(app)) == before
    assert member_of(world, bob).avatar is None


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<svg onload='alert(1)'/>", "Take a picture"),
        (b"\x89PNG\r\n\x1a\nbroken", "cannot be read"),
        (b"", "Take a pic"),
    ],
)
def test_what_is_no_picture_is_refused(bob: Person, data: bytes, says: str) -> None:
    sent = {"picture": (io.BytesIO(data), "me.png")}
    answer = bob.post("/account/avatar", sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert says in answer.text
    assert user_of(bob).avatar is None


def test_a_picture_that_is_too_large_is_not_even_read(bob: Person) -> None:
    sent = {"picture": (io.BytesIO(b"x" * (9 * 2**20)), "me.png")}
    assert bob.post("/account/avatar", sent, content_type="multipart/form-data").status_code == 413


def test_the_account_works_in_no_organization_and_leads_back_to_the_last(world: World, bob: Person) -> None:
    bob.get("/acme/")
    assert 'href="/acme/"' in bob.get("/account/profile").text
    with organization(world.organization_id):
        db.session.get_one(Member, (world.organization_id, bob.member_id)).left_at = now()
    page = bob.get("/account/profile")
    assert page.status_code == 200
    assert 'href="/acme/"' not in page.text
    assert bob.get("/account").headers["Location"] == "/account/profile"


def test_the_former_address_leads_to_the_account(bob: Person) -> None:
    assert bob.get("/acme/profile").headers["Location"] == "/account/profile"


def test_a_customer_has_an_account_too(carol: Person) -> None:
    assert carol.get("/account/profile").status_code == 200
    assert carol.post("/account/profile", {"name": "Caroline", "job_title": ""}).status_code == 303


def test_without_a_token_nothing_is_saved(bob: Person) -> None:
    assert bob.client.post("/account/profile", data=PROFILE).status_code == 400
    assert user_of(bob).name == "Bob"


def test_days_in_a_row_are_counted_where_the_person_is(world: World, bob: Person) -> None:
    user = user_of(bob)
    user.timezone = "Pacific/Auckland"
    db.session.commit()
    late = datetime(2026, 3, 1, 10, 59, tzinfo=UTC)  # 23:59 in Auckland
    for moment in (late, late + timedelta(minutes=2), late + timedelta(minutes=3), late + timedelta(days=1, hours=3)):
        count_day(user_of(bob), moment)
        db.session.commit()
    user = user_of(bob)
    assert present_streak(user, late + timedelta(days=1, hours=3)) == 3
    assert present_streak(user, late + timedelta(days=4)) == 0
    count_day(user, late + timedelta(days=5))
    db.session.commit()
    user = user_of(bob)
    assert (present_streak(user, late + timedelta(days=5)), user.longest_streak) == (1, 3)


def test_who_travels_west_loses_no_day(bob: Person) -> None:
    moment = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    for zone, later in (("Pacific/Auckland", 0), ("America/Los_Angeles", 1), ("America/Los_Angeles", 24)):
        user = user_of(bob)
        user.timezone = zone
        count_day(user, moment + timedelta(hours=later))
        db.session.commit()
    assert present_streak(user_of(bob), moment + timedelta(hours=24)) >= 1
    assert user_of(bob).last_active_on is not None


def test_who_joins_later_is_seen_as_everywhere_and_who_comes_back_too(world: World, mallory: Person) -> None:
    mallory.post("/account/profile", {"name": "Mal", "job_title": "Diver"})
    mallory.post(
        "/account/avatar", {"picture": (io.BytesIO(photograph()), "me.jpg")}, content_type="multipart/form-data"
    )
    user = user_of(mallory)
    with organization(world.organization_id):
        alice = db.session.get_one(Member, (world.organization_id, world.cast["alice"].member_id))
        ids = []
        for _ in range(2):
            invitation, _link = invite(role=Role.MEMBER, days=7, link_to=lambda token: token, by=alice)
            member = accept_invitation(invitation.id, user=user)
            ids.append((member.id, member.name, member.job_title, member.avatar))
            member.left_at, member.job_title, member.avatar = now(), None, None
            db.session.flush()
    assert ids[0] == ids[1]
    assert ids[0][1:] == ("Mal", "Diver", user.avatar)
