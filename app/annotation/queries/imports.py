"""Finding imports and what there is to say about their rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.annotation.models import Labelling, TaskImport, TaskImportRow
from app.annotation.policies import visible_to
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member
from app.projects.models import Project

#: Lines of a report, and imports of a list, on one page.
PAGE, LIST = 100, 30


def import_by_number(member: Member, identifier: str, number: int) -> TaskImport:
    """An import with its labelling and importer. One statement; NotFound when it is not the member's to see."""
    found = db.session.scalar(
        select(TaskImport)
        .join(TaskImport.labelling)
        .join(Labelling.project)
        .where(visible_to(member), Project.identifier == identifier.upper(), TaskImport.number == number)
        .options(joinedload(TaskImport.labelling).joinedload(Labelling.project), joinedload(TaskImport.created_by))
    )
    if found is None:
        raise NotFound
    return found


def imports_of(labelling: Labelling, *, below: int | None = None) -> Sequence[TaskImport]:
    """Thirty imports and one that tells whether there are more, newest first."""
    wanted = select(TaskImport).where(TaskImport.labelling_id == labelling.id)
    if below is not None:
        wanted = wanted.where(TaskImport.number < below)
    wanted = wanted.options(joinedload(TaskImport.created_by))
    return db.session.scalars(wanted.order_by(TaskImport.number.desc()).limit(LIST + 1)).all()


def problems_of(record: TaskImport, *, after: int = 0) -> Sequence[TaskImportRow]:
    """The next hundred things to say, as they were noted, and one more that tells whether there are others."""
    wanted = select(TaskImportRow).where(TaskImportRow.import_id == record.id, TaskImportRow.id > after)
    return db.session.scalars(wanted.order_by(TaskImportRow.id).limit(PAGE + 1)).all()
