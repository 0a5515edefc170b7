"""The tasks of a labelling project as a list, and single ones with all that was said about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, cast, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import joinedload

from app.annotation.config import Choices, LabelConfig, Labels
from app.annotation.models import Annotation, Labelling, Task
from app.annotation.policies import P, in_labellings_of, tasks_visible_to
from app.annotation.queries.labellings import labelling_by_project
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.organizations.models import Kind, Member
from app.projects.models import Project
from app.projects.queries import people_of
from app.web.filtering import ME, Filter, whole_numbers

#: Tasks that are loaded at once, and those that a refetch brings at most.
PAGE, MOST = 40, 600
STATUSES = {
    "open": lazy("To do"),
    "started": lazy("Begun"),
    "done": lazy("Done"),
    "skipped": lazy("Skipped by somebody"),
    "deleted": lazy("Deleted"),
}
#: Values of options that are offered in the menu.
_VALUES = 200


@dataclass(frozen=True)
class TaskFilter(Filter):
    """What was chosen of the tasks."""

    FIELDS = {"status": "Status", "annotator": "Annotator", "value": "Answer"}

    def clauses(self, member: Member, config: LabelConfig | None) -> list[ColumnElement[bool]]:
        """The conditions on Task, all values bound. Deleted ones are shown only where they are asked for."""
        found = [_status(self.values("status"))]
        if self.text:
            found.append(_text(self.text))
        if people := self.values("annotator"):
            ids = [member.id if person == ME else int(person) for person in people]
            found.append(_said(Annotation.member_id.in_(ids)))
        if values := self.values("value"):
            found.append(_said(or_(*(_answered(value, config) for value in values))))
        return found


def read_filter(args: Any, labelling: Labelling, config: LabelConfig | None) -> TaskFilter:
    """The filter that an address asks for. One statement for the people in it."""

    def people(values: list[str]) -> Mapping[str, str]:
        ids = whole_numbers(values)
        known = Member.id.in_(ids) & (Member.kind != Kind.CUSTOMER)
        rows = db.session.execute(select(Member.id, Member.name).where(known)) if ids else ()
        return {ME: "Me"} | {str(row[0]): row[1] for row in rows}

    known = dict(answers_of(config))
    return TaskFilter.read(
        args,
        {
            "status": lambda values: {value: STATUSES[value] for value in values if value in STATUSES},
            "annotator": people,
            "value": lambda values: {value: known[value] for value in values if value in known},
        },
    )


def answers_of(config: LabelConfig | None) -> list[tuple[str, str]]:
    """What one can pick in a configuration: (value of the address, words)."""
    controls = [control for control in config.controls if isinstance(control, Choices | Labels)] if config else []
    return [(f"{one.name}={option.value}", option.text) for one in controls for option in one.options][:_VALUES]


@dataclass(frozen=True)
class Rows:
    tasks: Sequence[Task]
    #: {task id: who labelled it, by name}
    people: Mapping[int, Sequence[Member]]
    more: bool

    @property
    def last(self) -> int | None:
        return self.tasks[-1].number if self.tasks else None


def tasks_of(
    labelling: Labelling, matching: Sequence[ColumnElement[bool]], *, after: int | None = None, until: int | None = None
) -> Rows:
    """A page of tasks by number, behind one; or all up to and with another. Two statements."""
    most = MOST if until else PAGE
    wanted = select(Task).where(Task.labelling_id == labelling.id, *matching)
    if after is not None:
        wanted = wanted.where(Task.number > after)
    if until is not None:
        wanted = wanted.where(Task.number <= until)
    found = db.session.scalars(wanted.order_by(Task.number).limit(most + 1)).all()
    more = len(found) > most or bool(until and found)
    return Rows(found[:most], annotators_of([task.id for task in found[:most]]), more)


def count_of(labelling: Labelling, matching: Sequence[ColumnElement[bool]]) -> int:
    return (
        db.session.scalar(select(func.count()).select_from(Task).where(Task.labelling_id == labelling.id, *matching))
        or 0
    )


def annotators_of(ids: Sequence[int]) -> Mapping[int, Sequence[Member]]:
    """{task id: who said something about it, by name}. One statement."""
    found: dict[int, list[Member]] = defaultdict(list)
    rows = db.session.execute(
        select(Annotation.task_id, Member)
        .join(Member, (Member.organization_id == Annotation.organization_id) & (Member.id == Annotation.member_id))
        .where(Annotation.task_id.in_(ids), Annotation.deleted_at.is_(None), Annotation.was_cancelled.is_(False))
        .order_by(Annotation.task_id, func.lower(Member.name), Member.id)
    )
    for task_id, member in rows:
        if member not in found[task_id]:
            found[task_id].append(member)
    return found


def people_who_label(labelling: Labelling) -> list[Member]:
    """Who could have said something: the project's people who may label."""
    return [person for person in people_of(labelling.project_id) if person.may(P.ANNOTATE)]


def task_by_number(member: Member, identifier: str, number: int) -> Task:
    """With its labelling and project. Raises NotFound for what the member may not see. One statement."""
    task = db.session.scalar(
        select(Task)
        .join(Task.labelling)
        .join(Labelling.project)
        .where(tasks_visible_to(member), Project.identifier == identifier.upper(), Task.number == number)
        .options(
            joinedload(Task.labelling).joinedload(Labelling.project),
            joinedload(Task.labelling).joinedload(Labelling.instruction),
        )
    )
    if task is None:
        raise NotFound
    return task


def annotation_of_task(member: Member, identifier: str, number: int, annotation_id: int) -> Annotation:
    """An annotation with its task, deleted or not. Raises NotFound. Two statements."""
    task = task_by_number(member, identifier, number)
    found = db.session.scalar(
        select(Annotation)
        .where(Annotation.id == annotation_id, Annotation.task_id == task.id)
        .options(joinedload(Annotation.task).joinedload(Task.labelling))
    )
    if found is None:
        raise NotFound
    return found


def annotations_of(task: Task) -> Sequence[Annotation]:
    """All that stands about a task, with who said it, the oldest first. One statement."""
    return db.session.scalars(
        select(Annotation)
        .where(Annotation.task_id == task.id, Annotation.deleted_at.is_(None))
        .options(joinedload(Annotation.member))
        .order_by(Annotation.id)
    ).all()


def chosen_tasks(member: Member, identifier: str, ids: Sequence[int]) -> list[Task]:
    """Tasks of one labelling by id, deleted ones too. Raises NotFound when one is not there: nothing is done then."""
    labelling = labelling_by_project(member, identifier)
    wanted = list(dict.fromkeys(ids))
    found = db.session.scalars(
        select(Task)
        .where(in_labellings_of(member), Task.labelling_id == labelling.id, Task.id.in_(wanted))
        .options(joinedload(Task.labelling).joinedload(Labelling.project))
        .order_by(Task.number)
    ).all()
    if len(found) != len(wanted):
        raise NotFound(_("Some of these tasks are not there any more, so nothing was changed. Load the page again."))
    return list(found)


def beside(task: Task) -> tuple[int | None, int | None]:
    """Numbers of the tasks before and after one. Two statements."""
    others = select(Task.number).where(Task.labelling_id == task.labelling_id, Task.deleted_at.is_(None)).limit(1)
    before = others.where(Task.number < task.number).order_by(Task.number.desc())
    after = others.where(Task.number > task.number).order_by(Task.number)
    return db.session.scalar(before), db.session.scalar(after)


def _status(chosen: Sequence[str]) -> ColumnElement[bool]:
    ways = {
        "open": Task.is_labeled.is_(False) & (Task.total_annotations == 0) & Task.deleted_at.is_(None),
        "started": Task.is_labeled.is_(False) & (Task.total_annotations > 0) & Task.deleted_at.is_(None),
        "done": Task.is_labeled & Task.deleted_at.is_(None),
        "skipped": (Task.cancelled_annotations > 0) & Task.deleted_at.is_(None),
        "deleted": Task.deleted_at.is_not(None),
    }
    return or_(*(ways[status] for status in chosen)) if chosen else Task.deleted_at.is_(None)


def _text(text: str) -> ColumnElement[bool]:
    """In the data, or the number."""
    in_data = cast(Task.data, Text).icontains(text, autoescape=True)
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return or_(in_data, Task.number == int(text))
    return in_data


def _said(what: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Annotation.organization_id == Task.organization_id,
        Annotation.task_id == Task.id,
        Annotation.deleted_at.is_(None),
        Annotation.was_cancelled.is_(False),
        what,
    )


def _answered(value: str, config: LabelConfig | None) -> ColumnElement[bool]:
    name, _, picked = value.partition("=")
    control = config.control(name) if config else None
    key = control.key if control else "choices"
    wanted = [{"from_name": name, "value": {key: [picked]}}]
    return Annotation.result.op("@>", return_type=Boolean())(cast(literal(wanted, JSONB), JSONB))
