"""What tasks count about themselves is what stands about them, whatever was done in whatever order."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.annotation.commands.annotations import delete_annotation, restore_annotation, revise_annotation
from app.annotation.commands.labellings import create_labelling
from app.annotation.commands.stream import save_draft, skip_task, submit_annotation, take_next
from app.annotation.commands.tasks import create_tasks, delete_tasks, recount_tasks, restore_tasks
from app.annotation.config import parse
from app.annotation.models import Annotation, Labelling, SkipQueue, Task
from app.documents.commands import StaleEdit
from app.kernel.database import db
from app.kernel.errors import Refused
from app.kernel.tenancy import organization
from app.organizations.models import Member
from app.projects.commands.projects import create_project
from tests.annotation.labelled import MOOD, mood
from tests.world import World

MOVES = ("submit", "submit", "submit", "skip", "draft", "revise", "delete", "restore", "bin", "unbin", "recount")
TASKS = 3


class Sitting:
    """One labelling and three people, none of whom looks at a counter."""

    def __init__(self, labelling: Labelling, people: list[Member]) -> None:
        self.labelling, self.people, self.config = labelling, people, parse(MOOD)

    def do(self, move: str, who: int, which: int) -> None:
        by, task = self.people[who], self.tasks()[which]
        if move in ("submit", "skip", "draft"):
            handed = take_next(self.labelling, by=by)
            if handed is not None:
                self._answer(move, handed.task, handed.lock.token, by)
        elif move == "bin":
            delete_tasks([task], by=by)
        elif move == "unbin":
            restore_tasks([task], by=by)
        elif move == "recount":
            recount_tasks(self.labelling)
        elif annotations := self._about(task):
            self._change(move, annotations[who % len(annotations)], task, by)

    def tasks(self) -> list[Task]:
        mine = select(Task).where(Task.labelling_id == self.labelling.id).order_by(Task.number)
        return list(db.session.scalars(mine, execution_options={"populate_existing": True}))

    def _about(self, task: Task) -> list[Annotation]:
        return list(db.session.scalars(select(Annotation).where(Annotation.task_id == task.id).order_by(Annotation.id)))

    def _answer(self, move: str, task: Task, token: str, by: Member) -> None:
        if move == "skip":
            skip_task(task, self.labelling, by=by, token=token)
        elif move == "draft":
            save_draft(task, self.labelling, mood(), by=by, token=token)
        else:
            seen = self.labelling.config_version
            submit_annotation(task, self.labelling, self.config, mood(), by=by, token=token, seen_config=seen)

    def _change(self, move: str, annotation: Annotation, task: Task, by: Member) -> None:
        if move == "revise":
            seen, said = annotation.version, mood("Bad")
            revise_annotation(annotation, task, self.labelling, self.config, said, by=by, seen=seen)
        else:
            {"delete": delete_annotation, "restore": restore_annotation}[move](annotation, task, self.labelling, by=by)

    def counted(self) -> list[tuple[int, int, bool]]:
        db.session.flush()
        return [(task.total_annotations, task.cancelled_annotations, task.is_labeled) for task in self.tasks()]

    def recounted(self) -> list[tuple[int, int, bool]]:
        """From the annotations alone."""
        found = []
        for task in self.tasks():
            stands: Any = (Annotation.task_id == task.id, Annotation.deleted_at.is_(None))
            total, cancelled = (
                db.session.scalars(select(func.count()).where(*stands, Annotation.was_cancelled.is_(skipped))).one()
                for skipped in (False, True)
            )
            ignored = cancelled if self.labelling.skip_queue is SkipQueue.IGNORE else 0
            found.append((total, cancelled, total + ignored >= task.overlap))
        return found


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(MOVES), st.integers(0, 2), st.integers(0, TASKS - 1)), min_size=12, max_size=30
    ),
    skips=st.sampled_from(SkipQueue),
    overlap=st.integers(1, 2),
)
def test_counters_equal_what_stands(
    world: World, moves: list[tuple[str, int, int]], skips: SkipQueue, overlap: int
) -> None:
    with organization(world.organization_id):
        people = [world.cast[name].member for name in ("nora", "bob", "alice")]
        labelling = create_labelling(create_project("Counted", "CNT", by=people[2]), MOOD, by=people[2])
        labelling.skip_queue, labelling.overlap = skips, overlap
        create_tasks(labelling, [{"text": f"Text {number}"} for number in range(TASKS)], by=people[2])
        db.session.flush()
        sitting = Sitting(labelling, people)
        for move in moves:
            try:
                with db.session.begin_nested():
                    sitting.do(*move)
            except (Refused, StaleEdit):
                db.session.expire_all()
            assert sitting.counted() == sitting.recounted(), move
        db.session.rollback()
