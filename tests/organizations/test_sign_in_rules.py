"""Two-factor sign-in asked for by an organization."""

from __future__ import annotations

from datetime import timedelta

import pyotp
from sqlalchemy import select, text, update

from app.accounts.models import Authenticator, User, UserSession
from app.kernel import clock
from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.crypto import encryption
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import enter
from app.organizations.models import Member
from tests.visitors import security_events
from tests.world import Person, World

PAGE, RULE = "/acme/settings/sign-in", "/acme/settings/sign-in/two-factor"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_second_factor(person: Person, *, shown: bool = True) -> None:
    """Somebody has one, and has shown it in their browser, or not."""
    enter(None)
    sealed = encryption().encrypt(SECRET.encode()).decode()
    db.session.add(Authenticator(user_id=person.user_id, secret=sealed, last_step=0))
    if shown:
        seen = update(UserSession).where(UserSession.user_id == person.user_id)
        db.session.execute(seen.values(second_factor_at=now()))
    db.session.commit()


def ask_for_it(alice: Person) -> None:
    give_second_factor(alice)
    assert alice.post(RULE, {"required": "y"}).location == PAGE


def test_only_owners_and_admins(alice: Person, bob: Person, anna: Person) -> None:
    assert alice.get(PAGE).status_code == 200
    for person in (bob, anna):
        assert person.get(PAGE).status_code == 403
        assert person.post(RULE, {"required": "y"}).status_code == 403


def test_who_asks_for_it_has_it(alice: Person, owner) -> None:
    answer = alice.post(RULE, {"required": "y"})
    assert answer.status_code == 422
    assert "Set up two-factor sign-in for yourself first." in answer.text
    ask_for_it(alice)
    assert "organization.two_factor_required" in security_events(owner)
    assert alice.get("/acme/").status_code == 200
    assert alice.post(RULE, {}).location == PAGE
    assert "organization.two_factor_lifted" in security_events(owner)


def test_the_page_counts_who_has_none(alice: Person, bob: Person) -> None:
    assert "6 of 6 colleagues have none." in alice.get(PAGE).text
    give_second_factor(bob)
    page = alice.get(PAGE).text
    assert "5 of 6 colleagues have none." in page
    assert "Anna" in page
    assert ">Bob<" not in page
    assert "Carol" not in page, "customers are not asked"


def test_the_page_costs_the_same_for_many(world: World, alice: Person, statements) -> None:
    alice.get(PAGE)
    with statements() as few:
        alice.get(PAGE)
    enter(None)
    users = [User(email=f"u{n}@example.test", name=f"U{n}", email_verified_at=now()) for n in range(200)]
    db.session.add_all(users)
    db.session.commit()
    known = [(user.id, user.name) for user in users]
    enter(world.organization_id)
    db.session.add_all(Member(user_id=user_id, name=name, role=Role.MEMBER) for user_id, name in known)
    db.session.commit()
    with statements() as many:
        page = alice.get(PAGE).text
    assert "206 of 206 colleagues have none." in page
    assert "and 156 more" in page
    assert len(many) == len(few)


def test_who_lacks_it_sets_it_up_and_goes_nowhere_else(
    alice: Person, bob: Person, carol: Person, mallory: Person
) -> None:
    ask_for_it(alice)
    for path in ("/acme/", "/acme/inbox", "/acme/projects", "/acme/projects/WEB/board"):
        assert bob.get(path).location == f"/account/two-factor/new?next={path}"
    answer = bob.post("/acme/issues", {"title": "Sneaked in"})
    assert answer.status_code in (303, 404, 405)
    assert bob.get("/acme/projects/WEB/board", headers={"HX-Request": "true"}).headers["HX-Redirect"]
    page = bob.get("/account/two-factor/new?next=/acme/inbox").text
    assert "It is asked for where you want to go." in page
    assert bob.get("/organizations").status_code in (200, 303), "other organizations stay open"
    assert carol.get("/acme/portal").status_code != 303 or "two-factor" not in carol.get("/acme/portal").location
    assert mallory.get("/rival/").status_code == 200


def test_a_form_is_not_done_either(world: World, alice: Person, bob: Person) -> None:
    issue = world.issue(title="Printer on fire")
    ask_for_it(alice)
    sent = {"ids": issue.id, "title": "Put out"}
    assert bob.post("/acme/projects/WEB/issues/title", sent).location.startswith("/account/two-factor/new")
    enter(world.organization_id)
    assert db.session.scalar(text("SELECT title FROM issues WHERE id = :id"), {"id": issue.id}) == "Printer on fire"
    db.session.rollback()


def test_who_has_it_but_has_not_shown_it_shows_it(alice: Person, bob: Person) -> None:
    ask_for_it(alice)
    give_second_factor(bob, shown=False)
    assert bob.get("/acme/inbox").location == "/account/proof?next=/acme/inbox"
    code = pyotp.TOTP(SECRET).at(now())
    assert bob.post("/account/proof", {"code": code, "next": "/acme/inbox"}).location == "/acme/inbox"
    assert bob.get("/acme/inbox").status_code == 200


def test_it_holds_at_once_also_for_an_open_board(world: World, alice: Person, bob: Person) -> None:
    region = "/acme/projects/WEB/board/columns"
    for _ in range(3):
        assert bob.get(region, headers={"HX-Request": "true"}).status_code == 200
    ask_for_it(alice)
    assert "HX-Redirect" in bob.get(region, headers={"HX-Request": "true"}).headers


def test_a_second_factor_that_was_taken_away_shuts_the_door_again(alice: Person, bob: Person) -> None:
    ask_for_it(alice)
    give_second_factor(bob)
    assert bob.get("/acme/").status_code == 200
    bob.post("/account/two-factor/deletion")
    assert bob.get("/acme/").location == "/account/two-factor/new?next=/acme/"


def test_changing_the_rule_is_sensitive(alice: Person) -> None:
    give_second_factor(alice)
    with clock.at(now() + timedelta(minutes=16)):
        assert alice.post(RULE, {"required": "y"}).location.startswith("/account/proof")
    assert alice.get("/acme/").status_code == 200


def test_session_and_member_cost_two_statements(alice: Person, statements) -> None:
    """Who is here, in which organization, as whom, with which permissions; also where a second factor is asked for."""
    ask_for_it(alice)
    alice.get(PAGE)
    with statements() as seen:
        alice.get(PAGE)
    assert "FROM user_sessions" in seen[0]
    assert "JOIN members" in seen[1]
    about_access = (
        "user_sessions",
        "FROM members",
        "role_permissions",
        "permission_grants",
        "authenticators.created_at",
    )
    rest = [one for one in seen[2:] if any(name in one for name in about_access)]
    assert all("authenticators" in one for one in rest), rest  # the page's own list of who has none


def test_the_rule_is_in_the_history(world: World, alice: Person) -> None:
    ask_for_it(alice)
    enter(world.organization_id)
    verbs = db.session.scalars(select(Activity.verb).order_by(Activity.id)).all()
    assert verbs[-1] == "organization.changed"
    db.session.rollback()
