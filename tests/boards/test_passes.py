"""Open boards ask again and again without being looked up each time, and yet nobody stays in who was put out."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts import sessions
from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.commands.members import change_roles, remove_members
from app.organizations.models import Member
from app.projects.commands.people import remove_people
from app.projects.commands.projects import delete_projects
from app.projects.models import Project
from app.web import passes

BOARD = "/acme/projects/WEB/board"


@pytest.fixture
def ask(world, bob):
    """`ask(anna)`: the region as her page fetches it, of a board that has moved and that she has asked for twice."""
    issue = world.issue("Printer on fire")
    bob.post("/acme/projects/WEB/issues/priority", {"ids": issue.id, "priority": "4"}, htmx=True)

    def answer(who):
        return who.get(f"{BOARD}/columns", headers={"HX-Request": "true"})

    for name in ("bob", "anna", "vic"):
        for _ in range(3):
            assert answer(world.cast[name]).status_code == 200
    return answer


def test_who_was_let_in_costs_no_sql(ask, anna, statements) -> None:
    with statements() as seen:
        assert "Printer on fire" in ask(anna).text
    assert seen == []


def test_what_moved_is_seen_at_once(world, ask, anna, bob) -> None:
    other = world.issue("Fire brigade")
    bob.post("/acme/projects/WEB/issues/priority", {"ids": other.id, "priority": "4"}, htmx=True)
    assert "Fire brigade" in ask(anna).text


@pytest.mark.parametrize(
    "put_out",
    [
        lambda project, anna, by: remove_people(project, [anna], by=by),
        lambda project, anna, by: remove_members([anna], by=by),
        lambda project, anna, by: delete_projects([project], by=by),
    ],
)
def test_who_is_put_out_is_out_at_once(world, ask, alice, anna, put_out) -> None:
    with organization(world.organization_id):
        project = db.session.scalars(select(Project).where(Project.id == world.ids.web)).one()
        member = db.session.scalars(select(Member).where(Member.id == anna.member_id)).one()
        put_out(project, member, alice.member)
    answer = ask(anna)
    assert answer.status_code == 404
    assert "Printer" not in answer.text


def test_who_may_less_now_gets_less_at_once(world, ask, alice, anna) -> None:
    assert "data-move-url" in ask(anna).text
    with organization(world.organization_id):
        member = db.session.scalars(select(Member).where(Member.id == anna.member_id)).one()
        change_roles([member], Role.VIEWER, by=alice.member)
    assert "data-move-url" not in ask(anna).text


def test_the_pass_is_the_browsers_own(ask, olaf, mallory) -> None:
    assert ask(olaf).status_code == 404
    assert ask(mallory).status_code == 404


def test_vic_gets_what_vic_may(ask, bob, vic) -> None:
    assert "data-move-url" in ask(bob).text
    assert "data-move-url" not in ask(vic).text


def test_who_signs_out_is_out(ask, anna) -> None:
    anna.post("/sign-out")
    assert ask(anna).status_code != 200


def test_a_copied_cookie_is_worth_nothing_once_its_owner_signed_out(ask, anna) -> None:
    sessions.end_all(anna.user_id)  # from another browser: this one still sends its cookie
    db.session.commit()
    assert "Printer" not in ask(anna).text


def test_a_pass_does_not_last(ask, anna, statements, monkeypatch) -> None:
    later = passes.time.monotonic() + passes.LASTS + 1
    monkeypatch.setattr(passes.time, "monotonic", lambda: later)
    with statements() as seen:
        assert ask(anna).status_code == 200
    assert seen


def test_a_wiped_redis_takes_all_passes_away(app, ask, anna, statements) -> None:
    app.extensions["redis"].flushdb()
    with statements() as seen:
        assert "Printer on fire" in ask(anna).text
    assert seen
