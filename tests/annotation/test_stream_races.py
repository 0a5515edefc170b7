"""Many people in one stream at once, on real connections: no place is given twice, and nothing is left over."""

from __future__ import annotations

from collections import Counter
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from app.annotation.commands.stream import submit_annotation, take_next
from app.annotation.config import parse
from app.annotation.models import Annotation, Labelling, Sampling, Task
from app.kernel.access import Role
from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.models import Kind, Member
from tests.annotation.labelled import MOOD, Labelled, labelling_of, mood
from tests.world import World


def crew(world: World, count: int) -> list[int]:
    with world.app.app_context(), organization(world.organization_id):
        people = [Member(name=f"Annotator {n}", role=Role.MEMBER, kind=Kind.PERSON) for n in range(count)]
        db.session.add_all(people)
        db.session.flush()
        return [person.id for person in people]


def label_all(world: World, made: Labelled, people: list[int], seen: list[tuple[int, int]]) -> list[Exception]:
    """Each of these people labels, in a thread of their own, until nothing is left for them."""
    start, failed = Barrier(len(people)), []
    config = parse(MOOD)

    def work(who: int) -> None:
        try:
            with world.app.app_context():
                start.wait()
                while True:
                    with organization(world.organization_id):
                        handed = take_next(_labelling(made), by=_member(who))
                        if handed is None:
                            return
                        number, token = handed.task.id, handed.lock.token
                        seen.append((who, number))
                    with organization(world.organization_id):
                        task = db.session.scalars(select(Task).where(Task.id == number)).one()
                        submit_annotation(
                            task, _labelling(made), config, mood(), by=_member(who), token=token, seen_config=1
                        )
        except Exception as error:  # noqa: BLE001 - told by the test, in its own thread
            failed.append(error)
        finally:
            with world.app.app_context():
                db.session.remove()

    threads = [Thread(target=work, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def _labelling(made: Labelled) -> Labelling:
    return db.session.scalars(select(Labelling).where(Labelling.id == made.id)).one()


def _member(who: int) -> Member:
    return db.session.scalars(select(Member).where(Member.id == who)).one()


@pytest.mark.parametrize(
    ("count", "overlap", "sampling"),
    [(500, 1, Sampling.SEQUENTIAL), (60, 1, Sampling.UNIFORM), (60, 2, Sampling.SEQUENTIAL)],
)
def test_eight_people_share_a_stream(world: World, count: int, overlap: int, sampling: Sampling) -> None:
    made = labelling_of(world, count, overlap=overlap, sampling=sampling)
    people = crew(world, 8)
    seen: list[tuple[int, int]] = []

    assert label_all(world, made, people, seen) == []

    assert Counter(Counter(task for _, task in seen).values()) == {overlap: len(made.tasks)}
    with organization(world.organization_id):
        rows = db.session.execute(select(Annotation.task_id, Annotation.member_id, Annotation.extra)).all()
        tasks = db.session.scalars(select(Task).order_by(Task.id)).all()
    assert len(rows) == overlap * len(made.tasks)
    assert len({(row.task_id, row.member_id) for row in rows}) == len(rows)
    assert not any(row.extra for row in rows)
    assert all(task.is_labeled and task.total_annotations == overlap for task in tasks)
