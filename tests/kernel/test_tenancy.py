"""The second wall: PostgreSQL itself keeps one organization's rows from another."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from app.boards.models import Issue
from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.tenancy import enter, organization
from app.organizations.models import Member, Organization
from app.organizations.queries import organizations_of, switchable
from tests.world import World


def test_without_an_organization_nothing_is_seen(world: World) -> None:
    world.issue()
    enter(None)
    assert db.session.scalars(select(Issue)).all() == []
    assert db.session.scalars(select(Member)).all() == []
    assert db.session.scalars(select(Organization)).all() == []


def test_another_organizations_rows_are_not_there(world: World) -> None:
    issue = world.issue()
    enter(world.rival_id)
    assert db.session.scalar(select(Issue).where(Issue.id == issue.id)) is None
    assert db.session.execute(text("UPDATE issues SET title = 'mine'")).rowcount == 0
    assert db.session.execute(text("DELETE FROM issues")).rowcount == 0


def test_a_row_cannot_be_written_into_another_organization(world: World) -> None:
    enter(world.rival_id)
    row = {"organization_id": world.organization_id, "name": "Spy", "role": "owner", "kind": "person"}
    with pytest.raises(ProgrammingError, match="row-level security"):
        db.session.execute(Member.__table__.insert().values(row))


def test_a_foreign_key_cannot_point_across(world: World) -> None:
    enter(world.rival_id)
    mine = world.ids.rival
    db.session.add(Issue(project_id=mine.web, number=1, title="x", rank="a0", state_id=world.ids.states["Todo"]))
    with pytest.raises(IntegrityError, match="state_id"):
        db.session.flush()
    db.session.rollback()


def test_the_setting_is_said_again_after_every_commit_and_rollback(world: World) -> None:
    world.issue()
    with organization(world.organization_id):
        for end in (db.session.commit, db.session.rollback, db.session.commit):
            assert len(db.session.scalars(select(Issue)).all()) == 1
            end()
        with db.session.begin_nested():
            assert db.session.scalars(select(Issue)).all()
        assert db.session.scalars(select(Issue)).all()
    assert db.session.scalars(select(Issue)).all() == []


def test_identity_map_does_not_answer_for_the_former_organization(world: World) -> None:
    issue = world.issue()
    enter(world.organization_id)
    assert db.session.get(Issue, (world.organization_id, issue.id))
    enter(world.rival_id)
    assert db.session.get(Issue, (world.organization_id, issue.id)) is None


def test_entering_refuses_to_carry_pending_rows_along(world: World) -> None:
    enter(world.organization_id)
    db.session.add(Member(name="Halfway", role="member"))
    with pytest.raises(RuntimeError, match="pending"):
        enter(world.rival_id)
    db.session.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT set_config('app.organization_id', '1', false)",
        "SELECT query_to_xml('select set_config(''app.organization_id'', ''1'', false)', true, true, '')",
        "SET row_security = off; SELECT * FROM issues",
        "ALTER TABLE issues DISABLE ROW LEVEL SECURITY",
        "TRUNCATE issues",
        "DELETE FROM activities",
        "UPDATE changes SET fields = '{}'",
        "SELECT * FROM alembic_version",
    ],
)
def test_the_applications_role_cannot_climb_the_wall(world: World, statement: str) -> None:
    enter(world.rival_id)
    with pytest.raises(DBAPIError):
        db.session.connection().exec_driver_sql(statement)
    db.session.rollback()


def test_inside_an_organization_nobody_sees_their_own_rows_of_another(world: World) -> None:
    alice = world.cast["alice"]
    enter(world.rival_id)
    db.session.add(Member(name="Alice elsewhere", role=Role.MEMBER, user_id=alice.user_id))
    db.session.commit()

    enter(world.organization_id, user_id=alice.user_id)
    assert "Alice elsewhere" not in db.session.scalars(select(Member.name)).all()
    assert [organization.name for organization in db.session.scalars(select(Organization))] == ["Acme"]
    assert [row.name for row in switchable()] == ["Acme", "Rival"]

    enter(world.organization_id, user_id=world.cast["bob"].user_id)
    assert [row.name for row in switchable()] == ["Acme"]
    enter(None, user_id=alice.user_id)
    assert [organization.name for organization, _ in organizations_of(alice.user_id)] == ["Acme", "Rival"]
