"""Labelling projects are made, configured and looked over; nobody reaches another's."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.annotation.commands.labellings import edit_labelling
from app.annotation.commands.tasks import create_tasks, recount_tasks
from app.annotation.config.templates import ENTITIES, SENTIMENT
from app.annotation.models import Annotation, Labelling, LabellingConfig, SkipQueue, Task
from app.kernel.database import db
from app.kernel.ledger import Activity
from app.kernel.tenancy import enter
from app.projects.models import Project
from tests.annotation.labelled import MOOD, Labelled, labelling_of, mood
from tests.world import Person, World

HERE = "/acme/projects/WEB/labelling"


def labelling(world: World) -> Labelling:
    enter(world.organization_id)
    return db.session.scalars(select(Labelling), execution_options={"populate_existing": True}).one()


def say(world: World, made: Labelled, place: int, who: str, result: list[dict[str, Any]], **more: Any) -> None:
    """An annotation, as the stream would keep it."""
    enter(world.organization_id)
    about = {"labelling_id": made.id, "task_id": made.tasks[place], "member_id": world.cast[who].member_id}
    values = about | {"organization_id": world.organization_id, "result": result, "config_version": 1} | more
    db.session.execute(insert(Annotation).values(values))
    recount_tasks(db.session.scalars(select(Labelling).where(Labelling.id == made.id)).one())
    db.session.commit()
    db.session.expunge_all()


def test_a_labelling_is_made_beside_a_new_project_and_beside_one_that_exists(world: World, bob: Person) -> None:
    assert "New labelling project" in bob.get("/acme/labelling/new").text
    answer = bob.post(
        "/acme/labelling", {"project": "", "name": "Mail moods", "identifier": "mood", "template": "sentiment"}
    )
    assert answer.status_code == 303
    assert answer.location == "/acme/projects/MOOD/labelling/imports/new"
    assert bob.post("/acme/labelling", {"project": "WEB", "template": "entities"}).status_code == 303
    enter(world.organization_id)
    found = db.session.execute(
        select(Project.identifier, Labelling.config).join(Labelling.project).order_by(Labelling.id)
    )
    assert [tuple(row) for row in found] == [("MOOD", SENTIMENT.xml), ("WEB", ENTITIES.xml)]
    listed = bob.get("/acme/labelling").text
    assert "Mail moods" in listed
    assert "No tasks yet" in listed
    assert db.session.scalars(select(LabellingConfig.number).order_by(LabellingConfig.id)).all() == [1, 1]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"project": "", "name": "", "identifier": "X", "template": "sentiment"}, "A project needs a name."),
        ({"project": "", "name": "A", "identifier": "1x", "template": "sentiment"}, "Up to ten letters and digits"),
        (
            {"project": "", "name": "A", "identifier": "WEB", "template": "sentiment"},
            "Another project already uses WEB.",
        ),
        ({"project": "", "name": "A", "identifier": "AB", "template": "nonsense"}, "Not a valid choice"),
        ({"project": "SECRET", "template": "sentiment"}, "Not a valid choice"),
    ],
)
def test_a_new_labelling_that_cannot_be_is_refused_whole(
    world: World, bob: Person, sent: dict[str, str], says: str
) -> None:
    answer = bob.post("/acme/labelling", sent)
    assert answer.status_code == 422
    assert says in answer.text
    enter(world.organization_id)
    assert db.session.scalars(select(Labelling)).all() == []
    assert db.session.scalar(select(Project).where(Project.name == "A")) is None


def test_there_is_one_labelling_a_project_and_a_deleted_one_comes_back(world: World, bob: Person) -> None:
    labelling_of(world, 2)
    assert bob.post("/acme/labelling", {"project": "WEB", "template": "sentiment"}).status_code == 422
    assert bob.post(f"{HERE}/deletion").status_code == 303
    assert bob.get(f"{HERE}/settings").status_code == 404
    page = bob.get(HERE).text
    assert "was deleted" in page
    assert bob.post(f"{HERE}/restoration").status_code == 303
    assert "0 of 2" in bob.get("/acme/labelling").text


def test_a_project_without_labelling_says_so(world: World, bob: Person, nora: Person) -> None:
    assert "Set up labelling" in bob.get(HERE).text
    assert "Set up labelling" not in nora.get(HERE).text


def test_settings_are_saved_and_a_new_overlap_reopens_tasks(world: World, bob: Person) -> None:
    made = labelling_of(world, 2)
    say(world, made, 0, "nora", mood())
    form = {"overlap": "2", "sampling": "uniform", "skip_queue": "ignore", "show_skip": "y", "lock_minutes": "5"}
    assert bob.post(f"{HERE}/settings", form).status_code == 303
    found = labelling(world)
    assert (found.overlap, found.sampling, found.skip_queue, found.lock_minutes) == (2, "uniform", SkipQueue.IGNORE, 5)
    assert not found.allow_empty
    assert [task.is_labeled for task in db.session.scalars(select(Task).order_by(Task.number))] == [False, False]
    assert "From 1 to 20." in bob.post(f"{HERE}/settings", form | {"overlap": "99"}).text


def test_a_skip_counts_when_skips_do(world: World, bob: Person) -> None:
    made = labelling_of(world, 1)
    say(world, made, 0, "nora", [], was_cancelled=True)
    edit_labelling(labelling(world), by=bob.member, skip_queue=SkipQueue.IGNORE)
    db.session.commit()
    assert db.session.scalars(select(Task.is_labeled), execution_options={"populate_existing": True}).all() == [True]


def test_instructions_are_markdown_and_sanitised(world: World, bob: Person, nora: Person) -> None:
    labelling_of(world, 1)
    sent = {"body": "**Whole** names only.\n\n<script>alert(1)</script>", "show_instruction": "y"}
    assert bob.post(f"{HERE}/instructions", sent).status_code == 303
    page = nora.get(HERE).text
    assert "<strong>Whole</strong> names only." in page
    assert "<script>alert" not in page
    assert labelling(world).show_instruction


def test_a_configuration_is_checked_while_it_is_written(world: World, bob: Person) -> None:
    labelling_of(world, 1)
    broken = MOOD.replace("$text", "$body")
    page = bob.post(f"{HERE}/configuration/check", {"config": broken}, htmx=True).text
    assert 'data-code-problem="2"' in page
    assert "The data has no “body”. It has $text." in page
    fine = bob.post(f"{HERE}/configuration/check", {"config": MOOD}, htmx=True).text
    assert "Nothing is wrong with it." in fine
    assert "Text 1" in fine
    saved = bob.post(f"{HERE}/configuration", {"config": broken, "version": "1"})
    assert saved.status_code == 422
    assert labelling(world).config == MOOD


def test_script_in_a_configuration_stays_text(world: World, bob: Person) -> None:
    labelling_of(world, 1)
    evil = MOOD.replace('value="Good"', 'value="&lt;script&gt;alert(1)&lt;/script&gt;" hint="&quot; onclick=&quot;x"')
    page = bob.post(f"{HERE}/configuration/check", {"config": evil}, htmx=True).text
    assert "<script>alert" not in page
    assert 'onclick="x"' not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_configuration_is_saved_as_a_version(world: World, bob: Person) -> None:
    labelling_of(world, 1)
    wider = MOOD.replace('<Choice value="Bad"/>', '<Choice value="Bad"/><Choice value="Mixed"/>')
    assert bob.post(f"{HERE}/configuration", {"config": wider, "version": "1"}).status_code == 303
    assert labelling(world).config_version == 2
    verbs = db.session.scalars(select(Activity.verb).order_by(Activity.id)).all()
    assert verbs[-1] == "labelling.configured"
    late = bob.post(f"{HERE}/configuration", {"config": MOOD, "version": "1"})
    assert late.status_code == 422
    assert "Somebody else has changed it meanwhile." in late.text


def test_annotations_are_not_orphaned_unasked(world: World, bob: Person) -> None:
    made = labelling_of(world, 3)
    say(world, made, 0, "nora", mood("Bad"))
    say(world, made, 1, "nora", mood("Bad"))
    say(world, made, 2, "nora", mood("Good"))
    narrow = MOOD.replace('<Choice value="Bad"/>', "")
    asked = bob.post(f"{HERE}/configuration", {"config": narrow, "version": "1"})
    assert asked.status_code == 422
    assert "“Bad” of “mood” is gone: 2 annotations" in asked.text
    assert labelling(world).config == MOOD
    guessed = bob.post(f"{HERE}/configuration", {"config": narrow, "version": "1", "accept": "1"})
    assert guessed.status_code == 422
    assert bob.post(f"{HERE}/configuration", {"config": narrow, "version": "1", "accept": "2"}).status_code == 303
    assert labelling(world).config == narrow


def test_the_overview_shows_how_far_it_is_and_annotators_only_themselves(
    world: World, bob: Person, nora: Person
) -> None:
    made = labelling_of(world, 4)
    say(world, made, 0, "nora", mood(), lead_time_seconds=8)
    say(world, made, 1, "bob", mood())
    page = bob.get(HERE).text
    assert "50% labelled" in page
    assert re.findall(r"(\d+) labelled<", page) == ["1", "1"]
    mine = nora.get(HERE).text
    assert "Your work" in mine
    assert "Bob" not in mine.split('id="people"')[1]


@pytest.mark.parametrize(
    "path", ["/settings", "/configuration", "/instructions", "/imports", "/imports/new", "/exports"]
)
def test_annotators_shape_nothing_and_strangers_see_nothing(world: World, path: str) -> None:
    labelling_of(world, 1)
    statuses = {
        who: world.cast[who].get(HERE + path).status_code for who in ("bob", "nora", "olaf", "carol", "mallory")
    }
    assert statuses == {"bob": 200, "nora": 403, "olaf": 404, "carol": 404, "mallory": 404}


def test_lists_take_the_same_number_of_statements_for_few_and_many(
    world: World, alice: Person, statements: Any
) -> None:
    made = labelling_of(world, 3)
    say(world, made, 0, "nora", mood())
    counts, addresses = [], ("/acme/labelling", HERE)
    for address in addresses:
        alice.get(address)  # the sidebar lists what was visited
    for _ in range(2):
        for address in addresses:
            with statements() as seen:
                assert alice.get(address).status_code == 200
            counts.append(len(seen))
        enter(world.organization_id)
        found = labelling(world)
        create_tasks(found, [{"text": f"more {number}"} for number in range(1000)], by=alice.member, import_id=1)
        db.session.commit()
        db.session.expunge_all()
    assert counts[:2] == counts[2:]


def test_the_check_takes_no_more_than_a_form(world: World, bob: Person) -> None:
    labelling_of(world, 1)
    page = bob.post(f"{HERE}/configuration/check", {"config": "<View>" * 20_000}, htmx=True)
    assert page.status_code == 200
    assert "at most 100,000 fit" in page.text
    assert bob.post(f"{HERE}/configuration/check", {"config": json.dumps(["x"] * 2_000_000)}).status_code == 413
