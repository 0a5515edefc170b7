"""Availability, skills, certifications, and finding people by them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select, update

from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.ledger import Activity, Change
from app.kernel.tenancy import organization
from app.kernel.timers import tick
from app.organizations.days import beginning_of
from app.organizations.models import Availability, Member, MemberCertification, MemberSkill, Team, TeamMember

MEMBERS = "/acme/settings/members"


def _page(world, name: str) -> str:
    return f"{MEMBERS}/{world.cast[name].member_id}"


def _member(world, name: str) -> Member:
    with organization(world.organization_id):
        key = (world.organization_id, world.cast[name].member_id)
        return db.session.get_one(Member, key, populate_existing=True)


def _in_days(days: int) -> str:
    return (now().date() + timedelta(days=days)).isoformat()


def test_bob_is_away_and_back_by_himself(bob, world, scheduler: sa.Engine, work) -> None:
    back = now().date() + timedelta(days=5)
    sent = {"availability": "away", "away_until": back.isoformat(), "most_tickets": "12"}
    assert bob.post(f"{_page(world, 'bob')}/availability", sent).status_code == 303
    assert _member(world, "bob").availability is Availability.AWAY
    assert "Away" in bob.get(MEMBERS).text
    assert "12" in bob.get(_page(world, "bob")).text
    with organization(world.organization_id):
        moment = beginning_of(back)
    with at(moment + timedelta(seconds=1)):
        tick(scheduler)
        work()
    member = _member(world, "bob")
    assert (member.availability, member.away_until, member.most_tickets) == (Availability.AVAILABLE, None, 12)


def test_a_longer_leave_moves_the_day(bob, world, scheduler: sa.Engine, work) -> None:
    first, second = now().date() + timedelta(days=3), now().date() + timedelta(days=9)
    for day in (first, second):
        sent = {"availability": "on_leave", "away_until": day.isoformat()}
        bob.post(f"{_page(world, 'bob')}/availability", sent)
    with organization(world.organization_id):
        moment = beginning_of(first)
    with at(moment + timedelta(seconds=1)):
        tick(scheduler)
        work()
    assert _member(world, "bob").availability is Availability.ON_LEAVE


@pytest.mark.parametrize(
    "sent",
    [
        {"availability": "gone"},
        {"availability": "away", "away_until": "2001-01-01"},
        {"availability": "away", "away_until": "soon"},
        {"availability": "available", "most_tickets": "0"},
        {"availability": "available", "most_tickets": "-3"},
        {"availability": "available", "most_tickets": "1001"},
        {"availability": "available", "most_tickets": "many"},
    ],
)
def test_what_nobody_is(bob, world, sent) -> None:
    assert bob.post(f"{_page(world, 'bob')}/availability", sent).status_code == 422
    assert _member(world, "bob").availability is Availability.AVAILABLE


def test_skills_are_noted_once_and_taken_away(bob, world) -> None:
    page = _page(world, "bob")
    for name, level in (("Forklift", "learning"), ("FORKLIFT", "expert"), ("ελληνικά", "able")):
        assert bob.post(f"{page}/skills", {"name": name, "level": level}).status_code == 303
    with organization(world.organization_id):
        found = db.session.execute(select(MemberSkill.name, MemberSkill.level).order_by(MemberSkill.name)).all()
        number = db.session.scalar(select(MemberSkill.id).where(MemberSkill.name == "Forklift"))
    assert [(name, str(level)) for name, level in found] == [("Forklift", "expert"), ("ελληνικά", "able")]
    assert bob.post(f"{page}/skills", {"name": "", "level": "able"}).status_code == 422
    assert bob.post(f"{page}/skills", {"name": "x", "level": "god"}).status_code == 422
    assert bob.post(f"{page}/skills/{number}/deletion").status_code == 303
    assert bob.post(f"{page}/skills/{number}/deletion").status_code == 404


def test_a_certification_warns_a_month_before(bob, world, scheduler: sa.Engine, work) -> None:
    page = _page(world, "bob")
    ends = now().date() + timedelta(days=100)
    sent = {"name": "Crane licence", "expires_on": ends.isoformat()}
    assert bob.post(f"{page}/certifications", sent).status_code == 303
    assert bob.post(f"{page}/certifications", {"name": "x", "expires_on": "2001-01-01"}).status_code == 422
    with organization(world.organization_id):
        moment = beginning_of(ends) - timedelta(days=30)
    with at(moment - timedelta(seconds=5)):
        tick(scheduler)
        work()
    assert "member.certification_ends" not in _verbs(world)
    with at(moment + timedelta(seconds=1)):
        tick(scheduler)
        work()
    assert _verbs(world).count("member.certification_ends") == 1
    with organization(world.organization_id):
        told = db.session.scalars(select(Change.fields).where(Change.fields.has_key("mentions"))).all()
    assert told[-1]["mentions"][1] == sorted([bob.member_id, world.cast["alice"].member_id])


def test_a_certification_taken_away_warns_nobody(bob, world, scheduler: sa.Engine, work) -> None:
    page = _page(world, "bob")
    bob.post(f"{page}/certifications", {"name": "Crane licence", "expires_on": _in_days(40)})
    with organization(world.organization_id):
        number = db.session.scalar(select(MemberCertification.id))
    assert bob.post(f"{page}/certifications/{number}/deletion").status_code == 303
    with at(now() + timedelta(days=39)):
        tick(scheduler)
        work()
    assert "member.certification_ends" not in _verbs(world)


def _verbs(world) -> list[str]:
    with organization(world.organization_id):
        return list(db.session.scalars(select(Activity.verb)))


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("carol", 404), ("mallory", 404)])
def test_of_oneself_and_of_who_stands_below(cast, world, who: str, status: int) -> None:
    page = _page(world, "nora")
    for part, sent in (
        ("availability", {"availability": "away"}),
        ("skills", {"name": "x", "level": "able"}),
        ("certifications", {"name": "x"}),
    ):
        assert cast[who].post(f"{page}/{part}", sent).status_code == status
        assert cast["nora"].post(f"{page}/{part}", sent).status_code == 303
        assert cast["alice"].post(f"{page}/{part}", sent).status_code == 303
        assert cast["nora"].post(f"{_page(world, 'alice')}/{part}", sent).status_code == 403


def test_a_skill_of_another_is_not_reached_by_ones_own_page(bob, nora, world) -> None:
    nora.post(f"{_page(world, 'nora')}/skills", {"name": "Labels", "level": "able"})
    with organization(world.organization_id):
        number = db.session.scalar(select(MemberSkill.id))
    assert bob.post(f"{_page(world, 'bob')}/skills/{number}/deletion").status_code == 404


def _found(person, **asked) -> list[str]:
    page = person.get(MEMBERS, query_string=asked)
    assert page.status_code == 200
    return [part.split("</bdi>")[0] for part in page.text.split("data-open><bdi>")[1:]]


def test_people_are_found_by_what_is_known_of_them(alice, bob, world) -> None:
    bob.post(f"{_page(world, 'bob')}/availability", {"availability": "away"})
    with organization(world.organization_id):
        team = Team(name="Dock")
        db.session.add(team)
        db.session.flush()
        db.session.add(TeamMember(team_id=team.id, member_id=bob.member_id))
        db.session.execute(update(Member).values(last_seen_at=None))
        long_ago = now() - timedelta(days=60)
        db.session.execute(update(Member).where(Member.id == bob.member_id).values(last_seen_at=long_ago))
        number = team.id
    assert _found(alice, q="BO") == ["Bob"]
    assert _found(alice, q="%") == []
    assert _found(alice, role="annotator") == ["Nora"]
    assert _found(alice, team=str(number)) == ["Bob"]
    assert _found(alice, availability="away") == ["Bob"]
    assert "Bob" not in _found(alice, seen="never")
    assert "Bob" in _found(alice, seen="30")
    assert "Bob" not in _found(alice, seen="90")
    assert "Nora" in _found(alice, seen="90"), "who was never here was not here for 90 days"
    unknown = {"role": "king", "team": "x", "availability": "dead", "seen": "later"}
    assert len(_found(alice, **unknown)) == 6, "what is not known is left out"
    assert _found(alice, team="9" * 30) == _found(alice)


def test_pages_keep_what_they_are_narrowed_to(alice, world, statements) -> None:
    with organization(world.organization_id):
        db.session.add_all(Member(name=f"Person {n:03}", role="guest", kind="person") for n in range(70))
    first = alice.get(MEMBERS, query_string={"role": "guest", "q": "person"})
    at_more = first.text.find('id="members-more"')
    more = first.text[at_more:].split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert "role=guest" in more
    assert "q=person" in more
    rest = alice.get(more, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert rest.text.count("data-item=") == 20
