"""What people set for themselves, and where they are signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import passwords
from app.accounts.models import User, UserSession
from app.inbox.models import Reason
from app.inbox.preferences import preferences_of
from app.kernel.clock import now
from app.kernel.crypto import token_hash
from app.kernel.database import db
from app.kernel.tenancy import enter, organization
from app.organizations.models import Member
from tests.world import Person, World

OLD, NEW = "a bridge of pencils", "seven quiet herons"
FORM = {"name": "Robert", "timezone": "Europe/Berlin", "theme": "dark", "keys": "y", "mail_assigned": "y"}


@pytest.fixture
def bob(world: World) -> Iterator[Person]:
    """Bob, who has a password."""
    enter(None)
    user = db.session.get_one(User, world.cast["bob"].user_id)
    user.password_hash = passwords.hash_password(OLD)
    db.session.commit()
    return world.cast["bob"]  # type: ignore[return-value]


def user_of(person: Person) -> User:
    db.session.expire_all()
    return db.session.get_one(User, person.user_id)


def another_browser(person: Person, token: str = "elsewhere") -> int:
    agent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_1) Gecko/20100101 Firefox/140.0"
    row = UserSession(
        user_id=person.user_id,
        token_hash=token_hash(token),
        expires_at=now() + timedelta(days=1),
        agent=agent,
        ip="203.0.113.9",
    )
    db.session.add(row)
    db.session.commit()
    return row.id


def test_bob_sets_his_name_zone_theme_keys_and_mail(world: World, bob: Person) -> None:
    assert bob.post("/acme/profile", FORM).status_code == 303
    page = bob.get("/acme/profile").text
    assert "Your profile is saved." in page
    assert 'data-theme="dark"' in page
    user = user_of(bob)
    assert (user.name, user.timezone, user.theme, user.keys) == ("Robert", "Europe/Berlin", "dark", True)
    with organization(world.organization_id):
        member = db.session.get_one(Member, (world.organization_id, bob.member_id))
        assert member.name == "Robert"
        assert preferences_of(member) == {Reason.ASSIGNED: True, Reason.MENTIONED: False, Reason.WATCHING: False}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "\u202e "},
        {"name": "x" * 121},
        {"timezone": "Mars/Olympus"},
        {"timezone": ""},
        {"theme": "pink"},
        {"name": ["Bob", "Rob"]},
    ],
)
def test_what_cannot_be_is_refused_at_its_field(bob: Person, wrong: dict[str, str]) -> None:
    reply = bob.post("/acme/profile", {**FORM, **wrong})
    assert reply.status_code == 422
    assert 'aria-invalid="true"' in reply.text or 'class="error"' in reply.text
    assert user_of(bob).name == "Bob"


def test_the_theme_is_kept_from_the_menu(bob: Person) -> None:
    assert bob.post("/acme/profile/theme", {"theme": "light"}, htmx=True).status_code == 200
    assert user_of(bob).theme == "light"
    assert bob.post("/acme/profile/theme", {"theme": "pink"}, htmx=True).status_code == 422
    assert bob.post("/acme/profile/theme", {}, htmx=True).status_code == 422


def test_a_new_password_needs_the_old_one_and_signs_other_browsers_out(bob: Person) -> None:
    another_browser(bob)
    reply = bob.post("/acme/profile/password", {"old": OLD, "new": NEW}, follow_redirects=True)
    assert "Your password is changed" in reply.text
    assert passwords.matches(user_of(bob).password_hash, NEW)
    left = select(UserSession.id).where(UserSession.user_id == bob.user_id, UserSession.revoked_at.is_(None))
    assert len(db.session.scalars(left).all()) == 1
    assert bob.get("/acme/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("not the one", NEW, "not your present password"),
        (OLD, "short", "At least 10"),
        (OLD, OLD, "the password you have now"),
        (OLD, "bob@example.test", "your own name or address"),
        ("", NEW, "cannot be empty"),
        (OLD, "", "cannot be empty"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(bob: Person, old: str, new: str, says: str) -> None:
    other = another_browser(bob)
    reply = bob.post("/acme/profile/password", {"old": old, "new": new})
    assert reply.status_code == 422
    assert says in reply.text
    assert OLD not in reply.text
    assert passwords.matches(user_of(bob).password_hash, OLD)
    assert db.session.get_one(UserSession, other).revoked_at is None


def test_guessing_the_old_password_has_a_limit(bob: Person) -> None:
    answers = [bob.post("/acme/profile/password", {"old": f"guess {n}", "new": NEW}).status_code for n in range(12)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert bob.post("/acme/profile/password", {"old": OLD, "new": NEW}).status_code == 429


def test_bob_sees_where_he_is_signed_in_and_ends_one(bob: Person) -> None:
    other = another_browser(bob)
    page = bob.get("/acme/profile").text
    assert "Firefox on macOS" in page
    assert "203.0.113.9" in page
    bob.post(f"/acme/profile/browsers/{other}/revocation")
    assert "Firefox on macOS" not in bob.get("/acme/profile").text


def test_all_others_at_once(bob: Person) -> None:
    for token in ("one", "two"):
        another_browser(bob, token)
    bob.post("/acme/profile/browsers/revocation")
    assert "Firefox on macOS" not in bob.get("/acme/profile").text
    assert bob.get("/acme/").status_code == 200


def test_nobody_ends_somebody_elses_browser(bob: Person, alice: Person, mallory: Person) -> None:
    his = another_browser(bob)
    alice.post(f"/acme/profile/browsers/{his}/revocation")
    mallory.post(f"/rival/profile/browsers/{his}/revocation")
    assert mallory.post(f"/acme/profile/browsers/{his}/revocation").status_code == 404
    db.session.expire_all()
    assert db.session.get_one(UserSession, his).revoked_at is None


def test_carol_the_customer_looks_after_herself_too(carol: Person) -> None:
    assert carol.get("/acme/profile").status_code == 200
    assert carol.post("/acme/profile", FORM).status_code == 303


def test_without_a_token_nothing_is_saved(bob: Person) -> None:
    assert bob.client.post("/acme/profile", data=FORM).status_code == 400
    assert user_of(bob).name == "Bob"
