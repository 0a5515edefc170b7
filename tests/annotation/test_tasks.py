"""The list of tasks: what it shows to whom, what narrows it, and what is done to many."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.annotation.commands.tasks import create_tasks
from app.annotation.models import Annotation, Labelling, Task
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.annotation.labelled import LABEL, TASKS, labelling_of, mood
from tests.annotation.test_stream import label_next, opened, rows
from tests.world import Person, World


def numbers(person: Person, query: str = "") -> list[int]:
    return [int(number) for number in re.findall(r'data-label="Task (\d+)"', person.get(f"{TASKS}?{query}").text)]


def test_what_narrows_it(world: World, alice: Person, nora: Person, bob: Person) -> None:
    labelling_of(world, 5, texts=["Red", "Green", "Blue", "A red one", "50% off"])
    label_next(nora)
    label_next(bob, result=mood("Bad"))
    number, fields = opened(nora)
    nora.post(f"{LABEL}/{number}/skip", fields)
    assert numbers(alice) == [1, 2, 3, 4, 5]
    assert numbers(alice, "status=done") == [1, 2]
    assert numbers(alice, "status=open") == [3, 4, 5]
    assert numbers(alice, "status=skipped") == [3]
    assert numbers(alice, f"annotator={nora.member_id}") == [1]
    assert numbers(alice, "value=mood%3DBad") == [2]
    assert numbers(alice, "q=red") == [1, 4]
    assert numbers(alice, "q=%25") == [5]
    assert "Left out" in alice.get(f"{TASKS}?value=mood%3DNone").text


def test_deleting_many_and_taking_it_back(world: World, alice: Person, nora: Person) -> None:
    made = labelling_of(world, 4)
    answer = alice.post(f"{TASKS}/deletion", {"ids": made.tasks[:2]}, htmx=True)
    assert "2 tasks deleted" in answer.text
    assert numbers(alice) == [3, 4]
    assert numbers(alice, "status=deleted") == [1, 2]
    assert opened(nora)[0] == 3
    undo = re.search(r'hx-post="([^"]*restoration[^"]*)"', answer.text)
    assert undo
    assert alice.post(undo[1].replace("&amp;", "&"), htmx=True).status_code == 200
    assert numbers(alice) == [1, 2, 3, 4]


def test_a_task_shows_what_everybody_said(world: World, alice: Person, nora: Person, bob: Person) -> None:
    labelling_of(world, 1, overlap=2)
    label_next(nora)
    label_next(bob, result=mood("Bad"))
    html = alice.get(f"{TASKS}/1").text
    assert html.count('<section id="annotation-') == 2
    assert "Nora" in html
    assert "Bob" in html
    assert 'value="Bad" checked' in html
    assert 'name="choice:' not in html  # radios of one name would be one question for both
    peek = alice.get(f"{TASKS}/1?peek", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert peek.count('<section id="annotation-') == 2


def test_reviewers_delete_and_bring_back(world: World, alice: Person, nora: Person) -> None:
    labelling_of(world, 1)
    label_next(nora)
    [said] = rows(world, Annotation)
    at = f"{TASKS}/1/annotations/{said.id}"
    assert alice.post(f"{at}/truth").status_code == 303
    assert "Ground truth" in alice.get(f"{TASKS}/1").text
    alice.post(f"{at}/deletion")
    assert (rows(world, Task)[0].total_annotations, rows(world, Task)[0].is_labeled) == (0, False)
    assert opened(nora)[0] == 1  # her place is free again
    alice.post(f"{at}/restoration")
    assert (rows(world, Task)[0].total_annotations, rows(world, Task)[0].is_labeled) == (1, True)
    assert nora.post(f"{at}/deletion").status_code == 404


def test_it_is_talked_about_and_told(world: World, alice: Person, nora: Person) -> None:
    made = labelling_of(world, 1)
    label_next(nora)
    alice.post(f"/acme/task/{made.tasks[0]}/comments", {"body": "Is this right?"})
    html = alice.get(f"{TASKS}/1").text
    assert "Is this right?" in html
    assert "labelled" in html


@pytest.mark.parametrize("path", ["", "/rows", "/filters"])
def test_ten_tasks_and_a_thousand_cost_the_same_statements(
    world: World, alice: Person, statements: Any, path: str
) -> None:
    labelling_of(world, 10)
    alice.get(f"{TASKS}{path}")  # what is remembered of the organization is asked for once
    counts = []
    for more in (0, 990):
        with organization(world.organization_id):
            labelling = db.session.scalars(select(Labelling)).one()
            create_tasks(labelling, [{"text": f"More {n}"} for n in range(more)], by=world.cast["alice"].member)
        with statements() as sent:
            assert alice.get(f"{TASKS}{path}").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
