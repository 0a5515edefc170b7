"""Bob brings his team's issues in."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.boards.models import Issue, Priority
from app.exchange.models import Import, ImportRow, Status
from app.kernel.database import db
from app.kernel.ledger import Activity, Change
from app.kernel.tenancy import enter
from tests.exchange.conftest import IMPORTS, Desk
from tests.world import World

JIRA = """Summary,Issue key,Status,Priority,Assignee,Labels,Labels,Due date,Description
Login fails on Safari,OLD-1,In Progress,Highest,anna@example.test,Bug,mobile,14/Mar/26 9:30 AM,"First line

- [ ] check cookies"
Faster boards,OLD-2,Closed,Low,Bob,,,,
"Umlaute: äöü, 日本語, 🚚",OLD-3,Waiting for Godot,Soon,Nobody Here,API,,not a day,
"""


def issues(world: World) -> list[Issue]:
    enter(world.organization_id)
    wanted = (
        select(Issue)
        .where(Issue.project_id == world.ids.web)
        .order_by(Issue.number)
        .options(
            joinedload(Issue.state),
            joinedload(Issue.document),
            selectinload(Issue.assignees),
            selectinload(Issue.labels),
        )
    )
    return list(db.session.scalars(wanted, execution_options={"populate_existing": True}))


def latest(world: World) -> Import:
    enter(world.organization_id)
    newest = select(Import).order_by(Import.id.desc()).limit(1)
    return db.session.scalars(newest, execution_options={"populate_existing": True}).one()


def test_an_export_of_jira_becomes_issues(world: World, desk: Desk) -> None:
    address = desk.uploaded(JIRA)
    checked = desk.check(address)
    assert "3 of 3 rows can be imported" in checked
    assert "1 row comes in with a remark" in checked
    assert "The state “Waiting for Godot” means nothing here; the issue goes to Todo." in checked
    assert "The priority “Soon” means nothing here" in checked
    assert "“Nobody Here” is nobody in this project" in checked
    assert "due date “not a day” is no date" in checked
    assert "1 new label: <bdi>mobile</bdi>" in checked
    assert issues(world) == []

    done = desk.run(address)
    assert "Done: 3 issues made" in done
    first, second, third = issues(world)
    assert (first.title, first.state.name, first.priority) == ("Login fails on Safari", "In progress", Priority.URGENT)
    assert [member.name for member in first.assignees] == ["Anna"]
    assert [label.name for label in first.labels] == ["Bug", "mobile"]
    assert first.due_date == date(2026, 3, 14)
    assert first.document
    assert first.document.body == "First line\n\n- [ ] check cookies"
    assert (second.state.name, second.priority) == ("Done", Priority.LOW)
    assert second.completed_at
    assert (third.title, third.state.name, third.due_date) == ("Umlaute: äöü, 日本語, 🚚", "Todo", None)
    assert first.created_by_id == world.cast["bob"].member_id


def test_values_are_given_other_meanings_by_hand(world: World, desk: Desk) -> None:
    address = desk.uploaded("Title,Status\nOne,Waiting\nTwo,Open\n")
    page = desk.person.get(address).text
    assert 'name="state_from" value="Waiting"' in page
    assert page.count("Not known here") == 1
    backlog = str(world.ids.states["Backlog"])
    checked = desk.check(address, state_from=["Waiting", "Open"], state_to=[backlog, ""])
    assert "The state “Open” means nothing here" in checked
    assert "“Waiting”" not in checked
    desk.run(address)
    assert [issue.state.name for issue in issues(world)] == ["Backlog", "Todo"]


def test_choosing_another_column_asks_for_its_values(desk: Desk) -> None:
    address = desk.uploaded("Title,Kind,Note\nOne,Open,x\nTwo,Done,y\n")
    assert 'name="state_from"' not in desk.person.get(address).text
    part = desk.person.get(f"{address}/values?state=1&priority=-1", headers={"HX-Request": "true"}).text
    assert 'value="Open"' in part
    assert 'value="Done"' in part
    assert desk.person.get(f"{address}/values?state=999&priority=abc").status_code == 200


def test_unknown_labels_can_be_left_out(world: World, desk: Desk) -> None:
    address = desk.uploaded('Title,Tags\nOne,"bug, Käse"\n')
    form = desk.check(address, create_labels="")
    assert "There is no label “Käse” here; it is left out." in form
    desk.run(address)
    assert [label.name for label in issues(world)[0].labels] == ["Bug"]


def test_day_or_month_first_is_a_choice(world: World, desk: Desk) -> None:
    desk.imported("Title,Due\nOne,03/04/2026\n", dates="month")
    desk.imported("Title,Due\nTwo,03/04/2026\n", dates="day")
    assert [issue.due_date for issue in issues(world)] == [date(2026, 3, 4), date(2026, 4, 3)]


def test_a_start_after_the_end_is_left_out(world: World, desk: Desk) -> None:
    page = desk.imported("Title,Start date,Due date\nOne,2026-05-02,2026-05-01\n")
    assert "The start date lies after the due date; it is left out." in page
    assert (issues(world)[0].start_date, issues(world)[0].due_date) == (None, date(2026, 5, 1))


def test_refused_rows_name_their_line_and_the_others_come_in(world: World, desk: Desk) -> None:
    long = "x" * 301
    data = f'Title,Body\nFine,"two\nlines"\n,no title\n{long},\nToo,many,cells\nAlso fine,\n'
    checked = desk.check(address := desk.uploaded(data))
    assert "2 of 5 rows can be imported" in checked
    for line, why in ((4, "The title is empty."), (5, "The title has 301 characters"), (6, "The row has 3 cells")):
        assert f'scope="row">{line}</th>' in checked
        assert why in checked
    assert "Done: 2 issues made, 3 rows refused" in desk.run(address)
    assert [issue.title for issue in issues(world)] == ["Fine", "Also fine"]


def test_short_rows_formulas_marks_and_nul_are_text(world: World, desk: Desk) -> None:
    page = desk.imported('Title,Body,Note\n=HYPERLINK("x"),@SUM(A1)\nA\0B\u202e,fine,x\n+1,,\n')
    assert [issue.title for issue in issues(world)] == ['=HYPERLINK("x")', "AB", "+1"]
    assert "The row ends after 2 of 3 cells" in page
    assert "Characters that cannot be stored" in page


def test_a_cell_of_a_megabyte_is_refused_in_a_sentence(world: World, desk: Desk) -> None:
    page = desk.imported("Title,Body\nBig," + "z" * 2**20 + "\nSmall,x\n")
    assert "The description has 1,048,576 characters; at most 100,000 fit." in page
    assert [issue.title for issue in issues(world)] == ["Small"]


def test_listeners_hear_of_the_import_once_and_every_issue_has_its_beginning(world: World, desk: Desk) -> None:
    desk.imported("Title\n" + "".join(f"Issue {n}\n" for n in range(30)))
    enter(world.organization_id)
    record = latest(world)
    created = db.session.scalars(select(Activity).where(Activity.verb == "issue.created")).all()
    assert [activity.import_id for activity in created] == [record.id]
    assert db.session.scalar(select(func.count()).select_from(Change).where(Change.noun == "issue")) == 30
    told = db.session.scalars(select(Activity.verb).where(Activity.noun == "import").order_by(Activity.id)).all()
    assert told == ["import.uploaded", "import.mapped", "import.checked", "import.started", "import.finished"]


def test_the_same_file_again_is_noticed(desk: Desk) -> None:
    desk.imported("Title\nOne\n")
    again = desk.person.get(desk.uploaded("Title\nOne\n")).text
    assert "This very file was imported before" in again
    assert f'href="{IMPORTS}/1"' in again
    assert "imported before" not in desk.person.get(desk.uploaded("Title\nAnother\n")).text


def test_pressing_import_twice_imports_once(world: World, desk: Desk) -> None:
    desk.check(address := desk.uploaded("Title\nOne\n"))
    assert desk.person.post(f"{address}/run").status_code == 303
    assert desk.person.post(f"{address}/run").status_code == 409
    desk.work()
    assert desk.person.post(f"{address}/run").status_code == 409
    assert len(issues(world)) == 1


def test_the_file_is_thrown_away_when_all_is_done(world: World, desk: Desk, settings: Any) -> None:
    from app.exchange.jobs import forget_file

    desk.imported("Title\nOne\n")
    record = latest(world)
    (stored,) = (settings.instance / "files").glob(f"??/{record.file}")
    forget_file(record.id)
    db.session.commit()
    assert not stored.exists()
    assert latest(world).status is Status.DONE
    assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 1


def test_an_upload_that_nobody_starts_goes_with_its_file(world: World, desk: Desk) -> None:
    from app.exchange.jobs import forget_file

    address = desk.uploaded("Title\nOne\n")
    enter(world.organization_id)
    forget_file(latest(world).id)
    db.session.commit()
    assert desk.person.get(address).status_code == 404
