"""The first steps: shown until they are done or put away; and weeks that begin when the reader's do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from app.accounts.models import User
from app.kernel.database import db
from app.kernel.tenancy import enter, organization
from app.organizations.models import Member
from app.shell.queries import Due, work_of
from app.shell.steps import first_steps
from tests.world import Person, World


def test_what_is_left_is_shown_until_it_is_put_away(world: World, alice: Person, vic: Person) -> None:
    page = alice.get("/acme/").text
    assert "First steps" in page
    assert "2 of 4 done" in page
    assert alice.post("/acme/first-steps/dismissal").status_code == 303
    assert "First steps" not in alice.get("/acme/").text
    assert "First steps" in vic.get("/acme/").text  # each for themselves


def test_once_all_is_done_they_are_gone(app: object, world: World, bob: Person) -> None:
    world.issue()
    assert bob.post("/account/profile", {"name": "Bob", "job_title": "Carpenter"}).status_code == 303
    assert "First steps" not in bob.get("/acme/").text


def test_they_cost_one_statement_and_none_when_put_away(
    inside: World, bob: Person, statements: Callable[..., object]
) -> None:
    member = bob.member
    member.may("home:view")
    with inside.app.test_request_context("/acme/"), statements() as seen:  # type: ignore[attr-defined]
        from flask import g

        g.slug = "acme"
        assert first_steps(member)
    assert len(seen) == 1
    bob.post("/acme/first-steps/dismissal")
    db.session.expire(member)
    member = db.session.get_one(Member, (inside.organization_id, bob.member_id))
    assert first_steps(member) == ()


def test_this_week_ends_before_the_readers_first_day(world: World, bob: Person) -> None:
    """18 November 2026 is a Wednesday; for who begins on Sunday the 22nd is next week."""
    world.issue("On Sunday", assignees=(bob.member_id,), due_date=date(2026, 11, 22))
    with organization(world.organization_id):
        found = {
            begins: work_of(bob.member, bob.member_id, today=date(2026, 11, 18), week_begins=begins).groups[0][0]
            for begins in (0, 5, 6)
        }
    assert found == {0: Due.THIS_WEEK, 5: Due.LATER, 6: Due.LATER}


def test_the_choice_is_taken_from_the_account(world: World, bob: Person) -> None:
    enter(None)
    db.session.get_one(User, bob.user_id).week_starts_on = 6
    db.session.commit()
    assert bob.get("/acme/my-work").status_code == 200
