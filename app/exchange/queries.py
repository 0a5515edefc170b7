"""Finding imports and their reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from app.boards.models import Issue
from app.exchange.mapping import caseless
from app.exchange.models import Import, ImportRow, Status
from app.exchange.policies import visible_to
from app.exchange.rows import Vocabulary
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member
from app.projects.models import Project
from app.projects.queries import labels_of, people_of, states_of

#: Rows of a report, and imports of a list, on one page.
PAGE = 100
LIST = 30


def import_by_number(member: Member, identifier: str, number: int) -> Import:
    """An import with its project and importer. One statement; NotFound when it is not the member's to see."""
    found = db.session.scalar(
        select(Import)
        .join(Import.project)
        .where(visible_to(member), Project.identifier == identifier.upper(), Import.number == number)
        .options(joinedload(Import.project), joinedload(Import.created_by))
    )
    if found is None:
        raise NotFound
    return found


def imports_of(project: Project, *, below: int | None = None) -> Sequence[Import]:
    """Thirty imports into a project and one that tells whether there are more, newest first."""
    imports = select(Import).where(Import.project_id == project.id).options(joinedload(Import.created_by))
    if below is not None:
        imports = imports.where(Import.number < below)
    return db.session.scalars(imports.order_by(Import.number.desc()).limit(LIST + 1)).all()


def same_file(project: Project, digest: str, *, but: int) -> Import | None:
    """The latest earlier import of the very same file that brought rows in, if any."""
    return db.session.scalar(
        select(Import)
        .where(
            Import.project_id == project.id,
            Import.digest == digest,
            Import.id != but,
            Import.rows_done > 0,
            Import.status.in_((Status.DONE, Status.FAILED, Status.CANCELLED, Status.RUNNING)),
        )
        .options(joinedload(Import.created_by))
        .order_by(Import.number.desc())
        .limit(1)
    )


class Reported(NamedTuple):
    """One line of a report: its place in the file, the issue's number and title, what is to be said."""

    id: int
    line: int
    number: int | None
    title: str | None
    problem: str | None
    refused: bool


def _report(record: Import) -> Select[*tuple[Any, ...]]:
    return (
        select(ImportRow.id, ImportRow.line, Issue.number, Issue.title, ImportRow.problem, ImportRow.refused)
        .outerjoin(
            Issue,
            and_(
                Issue.organization_id == ImportRow.organization_id,
                Issue.id == ImportRow.issue_id,
                Issue.deleted_at.is_(None),
            ),
        )
        .where(ImportRow.import_id == record.id)
    )


def problems(record: Import, *, after: int = 0, refused_only: bool = False) -> Sequence[Reported]:
    """The next hundred lines with something to say, and one more that tells whether there are others. By line."""
    wanted = _report(record).where(ImportRow.problem.is_not(None), ImportRow.line > after)
    if refused_only:
        wanted = wanted.where(ImportRow.refused)
    return [Reported(*row) for row in db.session.execute(wanted.order_by(ImportRow.line).limit(PAGE + 1))]


def whole_report(record: Import) -> Iterator[Reported]:
    """Every line of a report, streamed a thousand at a time."""
    after = 0
    while True:
        page = _report(record).where(ImportRow.line > after).order_by(ImportRow.line).limit(1000)
        rows = [Reported(*row) for row in db.session.execute(page)]
        yield from rows
        if len(rows) < 1000:
            return
        after = rows[-1].line


def remarks_count(record: Import) -> tuple[int, int]:
    """(rows that are refused, rows with a remark)"""
    counts = db.session.execute(
        select(func.count().filter(ImportRow.refused), func.count().filter(~ImportRow.refused)).where(
            ImportRow.import_id == record.id, ImportRow.problem.is_not(None)
        )
    ).one()
    return counts[0], counts[1]


def vocabulary_of(project_id: int) -> Vocabulary:
    """What words mean in a project now. Three statements."""
    states = states_of(project_id)
    members, people = people_of(project_id), dict[str, int | None]()
    for member in members:
        people[caseless(member.name)] = None if caseless(member.name) in people else member.id
    people |= {caseless(member.email): member.id for member in members if member.email}
    return Vocabulary(
        states={state.id: state.name for state in states},
        default_state=next((state.id for state in states if state.is_default), states[0].id),
        labels={caseless(label.name): label.id for label in labels_of(project_id)},
        people=people,
    )
