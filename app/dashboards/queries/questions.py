"""Finding questions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.dashboards.models import Question
from app.dashboards.policies import P, questions_visible_to
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member

#: Questions of a list on one page.
LIST = 60


def question_by_number(member: Member, number: int) -> Question:
    """A question with its source and whoever made it. One statement; NotFound when it is not the member's to see."""
    wanted = select(Question).where(questions_visible_to(member), Question.number == number)
    found = db.session.scalar(wanted.options(joinedload(Question.source), joinedload(Question.created_by)))
    if found is None:
        raise NotFound
    return found


def deleted_question(member: Member, number: int) -> Question:
    """A question in the bin. NotFound for whoever may not put things there."""
    found = db.session.scalar(select(Question).where(Question.deleted_at.is_not(None), Question.number == number))
    if found is None or not member.may(P.EDIT_QUESTIONS):
        raise NotFound
    return found


def list_of_questions(member: Member, *, after: str = "", after_id: int = 0) -> Sequence[Question]:
    """Sixty questions by name, and one that tells whether there are more. One statement."""
    wanted = select(Question).where(questions_visible_to(member))
    wanted = wanted.options(joinedload(Question.source), joinedload(Question.created_by))
    if after_id:
        wanted = wanted.where((Question.name > after) | ((Question.name == after) & (Question.id > after_id)))
    return db.session.scalars(wanted.order_by(Question.name, Question.id).limit(LIST + 1)).all()


def deleted_questions(member: Member) -> Sequence[Question]:
    """What is in the bin, for those who may restore it. One statement."""
    if not member.may(P.EDIT_QUESTIONS):
        return ()
    wanted = select(Question).where(Question.deleted_at.is_not(None)).order_by(Question.deleted_at.desc(), Question.id)
    return db.session.scalars(wanted.limit(50)).all()
