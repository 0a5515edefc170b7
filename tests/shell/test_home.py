"""Home and work: what one has to do by when it is due, and what changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from app.boards import events
from app.boards.models import Issue
from app.kernel import ledger
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.models import Member
from app.shell.queries import Due, Key, work_of
from tests.world import Person, World

TODAY = date(2026, 11, 18)  # a Wednesday


def titles(text: str) -> list[str]:
    return re.findall(r'<a class="title[^>]*>([^<]*)</a>', text)


def heads(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<h2>([^<]+)</h2><span class="badge">([\d,]+)<', text)


def test_work_stands_by_when_it_is_due_then_by_priority(world: World) -> None:
    bob = world.cast["bob"]
    for title, days, priority in (
        ("in ten days", 10, 4),
        ("no date", None, 4),
        ("on Sunday", 4, 0),
        ("yesterday", -1, 1),
        ("today", 0, 2),
        ("long ago, urgent", -40, 4),
        ("tomorrow", 1, 3),
        ("next Monday", 5, 1),
    ):
        due = None if days is None else TODAY + timedelta(days=days)
        world.issue(title, due_date=due, priority=priority, assignees=(bob.member_id,))
    with organization(world.organization_id):
        work = work_of(bob.member, bob.member_id, today=TODAY)
        assert [(due.label, [issue.title for issue in issues]) for due, issues in work.groups] == [
            ("Overdue", ["long ago, urgent", "yesterday"]),
            ("Today", ["today"]),
            ("This week", ["tomorrow", "on Sunday"]),
            ("Later", ["in ten days", "next Monday"]),
            ("No date", ["no date"]),
        ]
        assert work.counts == {Due.OVERDUE: 2, Due.TODAY: 1, Due.THIS_WEEK: 2, Due.LATER: 2, Due.NO_DATE: 1}
        assert not work.more


def test_pages_of_work_hold_every_row_once(world: World) -> None:
    bob = world.cast["bob"]
    for days in (-1, 0, None):
        due = None if days is None else TODAY + timedelta(days=days)
        world.issues(40, due_date=due, priority=2, assignees=(bob.member_id,))
    with organization(world.organization_id):
        seen: list[int] = []
        key: Key | None = None
        while True:
            work = work_of(bob.member, bob.member_id, today=TODAY, after=key)
            seen += [issue.id for _, issues in work.groups for issue in issues]
            if not work.more:
                break
            key = Key.read(str(work.last))
        assert len(seen) == len(set(seen)) == 120
        again = work_of(bob.member, bob.member_id, today=TODAY, until=Key.read(str(key)))
        assert [issue.id for _, issues in again.groups for issue in issues] == seen[:100]
        assert again.more


def test_home_shows_what_is_open_and_mine(world: World, bob: Person) -> None:
    mine = (bob.member_id,)
    world.issue("Mine and open", assignees=mine)
    world.issue("Mine and done", assignees=mine, state="Done")
    world.issue("Mine and deleted", assignees=mine, deleted_at=now())
    world.issue("Hers", assignees=(world.cast["nora"].member_id,))
    assert titles(bob.get("/acme/").text) == titles(bob.get("/acme/my-work").text) == ["Mine and open"]


def test_home_is_short_and_leads_to_the_rest(world: World, bob: Person) -> None:
    world.issues(60, assignees=(bob.member_id,))
    home = bob.get("/acme/").text
    assert len(titles(home)) == 20
    assert "All 60 that are yours" in home
    assert heads(home)[0] == ("No date", "60")
    assert len(titles(bob.get("/acme/my-work").text)) == 50


def test_the_rows_after_one_do_not_repeat_its_head(world: World, bob: Person) -> None:
    world.issues(60, assignees=(bob.member_id,))
    first = bob.get("/acme/my-work").text
    more = re.search(r'href="(/acme/work/\d+/rows\?after=[^"]+)"', first)
    assert more
    part = bob.get(more[1], headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert len(titles(part)) == 10
    assert "rows-head" not in part
    assert "<main" in bob.get(more[1]).text  # followed as a plain link it is a page


def test_a_long_title_and_markup_stay_text(world: World, bob: Person) -> None:
    world.issue("<img src=x onerror=alert(1)>" + "x" * 250, assignees=(bob.member_id,))
    world.issue("عنوان من اليمين", assignees=(bob.member_id,))
    text = bob.get("/acme/").text
    assert "&lt;img" in text
    assert "<img" not in text


def test_somebody_elses_work_is_shown_as_far_as_one_sees_it(
    world: World, bob: Person, olaf: Person, carol: Person, mallory: Person
) -> None:
    world.issue("For Nora", assignees=(world.cast["nora"].member_id,))
    path = f"/acme/work/{world.cast['nora'].member_id}"
    assert titles(bob.get(path).text) == ["For Nora"]
    assert titles(olaf.get(path).text) == []
    assert "Nora has nothing to do" in olaf.get(path).text
    assert carol.get(path).status_code in (403, 404)
    assert mallory.get(path).status_code == 404
    assert bob.get(f"/acme/work/{carol.member_id}").status_code == 404
    assert bob.get("/acme/work/999999").status_code == 404


ODD = ("x", "1_2_3", "1_2_2026-13-01_4", "9_9_9999-12-31_99999999999999999999", "%00", "a" * 3000, "1_2_2026-11-01_-4")


@pytest.mark.parametrize("key", ODD)
def test_a_made_up_place_is_refused_kindly(bob: Person, key: str) -> None:
    for name in ("after", "until"):
        reply = bob.get(f"/acme/work/{bob.member_id}/rows?{name}={key}")
        assert reply.status_code in (400, 404)


def _happen(world: World, issue: Issue, event: Any, who: str, **fields: Any) -> None:
    with organization(world.organization_id):
        actor = db.session.get_one(Member, (world.organization_id, world.cast[who].member_id))
        ledger.record(event, [(db.session.get_one(Issue, (world.organization_id, issue.id)), fields)], by=actor)


def test_home_says_what_changed_to_those_who_may_see_it(world: World, bob: Person, olaf: Person, carol: Person) -> None:
    issue = world.issue("Printer on fire")
    _happen(world, issue, events.PRIORITISED, "nora", priority=[1, 4])
    text = bob.get("/acme/").text
    assert "changed the priority from Low to Urgent" in text
    assert f"WEB-{issue.number} Printer on fire" in text
    for person in (olaf, carol):
        for path in ("/acme/", "/acme/changes"):
            assert "Printer on fire" not in person.get(path).text


def test_changes_load_by_scrolling_and_again_as_far(world: World, bob: Person) -> None:
    issue = world.issue("Printer on fire")
    for turn in range(40):
        _happen(world, issue, events.PRIORITISED, "nora", priority=[turn % 5, (turn + 1) % 5])
    first = bob.get("/acme/").text
    assert len(re.findall(r'id="change-\d+"', first)) == 30
    last = re.findall(r'id="change-(\d+)"', first)[-1]
    rest = bob.get(f"/acme/changes?before={last}").text
    assert len(re.findall(r'id="change-\d+"', rest)) == 10
    assert len(re.findall(r'id="change-\d+"', bob.get(f"/acme/changes?until={last}").text)) == 30


def test_home_costs_the_same_however_much_there_is(world: World, bob: Person, statements: Callable[..., Any]) -> None:
    mine = (bob.member_id,)
    for issue in world.issues(5, assignees=mine):
        _happen(world, issue, events.CREATED, "nora")
    bob.get("/acme/")
    with statements() as few:
        bob.get("/acme/")
    for issue in world.issues(40, assignees=mine):
        _happen(world, issue, events.CREATED, "nora")
    with statements() as many:
        bob.get("/acme/")
    assert len(many) == len(few)


def test_a_fresh_organization_says_what_to_do(world: World, mallory: Person, olaf: Person, carol: Person) -> None:
    with organization(world.rival_id):
        from app.projects.models import Project

        for project in db.session.query(Project):
            project.deleted_at = now()
    text = mallory.get("/rival/").text
    assert "Make the first project" in text
    assert 'href="/rival/projects/new" data-hotkey="c"' in text
    assert "Invite the people" in text
    assert carol.get("/acme/").location == "/acme/portal"
    assert olaf.get("/acme/").status_code == 200


def test_mallory_and_strangers_stay_outside(world: World, mallory: Person, app: Any) -> None:
    for path in ("/acme/", "/acme/my-work", "/acme/changes", "/acme/profile"):
        assert mallory.get(path).status_code == 404
        assert app.test_client().get(path).status_code == 303


def test_the_page_follows_its_boards(world: World, bob: Person) -> None:
    text = bob.get("/acme/").text
    topics = re.search(r'id="heartbeat"[^>]*data-topics="([^"]+)"', text)
    assert topics
    wanted = {f"board-{world.ids.web}", f"board-{world.ids.ops}", "projects", f"inbox-{bob.member_id}"}
    assert wanted <= set(topics[1].split())
