"""What it costs to come in, before a view has asked anything: session, member and all that the member holds."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.groups.commands.teams import create_team, put_in_team
from app.organizations.models import CustomRole
from app.organizations.queries import entering
from tests.organizations.test_sign_in_rules import ask_for_it, give_second_factor
from tests.world import Person, World

MEMBERS, ROLES = "/acme/settings/members", "/acme/settings/roles"
#: Guarded as every page, and leads on without a question of its own.
LEAST = "/acme/profile"


@pytest.fixture
def burdened(world: World, alice: Person, bob: Person) -> Person:
    """Bob with a role of the organization's own, a permission for a day, a team, and the two-factor rule above him."""
    sent = {"name": "Lead", "description": "", "base": "member", "permissions": ["member:view", "issue:view"]}
    assert alice.post(ROLES, sent).status_code == 303
    with organization(world.organization_id):
        role = db.session.scalars(select(CustomRole.id)).one()
        put_in_team(create_team("Field", by=alice.member), [bob.member], by=alice.member)
    assert alice.post(f"{MEMBERS}/role", {"ids": bob.member_id, "role": f"own-{role}"}).status_code == 303
    for permission in ("organization:edit", "ticket:view"):
        given = {"permission": permission, "days": "1", "reason": "Holidays"}
        assert alice.post(f"{MEMBERS}/{bob.member_id}/grants", given).status_code == 303
    give_second_factor(bob)
    ask_for_it(alice)
    return bob


def test_two_statements_let_somebody_in_whatever_they_hold(burdened: Person, statements) -> None:
    assert burdened.get("/acme/projects").status_code == 403, "the role of their own holds"
    assert burdened.get("/acme/settings").status_code == 200, "and so does the grant"
    with statements() as seen:
        answer = burdened.get(LEAST)
    assert (answer.status_code, answer.location) == (303, "/account/profile")
    assert len(seen) == 2, seen
    assert "user_sessions" in seen[0]
    assert "FROM organizations JOIN members" in seen[1]


def test_refusing_costs_no_more(burdened: Person, statements) -> None:
    """What somebody may not is known by then: nothing is asked before the refusal."""
    burdened.get(LEAST)
    with statements() as seen:
        assert burdened.post("/acme/settings/roles", {"name": "Mine"}, htmx=True).status_code == 403
    assert len([line for line in seen if line.startswith("SELECT")]) <= 2, seen


def test_a_process_that_never_saw_the_address_asks_for_it_once(burdened: Person, statements) -> None:
    burdened.get(LEAST)
    entering._slugs.clear()
    for count in (3, 2):
        with statements() as seen:
            assert burdened.get(LEAST).status_code == 303
        assert len(seen) == count, seen
