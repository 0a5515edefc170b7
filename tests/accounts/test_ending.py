"""How an account ends: deactivated, restored, deleted with a grace, erased; the work stays, under nobody's name."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import passwords
from app.accounts.commands import newsletters
from app.accounts.models import Topic, User, UserSession
from app.kernel import timers
from app.kernel.access import CLOCK
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Refused
from app.kernel.tenancy import enter, organization
from app.organizations.commands import anonymise_members
from app.organizations.commands.anonymising import FORMER
from app.organizations.commands.members import rename_member
from app.organizations.models import Member
from tests.visitors import Letter, Visitor
from tests.world import Person, World

Post = Callable[..., list[Letter]]
PASSWORD = "a bridge of pencils"


def user_of(person: Person) -> User | None:
    enter(None)
    db.session.expire_all()
    return db.session.get(User, person.user_id)


def with_password(person: Person) -> None:
    user = user_of(person)
    assert user
    user.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()


def grace_is_over(person: Person) -> None:
    enter(None)
    db.session.execute(sa.update(User).where(User.id == person.user_id).values(erase_at=now() - timedelta(minutes=1)))
    db.session.commit()


@pytest.fixture
def erased(scheduler: sa.Engine, work: Callable[[], None]) -> Callable[[], None]:
    """`erased()` is one look of the scheduler and the work that comes of it."""

    def run() -> None:
        timers.tick(scheduler)
        work()

    return run


def test_who_deactivates_is_out_everywhere_and_comes_back_by_the_link(
    app: Flask, world: World, bob: Person, post: Post
) -> None:
    with_password(bob)
    assert bob.post("/account/deactivation").status_code == 303
    assert bob.get("/acme/").headers["Location"].startswith("/sign-in")
    visitor = Visitor(app)
    assert visitor.sign_in(email="bob@example.test").status_code == 422
    link = next(letter.link for letter in post("bob@example.test") if "deactivated" in letter.subject)
    assert "Welcome back" in visitor.get(link).text
    assert user_of(bob).deactivated_at is not None  # type: ignore[union-attr]
    assert visitor.post(link).status_code == 303
    assert visitor.sign_in(email="bob@example.test").status_code == 303
    assert visitor.get("/acme/").status_code == 200
    assert visitor.post(link).status_code == 410  # used once


def test_a_link_to_come_back_can_be_asked_for_and_tells_strangers_nothing(
    app: Flask, bob: Person, alice: Person, post: Post
) -> None:
    bob.post("/account/deactivation")
    visitor, before = Visitor(app), len(post())
    answers = {
        re.sub(
            r"\w+@example.test|content=\"[^\"]+\"|value=\"[^\"]+\"",
            "",
            visitor.post("/account/restoration", {"email": f"{name}@example.test"}).text,
        )
        for name in ("bob", "alice", "nobody")
    }
    assert len(answers) == 1
    assert [letter.to for letter in post()[before:]] == ["bob@example.test"]
    assert visitor.post(post()[-1].link).status_code == 303
    assert user_of(bob).deactivated_at is None  # type: ignore[union-attr]


def test_a_restoring_link_signs_nobody_in(app: Flask, bob: Person, post: Post) -> None:
    bob.post("/account/deactivation")
    visitor = Visitor(app)
    visitor.post(post("bob@example.test")[-1].link)
    assert visitor.get("/acme/").status_code == 303


def test_a_copied_cookie_is_worth_nothing_after_deactivation_and_restoration(
    app: Flask, bob: Person, post: Post
) -> None:
    bob.post("/account/deactivation")
    Visitor(app).post(post("bob@example.test")[-1].link)
    with bob.client.session_transaction() as session:
        session["_user_id"] = bob.token
    assert bob.get("/acme/").status_code == 303


def test_the_only_owner_is_told_what_to_hand_over(alice: Person, mallory: Person) -> None:
    answer = alice.post("/account/deletion")
    assert answer.status_code == 409
    assert "Acme" in answer.text
    assert user_of(alice).deactivated_at is None  # type: ignore[union-attr]
    assert alice.get("/acme/").status_code == 200


def test_with_another_owner_one_may_go(world: World, alice: Person, bob: Person) -> None:
    with organization(world.organization_id):
        db.session.get_one(Member, (world.organization_id, bob.member_id)).role = "owner"
    assert alice.post("/account/deletion").status_code == 303
    user = user_of(alice)
    assert user
    assert user.erase_at
    assert user.erase_at > now() + timedelta(days=29)


def test_within_the_grace_all_comes_back(app: Flask, bob: Person, post: Post, erased: Callable[[], None]) -> None:
    with_password(bob)
    bob.post("/account/deletion")
    erased()
    visitor = Visitor(app)
    assert visitor.post(post("bob@example.test")[-1].link).status_code == 303
    user = user_of(bob)
    assert user
    assert user.erase_at is None
    assert visitor.sign_in(email="bob@example.test").status_code == 303


def test_after_the_grace_nothing_of_the_person_is_left_but_their_work(
    app: Flask, world: World, bob: Person, owner: sa.Engine, erased: Callable[[], None]
) -> None:
    issue = world.issue("Bridge closed")
    with organization(world.organization_id):
        member = db.session.get_one(Member, (world.organization_id, bob.member_id))
        rename_member(member, "Bobby Tables", by=member)
        db.session.get_one(User, bob.user_id).name = "Bobby Tables"
    enter(None)
    newsletters.choose_topics(bob.user_id, [Topic.NEWS])
    db.session.commit()
    bob.post(f"/acme/issue/{issue.id}/comments", {"body": "I am on it"})
    bob.post("/account/details", {"ethnicity": "Sorbian", "country_of_origin": ""})
    bob.post(f"/acme/issue/{issue.id}/favourite")
    assert bob.post("/account/deletion").status_code == 303
    grace_is_over(bob)
    erased()
    assert user_of(bob) is None
    with organization(world.organization_id):
        member = db.session.get_one(Member, (world.organization_id, bob.member_id))
        assert (member.name, member.email, member.user_id) == (FORMER, None, None)
        assert member.left_at is not None
        assert member.anonymised_at is not None
    with owner.connect() as connection:
        # Mail that was written to them is purged by age; everything else has forgotten them already.
        for table in db.metadata.sorted_tables:
            rows = connection.execute(sa.text(f"SELECT row_to_json(t)::text FROM {table.name} t")).scalars()
            text = "\n".join(rows)
            if table.name not in ("outgoing_mails",):
                assert "Bobby Tables" not in text, table.name
                assert "bob@example.test" not in text, table.name
        for table in ("favourites", "user_details", "newsletter_subscriptions"):
            assert connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    page = world.cast["alice"].get(f"/acme/issues/WEB-{issue.number}")
    assert "I am on it" in page.text
    assert FORMER in page.text


def test_who_became_needed_again_is_not_erased_but_told(
    world: World, alice: Person, bob: Person, erased: Callable[[], None], post: Post
) -> None:
    """Bob, owner beside Alice, asks to go; Alice goes first."""
    with organization(world.organization_id):
        db.session.get_one(Member, (world.organization_id, bob.member_id)).role = "owner"
    bob.post("/account/deletion")
    with organization(world.organization_id):
        db.session.get_one(Member, (world.organization_id, alice.member_id)).left_at = now()
    grace_is_over(bob)
    erased()
    user = user_of(bob)
    assert user
    assert user.erase_at
    assert user.erase_at > now() + timedelta(days=6)
    assert "could not be deleted yet" in post("bob@example.test")[-1].subject


def test_deleting_again_changes_nothing_and_a_repeated_job_neither(
    world: World, bob: Person, erased: Callable[[], None]
) -> None:
    from app.accounts.jobs import erase_account

    bob.post("/account/deletion")
    grace_is_over(bob)
    erased()
    enter(None)
    erase_account(bob.user_id)
    db.session.commit()
    assert user_of(bob) is None


def test_whoever_sits_there_proves_it_first(bob: Person) -> None:
    sessions = sa.update(UserSession).where(UserSession.user_id == bob.user_id)
    db.session.execute(sessions.values(reauthenticated_at=now() - timedelta(hours=1)))
    db.session.commit()
    for address in ("/account/deactivation", "/account/deletion"):
        assert "/account/proof" in bob.post(address).headers["Location"]
    assert user_of(bob).deactivated_at is None  # type: ignore[union-attr]


def test_anonymising_is_done_once_also_by_two_at_once(app: Flask, world: World, bob: Person, carol: Person) -> None:
    barrier, failures = threading.Barrier(2), list[Any]()

    def anonymise() -> None:
        with app.app_context():
            try:
                with organization(world.organization_id):
                    ids = (bob.member_id, carol.member_id)
                    members = list(db.session.scalars(sa.select(Member).where(Member.id.in_(ids))))
                    barrier.wait(20)
                    anonymise_members(members, by=CLOCK)
            except (Refused, sa.exc.SQLAlchemyError) as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=anonymise) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    with organization(world.organization_id):
        told = sa.text("SELECT count FROM activities WHERE verb = 'member.anonymised'")
        assert db.session.scalars(told).all() == [2]
        names = sa.select(Member.name).where(Member.anonymised_at.is_not(None)).order_by(Member.name)
        assert db.session.scalars(names).all() == ["Former customer", FORMER]


def test_the_last_owner_is_not_anonymised(inside: World, alice: Person) -> None:
    with pytest.raises(Refused, match="needs an owner"):
        anonymise_members([alice.member], by=CLOCK)
