"""What is done to questions: kept, changed, copied, deleted, restored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app.dashboards import events
from app.dashboards.asks import Ask
from app.dashboards.models import Question
from app.inbox.commands import watch
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.ledger import change
from app.kernel.numbers import next_numbers
from app.kernel.words import gettext as _
from app.organizations.models import Member

#: Questions an organization may keep.
MOST = 2000


class StaleQuestion(Refused):
    """Somebody else changed the question meanwhile."""


def create_question(
    name: str, ask: Ask, *, description: str = "", chart: dict[str, Any] | None = None, by: Member
) -> Question:
    """Keep an ask under a name. Raises Invalid when there are too many."""
    held = db.session.scalar(select(func.count()).select_from(Question).where(Question.deleted_at.is_(None))) or 0
    if held >= MOST:
        raise Invalid(
            _("There are %(most)s questions already. Delete some that nobody asks any more.", most=f"{MOST:,}")
        )
    question = Question(
        number=next_numbers("question")[0],
        name=name,
        description=description,
        ask=ask.as_json(),
        chart=chart or {},
        source_id=ask.source,
        dataset=ask.dataset,
        created_by=by,
    )
    db.session.add(question)
    ledger.record_created(events.QUESTION_CREATED, [question], by=by)
    watch([question], [by])
    live.touch("questions")
    return question


def edit_question(
    question: Question,
    *,
    version: int,
    name: str | None = None,
    description: str | None = None,
    ask: Ask | None = None,
    chart: dict[str, Any] | None = None,
    by: Actor,
) -> None:
    """Change what is given. Raises StaleQuestion when `version` is not the present one."""
    db.session.scalar(
        select(Question).where(Question.id == question.id).with_for_update(of=Question),
        execution_options={"populate_existing": True},
    )
    if question.version != version:
        raise StaleQuestion("Somebody changed this question meanwhile. Open it again, then save yours once more.")
    with change(question, event=events.QUESTION_EDITED, by=by):
        if name is not None:
            question.name = name
        if description is not None:
            question.description = description
        if ask is not None:
            question.ask, question.source_id, question.dataset = ask.as_json(), ask.source, ask.dataset
        if chart is not None:
            question.chart = chart
        question.version += 1
    live.touch(f"question-{question.id}", "questions")


def copy_question(question: Question, *, by: Member) -> Question:
    """The same question once more, under a name of its own."""
    name = f"{question.name[:110]} (copy)"
    return create_question(
        name, Ask.from_json(question.ask), description=question.description, chart=question.chart, by=by
    )


def delete_questions(questions: Sequence[Question], *, by: Actor) -> None:
    """Put questions into the bin. Widgets that show them say so until they are restored."""
    at = now()
    with change(*questions, event=events.QUESTION_DELETED, by=by):
        for question in questions:
            question.deleted_at = question.deleted_at or at
    live.touch("questions", *(f"question-{question.id}" for question in questions))


def restore_questions(questions: Sequence[Question], *, by: Actor) -> None:
    with change(*questions, event=events.QUESTION_RESTORED, by=by):
        for question in questions:
            question.deleted_at = None
    live.touch("questions", *(f"question-{question.id}" for question in questions))
