"""Finding sources, their files and what was wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.dashboards.models import Question, Source, SourceFile, SourceProblem
from app.dashboards.models.sources import Stage
from app.dashboards.policies import P, questions_visible_to, sources_visible_to
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member

#: Sources of a list, and problems of a file, on one page.
LIST, PAGE = 60, 100


def source_by_number(member: Member, number: int) -> Source:
    """A source with whoever brought it in. One statement; NotFound when it is not the member's to see."""
    wanted = select(Source).where(sources_visible_to(member), Source.number == number)
    found = db.session.scalar(wanted.options(joinedload(Source.created_by)))
    if found is None:
        raise NotFound
    return found


def deleted_source(member: Member, number: int) -> Source:
    """A source in the bin. NotFound for whoever may not put things there."""
    found = db.session.scalar(select(Source).where(Source.deleted_at.is_not(None), Source.number == number))
    if found is None or not member.may(P.EDIT_SOURCES):
        raise NotFound
    return found


def file_by_number(member: Member, number: int, file_number: int) -> SourceFile:
    """One file of a source. One statement; NotFound when the source is not the member's to see."""
    found = db.session.scalar(
        select(SourceFile)
        .join(SourceFile.source)
        .where(sources_visible_to(member), Source.number == number, SourceFile.number == file_number)
        .options(joinedload(SourceFile.source), joinedload(SourceFile.created_by))
    )
    if found is None:
        raise NotFound
    return found


def list_of_sources(member: Member, *, after: str = "", after_id: int = 0) -> Sequence[Source]:
    """Sixty sources by name, and one that tells whether there are more. One statement."""
    wanted = select(Source).where(sources_visible_to(member)).options(joinedload(Source.created_by))
    if after_id:
        wanted = wanted.where((Source.name > after) | ((Source.name == after) & (Source.id > after_id)))
    return db.session.scalars(wanted.order_by(Source.name, Source.id).limit(LIST + 1)).all()


def deleted_sources(member: Member) -> Sequence[Source]:
    """What is in the bin, for those who may restore it. One statement."""
    if not member.may(P.EDIT_SOURCES):
        return ()
    wanted = select(Source).where(Source.deleted_at.is_not(None)).order_by(Source.deleted_at.desc(), Source.id)
    return db.session.scalars(wanted.limit(50)).all()


def loading(member: Member) -> set[int]:
    """The ids of sources into which something is being loaded right now."""
    wanted = select(SourceFile.source_id).join(SourceFile.source)
    return set(db.session.scalars(wanted.where(sources_visible_to(member), SourceFile.stage == Stage.LOADING)))


def files_of(source: Source) -> Sequence[SourceFile]:
    """The last thirty files of a source, newest first. One statement."""
    wanted = select(SourceFile).where(SourceFile.source_id == source.id).options(joinedload(SourceFile.created_by))
    return db.session.scalars(wanted.order_by(SourceFile.number.desc()).limit(30)).all()


def questions_to(source: Source, member: Member) -> Sequence[Question]:
    """Questions that are asked of a source, by name."""
    wanted = select(Question).where(questions_visible_to(member), Question.source_id == source.id)
    return db.session.scalars(wanted.order_by(Question.name, Question.id).limit(50)).all()


def problems_of(upload: SourceFile, *, after: int = 0) -> Sequence[SourceProblem]:
    """The next hundred rows that were left out, and one more that tells whether there are others. By line."""
    wanted = select(SourceProblem).where(SourceProblem.source_file_id == upload.id, SourceProblem.line > after)
    return db.session.scalars(wanted.order_by(SourceProblem.line, SourceProblem.id).limit(PAGE + 1)).all()


def all_problems(upload: SourceFile) -> Iterator[SourceProblem]:
    """Every row that was left out and is listed, a thousand at a time."""
    after = 0
    while True:
        wanted = select(SourceProblem).where(SourceProblem.source_file_id == upload.id, SourceProblem.line > after)
        rows = db.session.scalars(wanted.order_by(SourceProblem.line, SourceProblem.id).limit(1000)).all()
        yield from rows
        if len(rows) < 1000:
            return
        after = rows[-1].line
