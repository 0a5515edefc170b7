"""Questions are built in the address, kept under a name, changed, copied and thrown away."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.boards.models import Issue
from app.dashboards.answers import Ask, Dimension
from app.dashboards.models import Question, Source
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.world import Person, World

ASKED = Ask(dataset="issues", dimensions=(Dimension("state"),)).as_text()


def keep(person: Person, name: str = "By state", ask: str = ASKED) -> str:
    answer = person.post("/acme/questions", {"name": name, "ask": ask, "chart": ""})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def kept(world: World) -> list[Question]:
    with world.app.app_context(), organization(world.organization_id):
        found = db.session.query(Question).order_by(Question.number).all()
        db.session.expunge_all()
    return found


def cells(page: str) -> list[list[str]]:
    """The rows of the answer's table."""
    body = page[page.index("answer-table") :]
    rows = re.findall(r"<tr>(.*?)</tr>", body[: body.index("</table>")], re.S)
    return [
        [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<td(?! class=\"bar-of)[^>]*>(.*?)</td>", row, re.S)
        ]
        for row in rows[1:]
    ]


def test_the_builder_answers_what_its_address_says(alice: Person, sales: Source) -> None:
    table = f"/acme/questions/new?table=source-{sales.id}"
    assert cells(alice.get(table).text) == [["5"]]
    asked = f"{table}&measure=sum:Revenue&measure=count:&by=Month&bucket=quarter&by=Region&bucket=none"
    page = alice.get(f"{asked}&where=Paid&how=present&value=&until=&sort=1-up&limit=5").text
    assert cells(page) == [["Q1 2026", "North", "110.5", "2"], ["Q1 2026", "South", "125.25", "2"]]
    assert cells(alice.get(f"{asked}&drop=by-0").text) == [["North", "260.5", "3"], ["South", "125.25", "2"]]


@pytest.mark.parametrize(
    "state",
    [
        "measure=sum:Nothing&by=Gone&where=Away&how=is&value=x",
        "measure=sum:&measure=drop:Revenue&bucket=aeon&by=Region",
        "where=Revenue&how=contains&value=1&limit=0&sort=99-up",
        "where=Revenue&where=Revenue&how=&value=&limit=99999999999999",
        "sort=0-sideways&limit=-1&chart=pie&drop=where-0",
        "by=Region&by=Region&by=Region&by=Region&by=Region",
    ],
)
def test_a_state_that_says_nonsense_is_still_a_page(alice: Person, sales: Source, state: str) -> None:
    assert alice.get(f"/acme/questions/new?table=source-{sales.id}&{state}").status_code == 200


def test_a_filter_that_cannot_be_read_says_so_on_the_page(alice: Person, sales: Source) -> None:
    page = alice.get(f"/acme/questions/new?table=source-{sales.id}&where=Revenue&how=more&value=much&until=")
    assert page.status_code == 200
    assert "which is no number" in page.text


def test_a_question_is_kept_changed_copied_and_restored(world: World, alice: Person) -> None:
    world.issues(2)
    address = keep(alice)
    assert cells(alice.get(f"{address}/answer").text) == [["Todo", "2"]]
    assert "table=issues" in alice.get(f"{address}/edit").location
    changed = {"name": "How many", "ask": Ask(dataset="issues").as_text(), "chart": "metric", "version": "1"}
    assert alice.post(address, changed).status_code == 303
    assert alice.post(address, {"name": "Late", "version": "1"}).status_code == 409
    assert cells(alice.get(f"{address}/answer").text) == [["2"]]
    assert alice.post(f"{address}/copy").status_code == 303
    [first, copy] = kept(world)
    assert (first.name, first.chart["kind"], copy.name, copy.ask) == (
        "How many",
        "metric",
        "How many (copy)",
        first.ask,
    )
    gone = alice.post(f"{address}/deletion", htmx=True)
    assert 'hx-post="/acme/questions/1/restoration"' in gone.text
    assert alice.get(address).status_code == 404
    assert alice.post("/acme/questions/1/restoration", htmx=True).status_code == 200
    assert "created this question" in alice.get(address).text


def test_a_question_whose_table_went_says_so(alice: Person, sales: Source) -> None:
    address = keep(alice, ask=Ask(source=sales.id).as_text())
    assert alice.post("/acme/sources/1/deletion").status_code == 303
    for path in (address, f"{address}/answer"):
        page = alice.get(path)
        assert page.status_code == 200
        assert "gone" in page.text
    assert alice.get(f"{address}/edit", follow_redirects=True).status_code == 409


def test_a_forged_ask_is_not_kept(world: World, alice: Person) -> None:
    for ask in ("", "{}", '{"dataset": "members"}', '{"source": 999}', "[" * 5000, ASKED.replace("state", "\\u0000")):
        assert alice.post("/acme/questions", {"name": "x", "ask": ask, "chart": ""}).status_code in (409, 422), ask
    assert alice.post("/acme/questions", {"name": "x", "ask": ASKED, "chart": "pie"}).status_code == 422
    assert kept(world) == []


def test_answers_leave_as_files_that_do_not_calculate(world: World, alice: Person) -> None:
    world.issue(title="=HYPERLINK(1)")
    with world.app.app_context(), organization(world.organization_id):
        assert db.session.query(Issue).count() == 1
    answer = alice.get("/acme/questions/answer.csv?table=issues&by=title&measure=count:")
    assert answer.text.splitlines() == ["\ufeffTitle,Count", "'=HYPERLINK(1),1"]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_who_reads_and_who_builds(cast: dict[str, Person]) -> None:
    address = keep(cast["alice"])
    for who, reads, builds in (("vic", 200, 403), ("bob", 200, 403), ("carol", 404, 404), ("mallory", 404, 404)):
        assert cast[who].get(address).status_code == reads
        assert cast[who].get(f"{address}/answer").status_code == reads
        assert cast[who].post(f"{address}/deletion").status_code == builds
    assert cast["bob"].post("/acme/questions", {"name": "x", "ask": ASKED}).status_code == 403


def test_the_list_takes_the_same_statements_for_many(world: World, alice: Person, statements: Any) -> None:
    alice.get("/acme/questions")
    taken = []
    for count in (5, 45):
        with world.app.app_context(), organization(world.organization_id):
            there = db.session.query(Question).count()
            asked = Ask(dataset="issues").as_json()
            db.session.add_all(
                Question(number=there + n + 1, name=f"Q{n}", ask=asked, dataset="issues", created_by_id=alice.member_id)
                for n in range(count)
            )
        with statements() as seen:
            assert alice.get("/acme/questions").status_code == 200
        taken.append(len(seen))
    assert taken[0] == taken[1]
