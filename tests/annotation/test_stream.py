"""The stream by its rules: who is handed what, for how long, and what becomes of what is sent."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.annotation.commands.tasks import create_tasks
from app.annotation.models import Annotation, AnnotationDraft, Labelling, Sampling, SkipQueue, Task, TaskLock
from app.kernel import clock
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.annotation.labelled import LABEL, NAMES, labelling_of, mood
from tests.world import Person, World

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def opened(person: Person, path: str = LABEL) -> tuple[int, dict[str, str]]:
    """The number of the task that is shown, and the form's hidden fields."""
    html = person.get(path).text
    found = re.search(r"<h1>Task (\d+)</h1>", html)
    assert found, html[-3000:]
    names = ("token", "version", "config")
    fields = {name: match[1] for name in names if (match := re.search(rf'name="{name}" value="([^"]*)"', html))}
    return int(found[1]), fields


def send(person: Person, number: int, fields: dict[str, str], result: Any = None, **rest: Any) -> Any:
    sent = {**fields, "result": json.dumps(mood() if result is None else result), **rest}
    return person.post(f"{LABEL}/{number}", sent)


def label_next(person: Person, **rest: Any) -> int:
    number, fields = opened(person)
    assert send(person, number, fields, **rest).status_code == 303
    return number


def rows(world: World, model: Any) -> list[Any]:
    with organization(world.organization_id):
        found = list(db.session.scalars(select(model).order_by(model.id)))
        db.session.expunge_all()
        return found


class TestHandingOut:
    def test_the_same_task_until_it_is_sent(self, world: World, nora: Person) -> None:
        labelling_of(world)
        assert [opened(nora)[0], opened(nora)[0]] == [1, 1]
        assert label_next(nora) == 1
        assert opened(nora)[0] == 2

    def test_two_people_get_two_tasks_and_two_places_of_one(self, world: World, nora: Person, bob: Person) -> None:
        labelling_of(world, 2)
        assert [opened(nora)[0], opened(bob)[0]] == [1, 2]

    def test_overlap_is_for_others(self, world: World, nora: Person, bob: Person, alice: Person) -> None:
        labelling_of(world, 1, overlap=2)
        assert label_next(nora) == 1
        assert "Nothing left for you" in nora.get(LABEL).text
        assert label_next(bob) == 1
        assert "All done" in alice.get(LABEL).text

    def test_at_random_is_not_by_number_and_stays_so(self, world: World, nora: Person) -> None:
        made = labelling_of(world, 30, sampling=Sampling.UNIFORM)
        with organization(world.organization_id):
            wanted = db.session.scalars(select(Task.number).order_by(Task.shuffle)).all()
        assert wanted != sorted(wanted)
        assert [label_next(nora) for _ in made.tasks[:5]] == list(wanted[:5])

    def test_a_lock_expires_and_the_place_is_free_again(self, world: World, nora: Person, bob: Person) -> None:
        labelling_of(world, 1, lock_minutes=10)
        with clock.at(NOON):
            assert opened(nora)[0] == 1
            assert "Others are working on the last task" in bob.get(LABEL).text
        with clock.at(NOON + timedelta(minutes=11)):
            assert opened(bob)[0] == 1
            assert "Others are working" in nora.get(LABEL).text

    def test_working_holds_it_longer(self, world: World, nora: Person, bob: Person) -> None:
        labelling_of(world, 1, lock_minutes=10)
        with clock.at(NOON):
            _, fields = opened(nora)
        with clock.at(NOON + timedelta(minutes=9)):
            assert nora.post(f"{LABEL}/1/hold", {"token": fields["token"]}).headers["X-Held"] == "yes"
        with clock.at(NOON + timedelta(minutes=18)):
            assert "Others are working" in bob.get(LABEL).text


class TestSending:
    def test_twice_is_once(self, world: World, nora: Person) -> None:
        labelling_of(world)
        number, fields = opened(nora)
        assert [send(nora, number, fields).status_code for _ in range(2)] == [303, 303]
        [said] = rows(world, Annotation)
        assert (said.result, said.was_cancelled) == (mood(), False)
        assert rows(world, Task)[0].is_labeled

    def test_late_but_still_free_counts(self, world: World, nora: Person) -> None:
        labelling_of(world, 1, lock_minutes=10)
        with clock.at(NOON):
            number, fields = opened(nora)
        with clock.at(NOON + timedelta(hours=2)):
            assert send(nora, number, fields).status_code == 303
        [said] = rows(world, Annotation)
        assert not said.extra
        assert rows(world, Task)[0].is_labeled

    def test_late_and_taken_is_kept_as_an_extra(self, world: World, nora: Person, bob: Person) -> None:
        labelling_of(world, 1, lock_minutes=10)
        with clock.at(NOON):
            number, fields = opened(nora)
        with clock.at(NOON + timedelta(minutes=20)):
            label_next(bob)
            answer = send(nora, number, fields)
            assert "kept as an extra" in nora.get(answer.headers["Location"]).text
        assert [said.extra for said in rows(world, Annotation)] == [False, True]

    def test_what_does_not_fit_comes_back_with_what_was_said(self, world: World, nora: Person) -> None:
        labelling_of(world)
        number, fields = opened(nora)
        answer = send(nora, number, fields, result=[])
        assert answer.status_code == 422
        assert "needs an answer" in answer.text
        assert rows(world, Annotation) == []

    def test_without_scripts_plain_fields_do(self, world: World, nora: Person) -> None:
        labelling_of(world, config=NAMES)
        number, fields = opened(nora)
        plain = {**fields, "choice:mood": "Bad", "text:why": " Because. ", "rating:stars": "4", "result": ""}
        assert nora.post(f"{LABEL}/{number}", plain).status_code == 303
        said = {entry["from_name"]: entry["value"] for entry in rows(world, Annotation)[0].result}
        assert said == {"mood": {"choices": ["Bad"]}, "why": {"text": ["Because."]}, "stars": {"rating": 4}}

    def test_changed_questions_are_told_and_nothing_is_saved(self, world: World, nora: Person) -> None:
        labelling_of(world)
        number, fields = opened(nora)
        with organization(world.organization_id):
            db.session.execute(update(Labelling).values(config_version=2))
        answer = send(nora, number, fields)
        assert answer.status_code == 422
        assert "The questions have changed" in answer.text
        assert rows(world, Annotation) == []
        assert send(nora, number, {**fields, "config": "2"}).status_code == 303

    def test_a_task_that_was_deleted_meanwhile(self, world: World, nora: Person) -> None:
        labelling_of(world)
        number, fields = opened(nora)
        with organization(world.organization_id):
            db.session.execute(update(Task).where(Task.number == 1).values(deleted_at=NOON))
        assert send(nora, number, fields).status_code == 409
        assert opened(nora)[0] == 2

    def test_time_worked_is_no_more_than_has_passed(self, world: World, nora: Person) -> None:
        labelling_of(world)
        with clock.at(NOON):
            number, fields = opened(nora)
        with clock.at(NOON + timedelta(seconds=40)):
            send(nora, number, fields, seconds="9000")
        assert rows(world, Annotation)[0].lead_time_seconds == 40


class TestSkipping:
    @pytest.mark.parametrize(
        ("policy", "me", "others"),
        [
            (SkipQueue.FOR_OTHERS, "Nothing left for you", "Task 1"),
            (SkipQueue.IGNORE, "All done", "All done"),
            (SkipQueue.FOR_ME, "You skipped this task", "Others are working"),
        ],
    )
    def test_what_becomes_of_it(
        self, world: World, nora: Person, bob: Person, policy: SkipQueue, me: str, others: str
    ) -> None:
        labelling_of(world, 1, skip_queue=policy)
        number, fields = opened(nora)
        assert nora.post(f"{LABEL}/{number}/skip", {**fields, "reason": "In Danish"}).status_code == 303
        assert me in nora.get(LABEL).text
        assert others in bob.get(LABEL).text
        [said] = rows(world, Annotation)
        assert (said.was_cancelled, said.reason) == (True, "In Danish")

    def test_coming_back_to_it(self, world: World, nora: Person) -> None:
        labelling_of(world, 2)
        number, fields = opened(nora)
        nora.post(f"{LABEL}/{number}/skip", fields)
        assert f"{LABEL}/1" in nora.get(f"{LABEL}/skipped").text
        number, fields = opened(nora, f"{LABEL}/1")
        assert send(nora, number, fields).status_code == 303
        [said] = rows(world, Annotation)
        task = rows(world, Task)[0]
        assert not said.was_cancelled
        assert said.result == mood()
        assert (task.total_annotations, task.cancelled_annotations, task.is_labeled) == (1, 0, True)


class TestHistory:
    def test_going_back_and_saying_something_else(self, world: World, nora: Person) -> None:
        labelling_of(world)
        label_next(nora)
        number, fields = opened(nora, f"{LABEL}/1")
        assert send(nora, number, fields, result=mood("Bad")).status_code == 303
        [said] = rows(world, Annotation)
        assert (said.result, said.version) == (mood("Bad"), 2)
        stale = send(nora, number, fields, result=mood("Good"))
        assert stale.status_code == 422
        assert "was changed while you were writing" in stale.text


class TestDrafts:
    def test_kept_shown_and_forgotten(self, world: World, nora: Person) -> None:
        labelling_of(world, config=NAMES)
        number, fields = opened(nora)
        half = [{"id": "a", "from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": 3}}]
        kept = nora.post(f"{LABEL}/{number}/draft", {**fields, "result": json.dumps(half)})
        assert (kept.status_code, kept.headers["X-Held"]) == (204, "yes")
        assert 'value="3" checked' in nora.get(LABEL).text
        send(nora, number, fields)
        assert rows(world, AnnotationDraft) == []

    def test_a_late_draft_does_not_come_back_to_life(self, world: World, nora: Person) -> None:
        labelling_of(world)
        number, fields = opened(nora)
        send(nora, number, fields)
        kept = nora.post(f"{LABEL}/{number}/draft", {**fields, "result": json.dumps(mood())})
        assert kept.status_code == 204
        assert rows(world, AnnotationDraft) == []


class TestAttacks:
    def test_a_task_that_was_not_handed_out(self, world: World, nora: Person, bob: Person) -> None:
        labelling_of(world)
        _, hers = opened(nora)
        number, his = opened(bob)
        assert send(bob, 1, {**his, "token": hers["token"]}).status_code == 404
        assert send(bob, number, {**his, "token": "x" * 43}).status_code == 403
        assert send(nora, 3, hers).status_code == 404
        assert rows(world, Annotation) == []

    def test_nobody_elses_annotation_is_changed_through_the_stream(
        self, world: World, nora: Person, bob: Person
    ) -> None:
        labelling_of(world)
        label_next(nora)
        assert send(bob, 1, {"version": "1", "config": "1"}, result=mood("Bad")).status_code == 404
        assert rows(world, Annotation)[0].result == mood()

    @pytest.mark.parametrize(
        "result",
        [
            "{",
            '{"id": 1}',
            "[[]]",
            "[" * 100_000,
            json.dumps([{**mood()[0], "value": {"choices": ["<script>"]}}]),
            json.dumps([{**mood()[0], "from_name": "other"}]),
            json.dumps(mood() * 3000),
        ],
        ids=["broken", "object", "lists", "deep", "unknown", "control", "long"],
    )
    def test_forged_results(self, world: World, nora: Person, result: str) -> None:
        labelling_of(world)
        number, fields = opened(nora)
        for path in (f"{LABEL}/{number}", f"{LABEL}/{number}/draft"):
            assert nora.post(path, {**fields, "result": result}).status_code == 422
        assert rows(world, Annotation) == []
        assert rows(world, AnnotationDraft) == []

    def test_markup_is_text(self, world: World, nora: Person, alice: Person) -> None:
        evil = '<img src=x onerror="alert(1)">'
        config = (
            '<View><Text name="text" value="$text"/><Choices name="mood" toName="text">'
            f'<Choice value="{evil.replace("<", "&lt;").replace(chr(34), "&quot;")}"/></Choices></View>'
        )
        labelling_of(world, config=config, texts=[evil])
        html = nora.get(LABEL).text
        assert "<img" not in html
        assert "&lt;img src=x" in html
        label_next(nora, result=mood(evil))
        assert "<img" not in alice.get("/acme/projects/WEB/labelling/tasks/1").text

    def test_strangers_customers_and_viewers_get_nothing(self, world: World) -> None:
        labelling_of(world)
        got = {name: world.cast[name].get(LABEL).status_code for name in ("vic", "olaf", "carol", "mallory")}
        assert got == {"vic": 403, "olaf": 404, "carol": 404, "mallory": 404}
        assert rows(world, TaskLock) == []

    def test_an_annotator_sees_no_task_but_her_own(self, world: World, nora: Person, bob: Person) -> None:
        labelling_of(world)
        label_next(bob)
        assert nora.get(f"{LABEL}/1").status_code == 404
        assert nora.get("/acme/projects/WEB/labelling/tasks").status_code == 403
        assert nora.get("/acme/projects/WEB/labelling/tasks/1").status_code == 404


def test_the_next_task_costs_the_same_statements_for_ten_and_a_thousand(
    world: World, nora: Person, statements: Any
) -> None:
    seen = {}
    for count in (10, 990):
        if count == 10:
            made = labelling_of(world, count)
        else:
            with organization(world.organization_id):
                labelling = db.session.scalars(select(Labelling).where(Labelling.id == made.id)).one()
                create_tasks(labelling, [{"text": f"More {n}"} for n in range(count)], by=world.cast["alice"].member)
        with organization(world.organization_id):
            total = db.session.scalar(select(func.count()).select_from(Task))
        label_next(nora)
        with statements() as sent:
            assert nora.get(LABEL).status_code == 200
        seen[total] = len(sent)
    assert len(set(seen.values())) == 1, seen
