"""Texts are brought in as a person does it: through the pages, with the job in between."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.adapters import files
from app.annotation import jobs
from app.annotation.commands import imports
from app.annotation.models import Annotation, Task, TaskImport, TaskImportRow, Work
from app.annotation.reading import rows_of
from app.kernel import timers
from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import enter
from tests.annotation.labelled import NAMES, labelling_of, mood
from tests.world import Person, World

IMPORTS = "/acme/projects/WEB/labelling/imports"
Work_ = Callable[[], None]


def upload(person: Person, data: str | bytes | list[Any], name: str = "texts.json", **more: str) -> TestResponse:
    text = json.dumps(data) if isinstance(data, list) else data
    raw = text.encode() if isinstance(text, str) else text
    chosen = {"skip_duplicates": "y", "with_annotations": "y"} | more
    form = {key: value for key, value in chosen.items() if value}
    return person.post(IMPORTS, {"file": (io.BytesIO(raw), name), **form})


def imported(person: Person, work: Work_, data: str | bytes | list[Any], name: str = "texts.json", **more: str) -> str:
    """Upload and wait for the job; the page after it."""
    answer = upload(person, data, name, **more)
    assert answer.status_code == 303, answer.text
    work()
    return person.get(answer.location).text


def tasks(world: World) -> list[Task]:
    enter(world.organization_id)
    return list(db.session.scalars(select(Task).order_by(Task.number), execution_options={"populate_existing": True}))


def annotations(world: World) -> list[Annotation]:
    enter(world.organization_id)
    return list(db.session.scalars(select(Annotation).order_by(Annotation.id)))


def latest(world: World) -> TaskImport:
    enter(world.organization_id)
    newest = select(TaskImport).order_by(TaskImport.id.desc()).limit(1)
    return db.session.scalars(newest, execution_options={"populate_existing": True}).one()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ('[{"text": "Ünï\\u2028 😀"},\n {"text": "two", "n": 7}]', "a.json"),
        ('{"text": "Ünï\\u2028 😀"}\n\n{"text": "two", "n": 7}\n', "a.jsonl"),
        ('{"text": "Ünï\\u2028 😀"}\r\n{"text": "two", "n": 7}', "a.txt"),
        ('\ufeff[\n{"text": "Ünï\\u2028 😀"},{"text": "two", "n": 7}]', "a.json"),
    ],
)
def test_json_and_json_lines_become_tasks(world: World, bob: Person, work: Work_, data: str, name: str) -> None:
    labelling_of(world, 0)
    page = imported(bob, work, data, name)
    assert "2 tasks made" in page
    made = tasks(world)
    assert [task.data for task in made] == [{"text": "Ünï\u2028 😀"}, {"text": "two", "n": 7}]
    assert [task.number for task in made] == [1, 2]
    assert {task.import_id for task in made} == {latest(world).id}


def test_csv_of_a_spreadsheet_becomes_tasks(world: World, bob: Person, work: Work_) -> None:
    labelling_of(world, 0)
    page = imported(
        bob, work, 'id;text\r\n1;"Grüße;\r\nzwei"\r\n2;plain\r\n3;;;odd\r\n4;\r\n'.encode("cp1252"), "t.csv"
    )
    assert [task.data for task in tasks(world)] == [{"id": "1", "text": "Grüße;\r\nzwei"}, {"id": "2", "text": "plain"}]
    assert "2 tasks made, 2 rows refused" in page
    assert "The row has 4 cells, but only 2 columns have a name." in page
    assert "It has no “text”, which the configuration labels." in page


def test_one_import_is_one_activity_and_its_end_is_told(world: World, bob: Person, work: Work_) -> None:
    labelling_of(world, 0)
    imported(bob, work, [{"text": f"Text {number}"} for number in range(40)])
    enter(world.organization_id)
    verbs = db.session.scalars(select(Activity.verb).order_by(Activity.id)).all()
    assert verbs == ["labelling.import_started", "labelling.imported"]
    work()
    assert "finished importing texts.json into" in bob.get("/acme/inbox").text


def test_what_is_here_already_is_left_out_only_if_wanted(world: World, bob: Person, work: Work_) -> None:
    labelling_of(world, 0)
    rows = [{"text": "a", "x": 1}, {"text": "b"}, {"x": 1, "text": "a"}]
    assert "2 tasks made, 1 row here already" in imported(bob, work, rows)
    assert "0 tasks made, 3 rows here already" in imported(bob, work, rows)
    assert "3 tasks made" in imported(bob, work, rows, skip_duplicates="")
    assert len(tasks(world)) == 5


def test_annotations_come_along_where_they_fit(world: World, bob: Person, work: Work_) -> None:
    labelling_of(world, 0, config=NAMES)
    text = "Ada 👩\u200d👧 in Köln"
    region = {"start": 13, "end": 17, "labels": ["Place"]}
    span = {"id": "s1", "from_name": "entity", "to_name": "text", "type": "labels", "value": region}
    told = {"lead_time": 12.5, "ground_truth": True, "created_at": "2024-03-01T10:00:00Z"}
    rows = [
        {
            "id": 77,
            "data": {"text": text},
            "annotations": [
                {"result": [span, *mood()], **told},
                {"result": [], "was_cancelled": True},
                {"result": mood("Ugly")},
                {"result": "<script>"},
            ],
            "predictions": [{"result": []}],
        }
    ]
    page = imported(bob, work, rows)
    assert "1 task made, 2 annotations" in page
    assert "Annotation 3 is left out: “Ugly” is not among the options of “mood”." in page
    assert "Annotation 4 is left out: A result is a list of objects." in page
    assert "Its predictions are left out." in page
    first, second = annotations(world)
    assert first.result[0]["value"]["text"] == "Köln"
    assert (first.member_id, first.lead_time_seconds, first.ground_truth) == (bob.member_id, 12.5, True)
    assert first.created_at.year == 2024
    assert second.was_cancelled
    (task,) = tasks(world)
    assert (task.total_annotations, task.cancelled_annotations, task.is_labeled) == (1, 1, True)


def test_annotations_stay_outside_if_wanted(world: World, bob: Person, work: Work_) -> None:
    labelling_of(world, 0)
    imported(bob, work, [{"data": {"text": "a"}, "annotations": [{"result": mood()}]}], with_annotations="")
    assert annotations(world) == []
    assert len(tasks(world)) == 1


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('{"text": "nul \\u0000"}', "It holds a NUL character"),
        ('{"text": "half \\ud83d"}', "It holds half a character"),
        ('{"text": 1e999}', "number that cannot be stored"),
        ('{"text": NaN}', "NaN is no number that can be stored"),
        ('{"text": "x", "n": ' + "9" * 5000 + "}", "This cannot be read"),
        ('{"text": ' + "[" * 20_000 + "]" * 20_000 + "}", "nested too deeply"),
        ('{"text": "' + "x" * 300_000 + '"}', "at most 262,144 fit"),
        ('{"text": "x"', "This is no JSON"),
        ("7", "A task is an object, or a text."),
        ("{}", "There is no data in it."),
        ("{" + ",".join(f'"c{n}": 1' for n in range(401)) + "}", "at most 400 fit"),
        ('{"text": ""}', "It has no “text”"),
        ('{"data": {"other": "x"}}', "It has no “text”"),
    ],
)
def test_a_row_that_cannot_be_stored_is_refused_alone(
    world: World, bob: Person, work: Work_, row: str, says: str
) -> None:
    labelling_of(world, 0)
    page = imported(bob, work, f'{{"text": "good"}}\n{row}\n{{"text": "also good \\\\u0000"}}\n', "rows.jsonl")
    assert [task.data["text"] for task in tasks(world)] == ["good", "also good \\u0000"]
    assert "2 tasks made, 1 row refused" in page
    assert says in page


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("", "The file is empty."),
        ("[]", "There are no rows in the file"),
        ('[{"text": "a"},\n{"text": "b"', "Line 2: This is no JSON"),
        ('[{"text": "a"}\n{"text": "b"}]', "Line 2: a comma or the end of the array is missing."),
        ('[{"text": "a"}] more', "Line 1: more text follows"),
        ('[{"message": "a"}]', "The configuration labels “text”, and the file has message."),
        (b"PK\x03\x04rest", "an Excel workbook or a ZIP archive"),
        ("[" * 100_000, "nested too deeply"),
        ("[1, 2]", "None of its rows can be read."),
    ],
)
def test_a_file_of_which_nothing_fits_is_refused_at_once(
    world: World, bob: Person, data: str | bytes, says: str
) -> None:
    labelling_of(world, 0)
    before = len(list((files._path("0" * 32).parent.parent).glob("*/*")))
    answer = upload(bob, data, "rows.json")
    assert answer.status_code == 422
    assert says in answer.text
    assert len(list((files._path("0" * 32).parent.parent).glob("*/*"))) == before


def test_html_in_texts_is_shown_as_text(world: World, bob: Person, work: Work_) -> None:
    labelling_of(world, 0)
    page = imported(bob, work, '[{"text": ""},{"text":"<img src=x onerror=alert(1)>"}]', "<b>x</b>.json")
    assert "<b>x" not in page
    preview = bob.get("/acme/projects/WEB/labelling/configuration").text
    assert "<img src=x" not in preview
    assert "&lt;img src=x onerror=alert(1)&gt;" in preview


def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    world: World, bob: Person, work: Work_, scheduler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelling_of(world, 0)
    monkeypatch.setattr(jobs, "BATCH", 10)
    upload(bob, [{"text": f"Text {number}"} for number in range(35)])
    advanced = imports.advance_import

    def die(record: TaskImport, *given: Any, **more: Any) -> None:
        if record.rows_done == 20:
            raise KeyboardInterrupt
        advanced(record, *given, **more)

    number = latest(world).id
    with monkeypatch.context() as patched:
        patched.setattr(imports, "advance_import", die)
        with pytest.raises(KeyboardInterrupt):
            jobs.work_on_task_import(number)
    db.session.rollback()
    assert len(tasks(world)) == 20
    db.session.rollback()
    with at(now() + timedelta(minutes=5)):
        assert timers.tick(scheduler) >= 1
        work()
    assert [task.data["text"] for task in tasks(world)] == [f"Text {number}" for number in range(35)]
    assert latest(world).status is Work.DONE


def test_an_import_is_stopped_and_goes_on(world: World, bob: Person, work: Work_) -> None:
    labelling_of(world, 0)
    address = upload(bob, [{"text": "a"}, {"text": "b"}]).location
    assert "Bringing in texts" in bob.get(address).text
    assert bob.post(f"{address}/cancellation").status_code == 303
    work()
    assert tasks(world) == []
    assert "2 rows not reached" in bob.get(address).text
    assert bob.post(f"{address}/cancellation").status_code == 409
    assert bob.post(f"{address}/run").status_code == 303
    work()
    assert len(tasks(world)) == 2
    assert bob.post(f"{address}/run").status_code == 409


def test_who_may_not_import_any_more_imports_nothing(world: World, bob: Person, alice: Person, work: Work_) -> None:
    labelling_of(world, 0)
    upload(bob, [{"text": "a"}])
    alice.post(f"/acme/projects/WEB/settings/members/{bob.member_id}/deletion")
    enter(world.organization_id)
    from app.projects.models import ProjectMember

    db.session.query(ProjectMember).filter_by(project_id=world.ids.web, member_id=bob.member_id).delete()
    db.session.commit()
    work()
    assert tasks(world) == []
    assert latest(world).status is Work.FAILED
    assert "may not import here any more" in (latest(world).error or "")


def test_problems_beyond_a_thousand_are_counted_and_not_kept(world: World, bob: Person, work: Work_) -> None:
    labelling_of(world, 0)
    rows = [{"text": "good"}, *[{"text": ""}] * 1_200]
    page = imported(bob, work, rows)
    assert "1 task made, 1,200 rows refused" in page
    assert "The first 1,000 of 1,200 problems are listed." in page
    enter(world.organization_id)
    assert db.session.scalar(select(func.count()).select_from(TaskImportRow)) == 1_000


def test_the_file_goes_when_it_is_imported(world: World, bob: Person, work: Work_, scheduler: Any) -> None:
    labelling_of(world, 0)
    imported(bob, work, [{"text": "a"}])
    with at(now() + timedelta(minutes=1)):
        timers.tick(scheduler)
        work()
    assert latest(world).file is None


def test_an_array_larger_than_the_window_is_read_item_by_item() -> None:
    rows = [{"text": f"{number} " + "ß" * (number % 5000)} for number in range(900)]
    source = io.BytesIO(("[" + ",\n".join(json.dumps(row) for row in rows) + "\n]").encode())
    found = list(rows_of(source, imports.Format.JSON, "utf-8"))
    assert [row.data for row in found] == rows
    assert [row.line for row in found] == list(range(1, 901))
