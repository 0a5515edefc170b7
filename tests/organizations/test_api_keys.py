"""API keys: what they open, and everything that ends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.commands.ending import deactivate_user
from app.accounts.models import User
from app.kernel.access import Role
from app.kernel.clock import at, now
from app.kernel.crypto import token_hash
from app.kernel.database import db
from app.kernel.errors import Forbidden
from app.kernel.tenancy import enter, organization
from app.organizations.keys.commands import create_key
from app.organizations.keys.using import BY_KEY
from app.organizations.models import ApiKey, Member
from tests.visitors import security_events
from tests.world import Person, World

Make = Callable[..., str]


@pytest.fixture
def make(world: World) -> Make:
    """`make("bob", "read")`: a key of somebody's."""

    def made(name: str, *scopes: str, days: int | None = 30) -> str:
        person = world.cast[name]
        where = world.rival_id if person.slug == "rival" else world.organization_id
        with world.app.app_context(), organization(where):
            by = db.session.get_one(Member, (where, person.member_id))
            return create_key("Robot", scopes or ("read",), days=days, by=by)[1]

    return made


def ask(app: Flask, token: str, path: str = "/acme/api/key", *, method: str = "GET", **rest: Any) -> TestResponse:
    """As a program does: no cookies, no tokens of forms."""
    headers = {"Authorization": f"Bearer {token}"}
    with app.app_context():
        return app.test_client().open(path, method=method, headers=headers, **rest)


def test_a_key_says_what_it_is(app: Flask, make: Make, bob: Person) -> None:
    answer = ask(app, make("bob"))
    assert answer.status_code == 200
    said = answer.json or {}
    assert (said["organization"], said["member"]["id"], said["scopes"]) == ("acme", bob.member_id, ["read"])
    assert "issue:view" in said["permissions"]
    assert "issue:edit" not in said["permissions"]
    assert "Set-Cookie" not in answer.headers


def test_it_is_made_on_a_page_and_shown_once(app: Flask, bob: Person, world: World, owner: sa.Engine) -> None:
    answer = bob.post("/acme/settings/keys", {"name": "Robot", "days": "30", "reach": "read"})
    token = "tb_" + answer.text.partition('value="tb_')[2].partition('"')[0]
    assert ask(app, token).status_code == 200
    assert token not in bob.get("/acme/settings/keys").text
    with owner.connect() as connection:
        rows = [connection.execute(sa.text(f"SELECT * FROM {name}")).all() for name in ("doors", "api_keys")]
    assert token not in str(rows)
    assert token_hash(token) in str(rows)
    assert "api_key.created" in security_events(owner)


@pytest.mark.parametrize("token", ["tb_", "tb_nothing", "tb_" + "x" * 5000, "tb_ü"])
def test_what_is_no_key(app: Flask, world: World, token: str) -> None:
    answer = ask(app, token.encode("utf-8").decode("latin-1"))
    assert answer.status_code == 401
    assert (answer.json or {})["error"]["status"] == 401


def test_in_another_organization(app: Flask, make: Make) -> None:
    token = make("bob")
    assert ask(app, token, "/rival/api/key").status_code == 401
    assert ask(app, token, "/nobody-has-this/api/key").status_code == 401
    assert ask(app, make("mallory")).status_code == 401


def test_it_runs_out(app: Flask, make: Make, world: World) -> None:
    token = make("bob", days=30)
    with at(now() + timedelta(days=31)):
        assert ask(app, token).status_code == 401
    with at(now() + timedelta(days=3650)):
        assert ask(app, make("bob", days=None)).status_code == 200


def test_it_is_revoked(app: Flask, make: Make, bob: Person, world: World, owner: sa.Engine) -> None:
    token = make("bob")
    with organization(world.organization_id):
        number = db.session.scalars(sa.select(ApiKey.id)).one()
    assert bob.post(f"/acme/settings/keys/{number}/revocation").status_code == 303
    assert ask(app, token).status_code == 401
    assert "api_key.revoked" in security_events(owner)


def test_one_revokes_ones_own_and_admins_all(app: Flask, make: Make, world: World, cast: dict[str, Person]) -> None:
    token = make("anna")
    with organization(world.organization_id):
        number = db.session.scalars(sa.select(ApiKey.id)).one()
    for name, status in (("bob", 404), ("mallory", 404), ("carol", 404)):
        assert cast[name].post(f"/acme/settings/keys/{number}/revocation").status_code == status
    assert "Robot" not in cast["bob"].get("/acme/settings/keys?everybody=1").text
    assert "Anna" in cast["alice"].get("/acme/settings/keys?everybody=1").text
    assert ask(app, token).status_code == 200
    assert cast["alice"].post(f"/acme/settings/keys/{number}/revocation").status_code == 303
    assert ask(app, token).status_code == 401


def test_it_dies_with_the_membership_and_stays_dead(
    app: Flask, make: Make, world: World, alice: Person, bob: Person
) -> None:
    token = make("bob")
    assert alice.post("/acme/settings/members/removal", {"ids": bob.member_id}).status_code == 303
    assert ask(app, token).status_code == 401
    with organization(world.organization_id):
        bob.member.left_at = None
    assert ask(app, token).status_code == 401


def test_it_dies_with_the_account_and_stays_dead(app: Flask, make: Make, world: World, bob: Person) -> None:
    token = make("bob")
    enter(None)
    deactivate_user(bob.user_id, restore_at=lambda token: f"https://trestle.test/{token}")
    db.session.commit()
    assert ask(app, token).status_code == 401
    db.session.execute(sa.update(User).where(User.id == bob.user_id).values(deactivated_at=None))
    db.session.commit()
    assert ask(app, token).status_code == 401


def test_it_opens_nothing_for_who_is_shut_out(app: Flask, make: Make, world: World, bob: Person) -> None:
    token = make("bob")
    enter(None)
    db.session.execute(sa.update(User).where(User.id == bob.user_id).values(deactivated_at=now()))
    db.session.commit()
    assert ask(app, token).status_code == 401


def test_it_never_does_more_than_its_member_may_now(app: Flask, make: Make, world: World, bob: Person) -> None:
    token = make("bob", "issue:view", "issue:edit")
    assert {"issue:edit", "issue:view"} <= set((ask(app, token).json or {})["permissions"])
    with organization(world.organization_id):
        bob.member.role = Role.VIEWER
    said = set((ask(app, token).json or {})["permissions"])
    assert "issue:view" in said
    assert "issue:edit" not in said


def test_nobody_gives_what_they_do_not_have(world: World, bob: Person) -> None:
    with organization(world.organization_id):
        by = db.session.get_one(Member, (world.organization_id, bob.member_id))
        for scopes in (["member:edit"], ["issue:view", "organization:edit"], ["nothing:real"], []):
            with pytest.raises(Forbidden):
                create_key("Robot", scopes, days=1, by=by)
    form = {"name": "Robot", "days": "30", "reach": "chosen", "scopes": ["member:edit"]}
    assert bob.post("/acme/settings/keys", form).status_code == 422
    assert bob.post("/acme/settings/keys", form | {"scopes": []}).status_code == 422
    assert bob.post("/acme/settings/keys", form | {"scopes": ["issue:view"], "days": "0"}).status_code == 200


def test_a_scope_that_is_missing(app: Flask, make: Make, world: World) -> None:
    """The address takes keys, the member may see it, this key may not."""
    path = "/acme/questions/answer.csv?table=issues"
    answer = ask(app, make("alice", "issue:view"), path)
    assert answer.status_code == 403
    assert (answer.json or {})["error"]["status"] == 403


def test_an_export_by_key(app: Flask, make: Make, world: World) -> None:
    world.issue()
    answer = ask(app, make("alice"), "/acme/questions/answer.csv?table=issues")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")


@pytest.mark.parametrize(
    "path", ["/acme/", "/acme/settings/members", "/acme/settings/keys", "/account/providers", "/new", "/"]
)
def test_addresses_take_no_keys_unless_they_say_so(app: Flask, make: Make, path: str) -> None:
    answer = ask(app, make("alice"), path)
    assert (answer.status_code, answer.mimetype) == (403, "application/json")


def test_a_key_changes_nothing(app: Flask, make: Make, world: World) -> None:
    answer = ask(app, make("alice"), "/acme/projects/WEB/issues", method="POST", data={"title": "By robot"})
    assert answer.status_code == 403


def test_every_address_that_takes_keys_only_reads(app: Flask) -> None:
    """Until one is made for programs that change something, with a review of its own."""
    taking = [rule for rule in app.url_map.iter_rules() if getattr(app.view_functions[rule.endpoint], "keys", False)]
    assert taking
    assert {method for rule in taking for method in rule.methods or ()} <= {"GET", "HEAD", "OPTIONS"}


def test_with_a_key_no_cookie_counts(app: Flask, make: Make, alice: Person, vic: Person) -> None:
    """Alice's cookie goes along with Vic's key, and with one that is none."""
    with app.app_context():
        answer = alice.client.get("/acme/api/key", headers={"Authorization": f"Bearer {make('vic')}"})
    assert (answer.json or {})["member"]["id"] == vic.member_id
    with app.app_context():
        answer = alice.client.get("/acme/api/key", headers={"Authorization": "Bearer tb_none"})
    assert answer.status_code == 401
    assert alice.get("/acme/").status_code == 200


def test_it_is_limited(app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from app.organizations.keys import using

    monkeypatch.setattr(using, "BY_KEY", replace(BY_KEY, most=3))
    token = make("bob")
    answers = [ask(app, token).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert ask(app, make("anna")).status_code == 200


def test_its_last_use_is_seen(app: Flask, make: Make, world: World) -> None:
    ask(app, make("bob"), environ_base={"REMOTE_ADDR": "203.0.113.9"})
    with organization(world.organization_id):
        key = db.session.scalars(sa.select(ApiKey)).one()
        assert key.last_ip == "203.0.113.9"
        assert key.last_used_at is not None


def test_keys_are_the_organizations(make: Make, world: World) -> None:
    make("bob")
    with organization(world.rival_id):
        assert db.session.scalars(sa.select(ApiKey)).all() == []
