"""Files that are not what they should be, and people who may not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.adapters import files
from app.exchange import jobs
from app.exchange.models import Import, ImportRow, Status
from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.tenancy import enter, organization
from app.organizations.models import Member
from app.projects.models import ProjectMember
from tests.exchange.conftest import IMPORTS, Desk
from tests.exchange.test_import import issues, latest
from tests.world import Person, World


def rows(count: int) -> str:
    return "Title\n" + "".join(f"Issue {number}\n" for number in range(count))


def an_archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"Title,Body\r\n", "a header and no rows below it"),
        (an_archive(), "an Excel workbook or a ZIP archive"),
        ("Titel\nKüche\n".encode() + b"T\xfcr\n", "Line 3 holds bytes that are no UTF-8 text"),
        (
            b'Title,Body\nOne,"never closed\nTwo,x\n',
            "A quote (&#34;) in the record that begins in line 2 is never closed",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why_at_its_field(
    world: World, desk: Desk, settings: Any, data: bytes, sentence: str
) -> None:
    before = set((settings.instance / "files").glob("??/*"))
    answer = desk.upload(data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert set((settings.instance / "files").glob("??/*")) == before
    enter(world.organization_id)
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0


def test_no_file_at_all(desk: Desk) -> None:
    answer = desk.person.post(IMPORTS, {})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


def test_a_western_file_comes_with_a_visible_warning(desk: Desk) -> None:
    page = desk.person.get(desk.uploaded("Title\nKüche räumen\n".encode("cp1252"))).text
    assert "is read as Windows-1252" in page
    assert "Küche räumen" in page
    assert "Windows-1252" not in desk.person.get(desk.uploaded("Title\nKüche räumen\n")).text


def test_a_file_of_five_megabytes_fits_and_one_of_fifty_one_does_not(desk: Desk, mallory: Person) -> None:
    big = b"Title,Body\n" + b"".join(b"Issue %d,%s\n" % (number, b"x" * 5000) for number in range(1000))
    assert desk.upload(big).status_code == 303
    refused = desk.upload(b"Title,Body\n" + b"x,y\n" * (51 * 2**18))
    assert refused.status_code == 413
    assert "at most 50 MB" in refused.text


def test_only_this_address_takes_large_bodies(desk: Desk) -> None:
    address = desk.uploaded("Title\nOne\n")
    assert desk.person.post(f"{address}/mapping", {"title": "x" * 5 * 2**20}).status_code == 413


def test_a_filename_is_only_shown(world: World, desk: Desk) -> None:
    desk.uploaded("Title\nOne\n", name="../../etc/<b>pass\u202ewd.csv")
    assert latest(world).filename == "<b>passwd.csv"
    assert "&lt;b&gt;passwd.csv" in desk.person.get(IMPORTS).text
    for name in ("../secret", "/etc/passwd", "a" * 31, ""):
        with pytest.raises(ValueError, match="stored file"):
            files.open_file(name)


def test_no_column_for_the_title_is_said_at_its_field(desk: Desk) -> None:
    address = desk.uploaded("Foo,Bar\n1,2\n")
    answer = desk.mapping(address)
    assert answer.status_code == 422
    assert "Every issue needs a title" in answer.text


@pytest.mark.parametrize(
    "values",
    [
        {"title": "99"},
        {"title": "abc"},
        {"title": ""},
        {"state": "-7"},
        {"state_from": ["a"], "state_to": []},
        {"state_from": ["a"], "state_to": ["99999999999999999999999"]},
        {"state_from": ["a"], "state_to": ["-1"]},
        {"priority_from": ["a"], "priority_to": ["9"]},
        {"title": ["0", "1"]},
        {"dates": "year"},
    ],
)
def test_a_forged_mapping_is_refused(world: World, desk: Desk, values: dict[str, Any]) -> None:
    address = desk.uploaded("Title,Status\nOne,Open\n")
    assert desk.mapping(address, **values).status_code == 422
    assert latest(world).status is Status.MAPPING


def test_states_of_another_project_cannot_be_chosen(world: World, desk: Desk) -> None:
    address = desk.uploaded("Title,Status\nOne,Open\n")
    assert desk.mapping(address, state_to=[str(world.ids.ops_states["Done"])]).status_code == 422


def test_repeated_headers_are_told_apart(desk: Desk) -> None:
    page = desk.person.get(desk.uploaded("Title,Note,note\nOne,a,b\n")).text
    assert "More than one column is called <bdi>Note, note</bdi>" in page
    assert "Note (column 2)" in page


def test_a_killed_worker_leaves_no_doubles(
    world: World, desk: Desk, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies in the middle of a batch: what was committed stays, the rest is done by whoever wakes up."""
    monkeypatch.setattr(jobs, "BATCH", 10)
    desk.check(address := desk.uploaded(rows(35)))
    assert desk.person.post(f"{address}/run").status_code == 303
    _die_in_the_third_batch(latest(world).id, world)
    assert latest(world).rows_done == 20
    assert len(issues(world)) == 20
    enter(world.organization_id)
    jobs.resume_import(latest(world).id)
    db.session.commit()
    work()
    assert latest(world).status is Status.DONE
    assert [issue.title for issue in issues(world)] == [f"Issue {number}" for number in range(35)]
    assert [issue.number for issue in issues(world)] == list(range(1, 36))
    assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 35


def _die_in_the_third_batch(import_id: int, world: World) -> None:
    """Run the job in a process of its own, which ends itself without a goodbye before its third commit."""
    import os

    from sqlalchemy import event

    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if not child:
        commits = iter(range(3))
        event.listen(db.session(), "before_commit", lambda session: next(commits, None) is None and os._exit(9))
        with organization(world.organization_id):
            jobs.work_on_import(import_id)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_two_workers_at_once_share_the_work_and_double_nothing(world: World, desk: Desk) -> None:
    from threading import Thread

    desk.check(address := desk.uploaded(rows(600)))
    desk.person.post(f"{address}/run")
    record, app = latest(world).id, world.app
    db.session.rollback()

    def run() -> None:
        with app.app_context(), organization(world.organization_id):
            jobs.work_on_import(record)

    workers = [Thread(target=run) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert latest(world).status is Status.DONE
    assert len(issues(world)) == 600


def test_a_long_import_makes_room_for_others_and_asks_for_its_own_continuation(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SLICE", 0.3)
    taken: list[int] = []
    take_up = jobs._take_up
    monkeypatch.setattr(jobs, "_take_up", lambda import_id: taken.append(import_id) or take_up(import_id))
    desk.imported(rows(2000))
    assert len(issues(world)) == 2000
    assert len(taken) > 3


def test_an_import_that_kills_its_worker_is_given_up_and_can_go_on(world: World, desk: Desk) -> None:
    desk.check(address := desk.uploaded(rows(3)))
    desk.person.post(f"{address}/run")
    enter(world.organization_id)
    db.session.execute(update(Import).values(attempts=jobs.ATTEMPTS))
    db.session.commit()
    desk.work()
    page = desk.person.get(address).text
    assert "Something breaks on our side after row 0." in page
    assert "Go on importing" in page
    assert "Done: 3 issues made" in desk.run(address)


def test_losing_the_permission_stops_the_import_with_a_sentence(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch, alice: Person
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 10)
    desk.check(address := desk.uploaded(rows(25)))
    desk.person.post(f"{address}/run")
    bob = world.cast["bob"].member_id
    enter(world.organization_id)
    _advance_once(latest(world).id)
    db.session.execute(update(Member).where(Member.id == bob).values(role=Role.VIEWER))
    db.session.commit()
    desk.work()
    page = alice.get(address).text
    assert "Bob may not import into this project any more." in page
    assert len(issues(world)) == 10
    assert latest(world).status is Status.FAILED
    assert desk.person.get(address).status_code == 403
    alice.post(f"{address}/run")
    desk.work()
    assert len(issues(world)) == 25


def _advance_once(import_id: int) -> None:
    record = jobs._take_up(import_id)
    assert record
    with jobs._rows(record) as lines:
        jobs._advance(import_id, 0, [next(lines) for _ in range(jobs.BATCH)])


@pytest.mark.parametrize("loss", ["thrown out of the project", "left"])
def test_whoever_is_gone_imports_nothing(world: World, desk: Desk, alice: Person, loss: str) -> None:
    desk.check(address := desk.uploaded(rows(3)))
    desk.person.post(f"{address}/run")
    enter(world.organization_id)
    if loss == "left":
        db.session.execute(update(Member).where(Member.name == "Bob").values(left_at=func.now()))
    else:
        for found in db.session.scalars(
            select(ProjectMember).where(
                ProjectMember.member_id == world.cast["bob"].member_id, ProjectMember.project_id == world.ids.web
            )
        ):
            db.session.delete(found)
    db.session.commit()
    desk.work()
    assert "may not import into this project any more" in alice.get(address).text
    assert issues(world) == []


def test_stopping_keeps_what_was_made_and_going_on_adds_the_rest(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 10)
    desk.check(address := desk.uploaded(rows(25)))
    desk.person.post(f"{address}/run")
    enter(world.organization_id)
    _advance_once(latest(world).id)
    page = desk.person.get(address).text
    assert '<progress max="25" value="10"' in page
    assert 'role="status">10 of 25 rows' in page
    assert desk.person.post(f"{address}/cancellation").status_code == 303
    desk.work()
    assert len(issues(world)) == 10
    assert "15 rows not reached" in desk.person.get(address).text
    assert desk.person.post(f"{address}/cancellation").status_code == 409
    desk.run(address)
    assert [issue.title for issue in issues(world)] == [f"Issue {number}" for number in range(25)]


def test_stopping_a_dry_run_goes_back_to_the_columns(world: World, desk: Desk) -> None:
    address = desk.uploaded(rows(3))
    desk.mapping(address)
    assert 'aria-labelledby="working"' in desk.person.get(address).text
    desk.person.post(f"{address}/cancellation")
    desk.work()
    assert "What is in which column?" in desk.person.get(address).text
    part = desk.person.get(f"{address}/standing", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == address


def test_a_column_that_is_no_list_of_labels_stops_the_dry_run(desk: Desk) -> None:
    address = desk.uploaded("Title,Labels\n" + "".join(f"Issue {n},word {n}\n" for n in range(300)))
    desk.mapping(address)
    desk.work()
    page = desk.person.get(address).text
    assert "would have more than 200" in page
    assert "What is in which column?" in page


def test_the_report_as_a_file_cannot_calculate(desk: Desk) -> None:
    address = desk.uploaded('Title,Status\n"=1+1",\n,Open\n@cmd,Weird\n')
    desk.check(address)
    desk.run(address)
    answer = desk.person.get(f"{address}/report.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = answer.get_data(as_text=True).splitlines()
    assert lines[0] == "\ufeffLine,Result,Issue,Title,Remarks"
    assert lines[1] == "2,imported,WEB-1,'=1+1,"
    assert lines[2].startswith("3,refused,,,")
    assert lines[3].startswith("4,imported,WEB-2,'@cmd,")


def test_a_long_report_is_read_a_hundred_at_a_time(desk: Desk) -> None:
    checked = desk.check(address := desk.uploaded("Title,Status\n" + "".join(f"Issue {n},Nope\n" for n in range(150))))
    assert checked.count('class="says"') == 100
    assert f"{address}?after=101#report" in checked
    assert desk.person.get(f"{address}?after=101").text.count('class="says"') == 50
    assert "Nothing more to say." in desk.person.get(f"{address}?after=9999").text


def test_the_list_of_imports_and_its_pages(desk: Desk, statements: Any) -> None:
    assert "Nothing was imported here yet" in desk.person.get(IMPORTS).text
    desk.uploaded("Title\nOne\n", name="first.csv")
    with statements() as few:
        desk.person.get(IMPORTS)
    for number in range(31):
        desk.uploaded("Title\nOne\n", name=f"{'long' * 60}{number}.csv")
    with statements() as many:
        page = desk.person.get(IMPORTS).text
    assert len(few) == len(many)
    assert page.count("data-item") == 30
    assert "first.csv" in desk.person.get(f"{IMPORTS}?below=3").text
    assert "No older imports" in desk.person.get(f"{IMPORTS}?below=1").text
    assert desk.person.get(f"{IMPORTS}?below=abc").status_code == 200


VIEWS = ("", "/new", "/1", "/1/standing", "/1/mapping", "/1/values", "/1/report.csv")
VERBS = ("", "/1/mapping", "/1/run", "/1/cancellation")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anna", 403),
        ("vic", 403),
        ("olaf", 404),
        ("carol", 403),
        ("mallory", 404),
    ],
)
def test_who_may_not_import(world: World, desk: Desk, cast: dict[str, Person], who: str, status: int) -> None:
    desk.uploaded("Title\nOne\n")
    for path in VIEWS:
        assert cast[who].get(IMPORTS + path).status_code in (status, 404), path
    for path in VERBS:
        assert cast[who].post(IMPORTS + path, {}).status_code in (status, 404), path
    assert latest(world).status is Status.MAPPING


def test_whoever_is_not_signed_in_is_asked_to(world: World) -> None:
    answer = world.app.test_client().get(IMPORTS)
    assert answer.status_code == 303
    assert "/sign-in" in answer.location


@pytest.mark.parametrize("number", ["2", "0", "99999999999999999999", "abc", "-1"])
def test_imports_that_do_not_exist(desk: Desk, number: str) -> None:
    desk.uploaded("Title\nOne\n")
    assert desk.person.get(f"{IMPORTS}/{number}").status_code == 404
    assert desk.person.get(f"/acme/projects/OPS/imports/{number}").status_code == 404


def test_an_import_is_not_found_under_another_project(desk: Desk) -> None:
    desk.uploaded("Title\nOne\n")
    assert desk.person.get("/acme/projects/OPS/imports/1").status_code == 404


def test_only_the_refused_rows_can_be_shown(desk: Desk) -> None:
    checked = desk.check(address := desk.uploaded("Title,Status\nOne,Nope\n,Open\n" + "Two,Nope\n" * 120))
    assert "show=refused#report" in checked
    refused = desk.person.get(f"{address}?show=refused").text
    assert refused.count('class="says"') == 1
    assert "The title is empty." in refused
    assert "show=refused" in desk.person.get(f"{address}?show=refused&after=9999").text
