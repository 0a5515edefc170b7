"""Labels are taken out, and come back in as they were."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.annotation.commands.tasks import recount_tasks
from app.annotation.models import Annotation, Labelling, LabellingExport
from app.kernel import timers
from app.kernel.clock import at, now
from app.kernel.database import db
from app.kernel.tenancy import enter
from tests.annotation.labelled import NAMES, Labelled, labelling_of, mood
from tests.annotation.test_imports import annotations, imported, tasks
from tests.world import Person, World

EXPORTS = "/acme/projects/WEB/labelling/exports"
TEXTS = ["Ada 👩\u200d👧 in Köln", "=cmd|' /C calc'!A0", "שלום", "unlabelled"]
SPAN = {
    "id": "s",
    "from_name": "entity",
    "to_name": "text",
    "type": "labels",
    "value": {"start": 13, "end": 17, "text": "Köln", "labels": ["Place"]},
}
WHY = {"id": "w", "from_name": "why", "to_name": "text", "type": "textarea", "value": {"text": ["@SUM(1)", "two"]}}
STARS = {"id": "r", "from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": 4}}


@pytest.fixture
def labelled(world: World) -> Labelled:
    """Four tasks: one with two annotations, one skipped, one rated, one without any."""
    made = labelling_of(world, config=NAMES, texts=TEXTS)
    enter(world.organization_id)
    said = [
        (0, "alice", [SPAN, *mood()], {"lead_time_seconds": 3.5, "ground_truth": True}),
        (0, "nora", mood("Bad"), {}),
        (1, "nora", [], {"was_cancelled": True}),
        (2, "nora", [STARS, WHY], {}),
    ]
    for place, name, result, more in said:
        db.session.execute(
            insert(Annotation).values(
                organization_id=world.organization_id,
                labelling_id=made.id,
                task_id=made.tasks[place],
                member_id=world.cast[name].member_id,
                result=result,
                config_version=1,
                **more,
            )
        )
    labelling = db.session.scalars(select(Labelling)).one()
    recount_tasks(labelling)
    db.session.commit()
    db.session.expunge_all()
    return made


def exported(person: Person, work: Callable[[], None], kind: str, **more: str) -> str:
    """Ask for a file and wait for it; its text."""
    assert person.post(EXPORTS, {"format": kind, **more}).status_code == 303
    work()
    number = max(int(part.split("/")[0]) for part in person.get(EXPORTS).text.split("/labelling/exports/")[1:])
    answer = person.get(f"{EXPORTS}/{number}/file")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.data.decode()


def test_label_studios_json(labelled: Labelled, world: World, bob: Person, work: Callable[[], None]) -> None:
    found = json.loads(exported(bob, work, "json"))
    assert [task["inner_id"] for task in found] == [1, 2, 3, 4]
    assert [task["data"]["text"] for task in found] == TEXTS
    first, second = found[0]["annotations"]
    assert first["result"] == [SPAN, *mood()]
    assert (first["lead_time"], first["ground_truth"], first["was_cancelled"]) == (3.5, True, False)
    assert second["completed_by"] == {"id": world.cast["nora"].member_id, "name": "Nora"}
    assert found[1]["annotations"][0]["was_cancelled"]
    assert (found[1]["total_annotations"], found[1]["cancelled_annotations"]) == (0, 1)
    assert found[3]["annotations"] == found[3]["predictions"] == []
    assert "@" not in json.dumps([task["annotations"][:1] for task in found[:2]])


def test_what_goes_out_comes_in_again_as_it_was(
    labelled: Labelled, world: World, bob: Person, work: Callable[[], None]
) -> None:
    whole = exported(bob, work, "json")
    before = [
        (said.result, said.was_cancelled, said.ground_truth, said.lead_time_seconds) for said in annotations(world)
    ]
    made = [said.created_at for said in annotations(world)]
    labelling = db.session.scalars(select(Labelling)).one()
    labelling.project_id = world.ids.ops
    db.session.commit()
    labelling_of(world, 0, config=NAMES)
    page = imported(bob, work, whole)
    assert "4 tasks made, 4 annotations" in page
    again = annotations(world)[4:]
    assert [(said.result, said.was_cancelled, said.ground_truth, said.lead_time_seconds) for said in again] == before
    assert [said.created_at for said in again] == made
    new = [task for task in tasks(world) if task.labelling_id != labelled.id]
    assert [task.data["text"] for task in new] == TEXTS
    assert [(task.total_annotations, task.cancelled_annotations) for task in new] == [(2, 0), (0, 1), (1, 0), (0, 0)]


def test_csv_has_a_line_an_annotation_and_no_formulas(
    labelled: Labelled, bob: Person, work: Callable[[], None]
) -> None:
    text = exported(bob, work, "csv")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    assert [row["task"] for row in rows] == ["1", "1", "2", "3", "4"]
    assert [row["mood"] for row in rows] == ["Good", "Bad", "", "", ""]
    assert json.loads(rows[0]["entity"]) == [SPAN["value"]]
    assert rows[2]["text"] == "'" + TEXTS[1]
    assert (rows[3]["stars"], rows[3]["why"], rows[3]["text"]) == ("4", "'@SUM(1) | two", "שלום")
    assert (rows[2]["skipped"], rows[4]["annotation"]) == ("yes", "")


def test_short_json_and_only_finished(labelled: Labelled, bob: Person, work: Callable[[], None]) -> None:
    found = json.loads(exported(bob, work, "json_min"))
    assert [one.get("mood") for one in found] == ["Good", "Bad", None]
    assert found[0]["entity"] == [SPAN["value"]]
    assert (found[2]["stars"], found[2]["why"]) == (4, {"text": ["@SUM(1)", "two"]})
    finished = json.loads(exported(bob, work, "json", only_finished="y"))
    assert [task["inner_id"] for task in finished] == [1, 3]


def test_nothing_is_a_file_too(world: World, bob: Person, work: Callable[[], None]) -> None:
    labelling_of(world, 0)
    assert json.loads(exported(bob, work, "json")) == []


def test_an_export_expires_with_its_file(
    labelled: Labelled, world: World, bob: Person, work: Callable[[], None], scheduler: Any
) -> None:
    exported(bob, work, "json")
    with at(now() + timedelta(days=8)):
        timers.tick(scheduler)
        work()
    enter(world.organization_id)
    assert db.session.scalars(select(LabellingExport)).all() == []
    assert bob.get(f"{EXPORTS}/1/file").status_code == 404


def test_an_export_whose_worker_died_is_made_all_the_same(
    labelled: Labelled, world: World, bob: Person, work: Callable[[], None], scheduler: Any, app: Any
) -> None:
    bob.post(EXPORTS, {"format": "json"})
    app.extensions["redis"].flushdb()
    work()
    assert bob.get(f"{EXPORTS}/1/file").status_code == 404
    with at(now() + timedelta(minutes=2)):
        timers.tick(scheduler)
        work()
    assert bob.get(f"{EXPORTS}/1/file").status_code == 200


def test_too_many_at_once_are_refused_and_one_can_be_deleted(
    labelled: Labelled, bob: Person, work: Callable[[], None]
) -> None:
    for _ in range(3):
        assert bob.post(EXPORTS, {"format": "json"}).status_code == 303
    assert bob.post(EXPORTS, {"format": "json"}).status_code == 422
    assert bob.post(f"{EXPORTS}/2/deletion").status_code == 303
    work()
    assert bob.get(f"{EXPORTS}/2/file").status_code == 404
    assert bob.get(f"{EXPORTS}/3/file").status_code == 200


@pytest.mark.parametrize(
    ("who", "status"), [("olaf", 404), ("mallory", 404), ("carol", 404), ("nora", 403), ("vic", 403)]
)
def test_others_get_no_file(
    labelled: Labelled, world: World, bob: Person, work: Callable[[], None], who: str, status: int
) -> None:
    exported(bob, work, "json")
    assert world.cast[who].get(f"{EXPORTS}/1/file").status_code == status
