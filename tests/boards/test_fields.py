"""Changing one field of many issues: what is recorded, who may, what nonsense is told, and what five hundred cost."""

from __future__ import annotations

import json
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select

from app.boards.commands import fields
from app.boards.dates import day_said, months_ahead
from app.boards.models import Issue, IssueAssignee, IssueLabel, Priority
from app.inbox.models import Notification
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.ledger import Activity, Change
from app.kernel.tenancy import organization
from tests.boards.test_moving import mine, state

ISSUES = "/acme/projects/WEB/issues"
MENUS = "/acme/projects/WEB/menus"


def fresh(world, issue) -> Issue:
    with organization(world.organization_id):
        return db.session.scalars(select(Issue).where(Issue.id == issue.id)).one()


def said(answer) -> str:
    return unquote(answer.headers.get("X-Message", ""))


class TestCommands:
    def test_state_and_completion(self, inside, bob) -> None:
        cards = mine(inside.issues(3))
        activity = fields.set_state(cards, state(inside, "Done"), by=bob.member)
        assert activity is not None
        assert (activity.verb, activity.count) == ("issue.state_changed", 3)
        assert all(card.completed_at for card in cards)

    def test_only_what_differs_is_recorded(self, inside, bob) -> None:
        cards = mine(inside.issues(2) + inside.issues(1, priority=3))
        activity = fields.set_priority(cards, Priority.HIGH, by=bob.member)
        assert activity is not None
        assert activity.count == 2
        assert fields.set_priority(cards, Priority.HIGH, by=bob.member) is None

    def test_assigning_keeps_who_was_there(self, inside, bob, anna) -> None:
        [card] = mine([inside.issue(assignees=(anna.member_id,))])
        fields.assign_issues([card], add=[bob.member_id], by=bob.member)
        [change] = db.session.scalars(select(Change))
        assert change.fields == {"assignees": [[anna.member_id], sorted([anna.member_id, bob.member_id])]}
        fields.assign_issues([card], remove=[anna.member_id], by=bob.member)
        assert db.session.scalars(select(IssueAssignee.member_id)).all() == [bob.member_id]

    def test_a_date_before_the_start_changes_none(self, inside, bob) -> None:
        cards = mine(inside.issues(1) + inside.issues(1, start_date=date(2030, 5, 2)))
        with pytest.raises(Invalid, match="before the start"):
            fields.set_dates(cards, due=date(2030, 5, 1), by=bob.member)
        db.session.rollback()
        assert db.session.scalars(select(Issue.due_date)).all() == [None, None]

    def test_a_renamed_issue_makes_open_forms_stale(self, inside, bob) -> None:
        [card] = mine([inside.issue()])
        was = card.version
        fields.retitle([card], "Printer is fine", by=bob.member)
        assert (card.title, card.version) == ("Printer is fine", was + 1)

    @pytest.mark.parametrize(
        "change",
        [
            lambda world, cards, by: fields.set_state(cards, state(world, "Done"), by=by),
            lambda world, cards, by: fields.set_priority(cards, Priority.URGENT, by=by),
            lambda world, cards, by: fields.set_dates(cards, due=date(2031, 1, 1), by=by),
            lambda world, cards, by: fields.retitle(cards, "All alike", by=by),
            lambda world, cards, by: fields.assign_issues(cards, add=[by.id], by=by),
            lambda world, cards, by: fields.label_issues(cards, add=[world.ids.labels["Bug"]], by=by),
        ],
    )
    def test_five_hundred_cost_as_many_statements_as_one(self, inside, bob, statements, change) -> None:
        one, many = mine(inside.issues(1)), mine(inside.issues(500))
        member, seen_counts = bob.member, []
        state(inside, "Done")
        for cards in (one, many):
            with statements() as seen:
                activity = change(inside, cards, member)
            seen_counts.append(len(seen))
            assert activity.count == len(cards)
        assert seen_counts[0] == seen_counts[1]
        assert db.session.scalar(select(func.count()).select_from(Activity)) == 2
        assert db.session.scalar(select(func.count()).select_from(Change)) == 501


def test_five_hundred_assigned_at_once_are_one_notification(world, bob, anna, work) -> None:
    made = world.issues(500)
    answer = bob.post(f"{ISSUES}/assignees", {"ids": [i.id for i in made], "assignees": anna.member_id}, htmx=True)
    assert answer.status_code == 200
    work()
    with organization(world.organization_id):
        assert db.session.scalar(select(func.count()).where(Notification.member_id == anna.member_id)) == 1


class TestRoutes:
    def test_state_of_three(self, world, bob) -> None:
        made = world.issues(3)
        data = {"ids": [issue.id for issue in made], "state": world.ids.states["Done"]}
        answer = bob.post(f"{ISSUES}/state", data, htmx=True)
        assert "3 issues: Done" in answer.text
        assert "data-undo" in answer.text
        assert {fresh(world, issue).state_id for issue in made} == {world.ids.states["Done"]}
        assert f"board-{world.ids.web}" in json.loads(answer.headers["HX-Trigger"])["moved"]["topics"]

    def test_priority_repaints_the_card_alone(self, world, bob) -> None:
        issue = world.issue()
        answer = bob.post(f"{ISSUES}/priority", {"ids": issue.id, "priority": 4}, htmx=True)
        assert answer.text.count("<hx-partial") == 2
        assert f'hx-target="#issue-{issue.id}"' in answer.text
        assert f"board-{world.ids.web}" not in json.loads(answer.headers["HX-Trigger"])["moved"]["topics"]

    def test_under_a_filter_the_board_is_fetched_anew(self, world, bob) -> None:
        issue = world.issue()
        here = {"HX-Current-URL": "http://localhost/acme/projects/WEB/board?priority=none"}
        answer = bob.post(f"{ISSUES}/priority", {"ids": issue.id, "priority": 4}, htmx=True, headers=here)
        assert f"board-{world.ids.web}" in json.loads(answer.headers["HX-Trigger"])["moved"]["topics"]

    def test_to_me_and_back(self, world, bob) -> None:
        to_me = {"ids": world.issue().id, "assignees": "@me"}
        assert "assigned to Bob" in bob.post(f"{ISSUES}/assignees", to_me, htmx=True).text
        assert "no longer works on" in bob.post(f"{ISSUES}/assignees", to_me, htmx=True).text

    def test_a_label_is_put_on_all_that_lack_it_and_only_then_taken_off(self, world, bob) -> None:
        bug = world.ids.labels["Bug"]
        ids = [world.issue(labels=(bug,)).id, world.issue().id]
        assert "put on 2 issues" in bob.post(f"{ISSUES}/labels", {"ids": ids, "labels": bug}, htmx=True).text
        assert "taken off 2 issues" in bob.post(f"{ISSUES}/labels", {"ids": ids, "labels": bug}, htmx=True).text
        with organization(world.organization_id):
            assert db.session.scalars(select(IssueLabel)).all() == []

    def test_due_in_words_and_no_more(self, world, bob) -> None:
        issue = world.issue()
        bob.post(f"{ISSUES}/dates", {"ids": issue.id, "due_date": "2w"}, htmx=True)
        assert fresh(world, issue).due_date == now().date() + timedelta(days=14)
        bob.post(f"{ISSUES}/dates", {"ids": issue.id, "due_date": ""}, htmx=True)
        assert fresh(world, issue).due_date is None

    def test_the_start_date_is_set_by_its_own_menu(self, world, bob) -> None:
        issue = world.issue(due_date=date(2030, 2, 1))
        menu = bob.get(f"/acme/projects/WEB/menus/start?ids={issue.id}")
        assert "Start date" in menu.text
        answer = bob.post(f"{ISSUES}/dates", {"ids": issue.id, "start_date": "2030-01-31"}, htmx=True)
        assert "WEB-1 starts 31 Jan 2030" in answer.text
        assert fresh(world, issue).start_date == date(2030, 1, 31)
        late = bob.post(f"{ISSUES}/dates", {"ids": issue.id, "start_date": "2030-02-02"}, htmx=True)
        assert late.status_code == 422
        assert fresh(world, issue).start_date == date(2030, 1, 31)

    def test_rename_and_undo(self, world, bob) -> None:
        issue = world.issue("Old")
        answer = bob.post(f"{ISSUES}/title", {"ids": issue.id, "title": "  New \u202e title "}, htmx=True)
        assert fresh(world, issue).title == "New title"
        [undo] = {part.split('"')[1] for part in answer.text.split("hx-post=")[1:] if "undo" in part}
        assert bob.post(undo, htmx=True).status_code == 200
        assert fresh(world, issue).title == "Old"

    def test_deleted_together(self, world, bob) -> None:
        made = world.issues(2)
        assert "2 issues deleted" in bob.post(f"{ISSUES}/deletion", {"ids": [i.id for i in made]}, htmx=True).text
        assert fresh(world, made[0]).deleted_at is not None

    @pytest.mark.parametrize(
        ("path", "data", "message"),
        [
            ("state", {"state": "abc"}, "must be a number"),
            ("state", {}, "Choose a state"),
            ("priority", {"priority": "9"}, "Choose a priority"),
            ("priority", {"priority": ["1", "2"]}, "sent twice"),
            ("assignees", {"assignees": "999999"}, "who see this project"),
            ("dates", {"due_date": "soonish"}, "is no day"),
            ("dates", {"due_date": "2026-13-45"}, "is no day"),
            ("title", {"title": "   "}, "needs a title"),
            ("title", {"title": "x" * 301}, "At most 300"),
            ("labels", {"labels": ""}, "must be a number"),
        ],
    )
    def test_nonsense_is_told_and_changes_nothing(self, world, bob, path: str, data: dict, message: str) -> None:
        issue = world.issue("As it was")
        answer = bob.post(f"{ISSUES}/{path}", {"ids": issue.id, **data}, htmx=True)
        assert answer.status_code == 422
        assert message in said(answer)
        assert fresh(world, issue).title == "As it was"

    @pytest.mark.parametrize("ids", [[], ["x"], ["0"], ["1" * 30], ["1"] * 1001])
    def test_ids_that_are_none(self, world, bob, ids: list[str]) -> None:
        assert bob.post(f"{ISSUES}/priority", {"ids": ids, "priority": 1}, htmx=True).status_code == 422

    def test_one_that_is_gone_stops_all(self, world, bob) -> None:
        there, gone = world.issue("There"), world.issue("Gone", deleted_at=now())
        answer = bob.post(f"{ISSUES}/priority", {"ids": [there.id, gone.id], "priority": 4}, htmx=True)
        assert answer.status_code == 404
        assert "not there any more" in said(answer)
        assert fresh(world, there).priority == 0

    def test_issues_of_another_project_or_organization_are_not_there(self, world, bob, mallory) -> None:
        [ops] = world.issues(1, project_id=world.ids.ops)
        assert bob.post(f"{ISSUES}/priority", {"ids": ops.id, "priority": 4}, htmx=True).status_code == 404
        theirs = world.issue()
        answer = mallory.post("/rival/projects/WEB/issues/priority", {"ids": theirs.id, "priority": 4}, htmx=True)
        assert answer.status_code == 404

    @pytest.mark.parametrize(("who", "status"), [("vic", 403), ("olaf", 404), ("carol", 404), ("mallory", 404)])
    @pytest.mark.parametrize("path", ["state", "priority", "assignees", "labels", "dates", "title", "deletion"])
    def test_who_may_not(self, world, cast, who: str, status: int, path: str) -> None:
        issue = world.issue()
        assert cast[who].post(f"{ISSUES}/{path}", {"ids": issue.id}, htmx=True).status_code == status

    @pytest.mark.parametrize(
        ("field", "told"),
        [
            ("state", "In progress"),
            ("priority", "Urgent"),
            ("assignees", "Anna"),
            ("labels", "Design"),
            ("due", "Tomorrow"),
            ("title", "Printer on fire"),
        ],
    )
    def test_menus_offer_what_is_there(self, world, bob, field: str, told: str) -> None:
        issue = world.issue()
        answer = bob.get(f"{MENUS}/{field}?ids={issue.id}")
        assert answer.status_code == 200
        assert told in answer.text
        assert "Olaf" not in answer.text

    @pytest.mark.parametrize(("who", "status"), [("vic", 403), ("olaf", 404), ("mallory", 404)])
    def test_menus_are_for_those_who_may(self, world, cast, who: str, status: int) -> None:
        assert cast[who].get(f"{MENUS}/state?ids={world.issue().id}").status_code == status

    @pytest.mark.parametrize("url", [f"{MENUS}/nothing?ids=1", f"{MENUS}/state?ids=999999"])
    def test_menus_that_are_none(self, world, bob, url: str) -> None:
        assert bob.get(url).status_code == 404


class TestMove:
    URL = "/acme/projects/WEB/board/moves"

    def test_only_what_changed_comes_back(self, world, bob) -> None:
        first, second = world.issues(2)
        answer = bob.post(self.URL, {"ids": second.id, "state": world.ids.states["Done"]}, htmx=True)
        assert answer.text.count("<hx-partial") == 4  # the card, two heads, a toast
        assert f"issue-{first.id}" not in answer.text
        assert f"{second.number} moved to Done" in answer.text
        assert fresh(world, second).state_id == world.ids.states["Done"]

    def test_heads_count_what_passes_the_filter(self, world, bob) -> None:
        world.issues(3)
        issue = world.issue(priority=4)
        here = {"HX-Current-URL": "http://localhost/acme/projects/WEB/board?priority=urgent"}
        answer = bob.post(self.URL, {"ids": issue.id, "state": world.ids.states["Done"]}, htmx=True, headers=here)
        assert 'title="0 issues"' in answer.text
        assert 'title="1 issues"' in answer.text

    @pytest.mark.parametrize(("who", "status"), [("vic", 403), ("olaf", 404), ("carol", 404), ("mallory", 404)])
    def test_who_may_not(self, world, cast, who: str, status: int) -> None:
        issue = world.issue()
        answer = cast[who].post(self.URL, {"ids": issue.id, "state": world.ids.states["Done"]}, htmx=True)
        assert answer.status_code == status
        assert said(answer)
        assert fresh(world, issue).state_id == world.ids.states["Todo"]

    def test_into_a_state_that_is_gone_or_of_elsewhere(self, world, bob) -> None:
        issue = world.issue()
        for wrong in (999999, world.ids.ops_states["Done"], world.ids.rival.states["Done"]):
            answer = bob.post(self.URL, {"ids": issue.id, "state": wrong}, htmx=True)
            assert (answer.status_code, said(answer)) == (404, "That state is not there any more. Load the page again.")

    def test_undone_it_stands_where_it_stood(self, world, bob) -> None:
        first, _, third = world.issues(3)
        answer = bob.post(self.URL, {"ids": first.id, "state": world.ids.states["Done"], "after": third.id}, htmx=True)
        [undo] = {part.split('"')[1] for part in answer.text.split("hx-post=")[1:] if "undo" in part}
        assert bob.post(undo, htmx=True).status_code == 200
        assert (fresh(world, first).state_id, fresh(world, first).rank) == (world.ids.states["Todo"], first.rank)

    def test_its_own_statements_are_few(self, world, bob, statements) -> None:
        issue = world.issues(5)[0]
        data = {"ids": issue.id, "state": world.ids.states["Done"]}
        bob.get("/acme/projects/WEB/board")
        with statements() as seen:
            bob.post(self.URL, data, htmx=True)
        # session, member, project; issue, state; five of the command; heads, people, labels and comments of the card
        assert len(seen) <= 14


class TestInline:
    URL = "/acme/projects/WEB/board/columns/{}/issues"

    def test_a_title_is_enough(self, world, bob) -> None:
        todo = world.ids.states["Todo"]
        answer = bob.post(self.URL.format(todo), {"title": "Oil the crane"}, htmx=True)
        assert "WEB-1 added to Todo" in answer.text
        assert 'value=""' in answer.text
        assert "Oil the crane" in bob.get("/acme/projects/WEB/board").text

    def test_without_a_title_it_asks_again(self, world, bob) -> None:
        answer = bob.post(self.URL.format(world.ids.states["Todo"]), {"title": " "}, htmx=True)
        assert answer.status_code == 422
        assert "aria-invalid" in answer.text

    @pytest.mark.parametrize(("who", "status"), [("vic", 403), ("olaf", 404), ("mallory", 404)])
    def test_who_may_not(self, world, cast, who: str, status: int) -> None:
        answer = cast[who].post(self.URL.format(world.ids.states["Todo"]), {"title": "No"}, htmx=True)
        assert answer.status_code == status

    def test_a_column_of_elsewhere(self, world, bob) -> None:
        assert bob.post(self.URL.format(world.ids.ops_states["Todo"]), {"title": "No"}, htmx=True).status_code == 404


TODAY = date(2026, 11, 20)  # a Friday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("Tomorrow", date(2026, 11, 21)),
        ("mon", date(2026, 11, 23)),
        ("Friday", date(2026, 11, 27)),
        ("2026-12-24", date(2026, 12, 24)),
        ("24.12.", date(2026, 12, 24)),
        ("24.12.2027", date(2027, 12, 24)),
        ("1.3.", date(2027, 3, 1)),
        ("24 Dec", date(2026, 12, 24)),
        ("24. December 2028", date(2028, 12, 24)),
        ("Dec 24, 2026", date(2026, 12, 24)),
        ("3d", date(2026, 11, 23)),
        ("in 2 weeks", date(2026, 12, 4)),
        ("+1m", date(2026, 12, 20)),
        ("٣d", date(2026, 11, 23)),
    ],
)
def test_days_as_people_write_them(text: str, day: date) -> None:
    assert day_said(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "soon", "31.2.", "2026-02-30", "999m" * 40, "0000-01-01", "24 Foo"])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(Invalid, match="is no day"):
        day_said(text, TODAY)


def test_a_month_from_the_last_of_january_is_the_last_of_february() -> None:
    assert months_ahead(date(2026, 1, 31), 1) == date(2026, 2, 28)
