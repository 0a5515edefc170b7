"""Making labelling projects, and changing how and what is asked in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.annotation import events
from app.annotation.commands.tasks import recount_tasks
from app.annotation.config import Broken, parse
from app.annotation.config.changes import Lost, lost_by
from app.annotation.models import Annotation, Labelling, LabellingConfig, Task
from app.documents.commands import create_documents, write_document
from app.inbox.commands import watch
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.words import gettext as _
from app.organizations.models import Member
from app.projects.models import Project

#: What `edit_labelling` changes.
SETTINGS = frozenset(
    ("overlap", "sampling", "skip_queue", "show_skip", "lock_minutes", "allow_empty", "show_instruction")
)


class Orphans(Refused):
    """A configuration that annotations would not fit any more. `lost` says which parts, and how many annotations."""

    def __init__(self, lost: Sequence[tuple[Lost, int]]) -> None:
        super().__init__("Annotations that exist would not fit any more.")
        self.lost = lost


def create_labelling(project: Project, xml: str, *, by: Member, instruction: str = "", **settings: Any) -> Labelling:
    """A labelling beside a project's board. Whoever makes it hears of it.

    Raises Invalid for a configuration that cannot be used, and where there is a labelling already, also a deleted one.
    """
    _check(xml)
    if unknown := settings.keys() - SETTINGS:
        raise TypeError(f"not a setting of a labelling: {', '.join(unknown)}")
    labelling = Labelling(project=project, created_by_id=by.id, config=xml, **settings)
    try:
        with db.session.begin_nested():
            db.session.add(labelling)
    except IntegrityError as error:
        raise Invalid(
            _("%(name)s has a labelling project already, perhaps a deleted one.", name=project.name), "project"
        ) from error
    db.session.add(LabellingConfig(labelling_id=labelling.id, number=1, xml=xml, author_id=by.id))
    labelling.instruction = create_documents([instruction], by=by)[0]
    labelling.instruction_version = 1
    ledger.record_created(events.CREATED, [labelling], by=by)
    watch([labelling], [by])
    _tell(labelling)
    return labelling


def edit_labelling(labelling: Labelling, *, by: Actor, **values: Any) -> None:
    """Change SETTINGS. A new overlap goes to the tasks that had the old one, and may finish or reopen them.

    Raises TypeError for other fields.
    """
    if unknown := values.keys() - SETTINGS:
        raise TypeError(f"not a setting of a labelling: {', '.join(unknown)}")
    before = labelling.overlap, labelling.skip_queue
    with ledger.change(labelling, event=events.SET_UP, by=by):
        for name, value in values.items():
            setattr(labelling, name, value)
    if labelling.overlap != before[0]:
        same = update(Task).where(Task.labelling_id == labelling.id, Task.overlap == before[0])
        db.session.execute(same.values(overlap=labelling.overlap), execution_options={"synchronize_session": False})
    if (labelling.overlap, labelling.skip_queue) != before:
        recount_tasks(labelling)
    _tell(labelling)


def instruct_labelling(labelling: Labelling, body: str, *, by: Actor) -> None:
    """Write what annotators read before they begin. Raises Invalid for a text that is too long."""
    with ledger.change(labelling, event=events.INSTRUCTED, by=by):
        if labelling.instruction is None:
            labelling.instruction = create_documents([body], by=by)[0]
            labelling.instruction_version = 1
        elif write_document(labelling.instruction, body, by=by):
            labelling.instruction_version = labelling.instruction.version
    _tell(labelling)


def configure_labelling(labelling: Labelling, xml: str, *, by: Actor, accept: bool = False) -> None:
    """Ask something else from now on; every version is kept.

    Raises Invalid for a configuration that cannot be used, and Orphans, unless told to `accept`, where annotations
    would not fit any more. Those keep what they say.
    """
    _check(xml)
    db.session.refresh(labelling, ["config", "config_version"], with_for_update=True)
    if xml == labelling.config:
        return
    lost = lost_annotations(labelling, xml)
    if lost and not accept:
        raise Orphans(lost)
    with ledger.change(labelling, event=events.CONFIGURED, by=by):
        labelling.config = xml
        labelling.config_version += 1
        db.session.add(
            LabellingConfig(labelling_id=labelling.id, number=labelling.config_version, xml=xml, author_id=by.id)
        )
    _tell(labelling)


def lost_annotations(labelling: Labelling, xml: str) -> list[tuple[Lost, int]]:
    """What a new configuration takes away that annotations speak of, and how many of them. One statement."""
    try:
        lost = lost_by(parse(labelling.config), parse(xml))
    except Broken:
        return []
    if not lost:
        return []
    counts = db.session.execute(
        select(*(func.count().filter(Annotation.result.op("@>")(one.pattern)) for one in lost)).where(
            Annotation.labelling_id == labelling.id, Annotation.deleted_at.is_(None)
        )
    ).one()
    return [(one, count) for one, count in zip(lost, counts, strict=True) if count]


def delete_labellings(labellings: Sequence[Labelling], *, by: Actor) -> None:
    """Take labelling projects out of sight; their projects and boards stay. `restore_labellings` brings them back."""
    _set_deleted(labellings, events.DELETED, by)


def restore_labellings(labellings: Sequence[Labelling], *, by: Actor) -> None:
    _set_deleted(labellings, events.RESTORED, by)


def _set_deleted(labellings: Sequence[Labelling], event: Any, by: Actor) -> None:
    at = now() if event is events.DELETED else None
    with ledger.change(*labellings, event=event, by=by):
        for labelling in labellings:
            labelling.deleted_at = at
    for labelling in labellings:
        _tell(labelling)


def _check(xml: str) -> None:
    try:
        parse(xml)
    except Broken as error:
        first = error.problems[0]
        raise Invalid(_("Line %(line)s: %(message_)s", line=first.line, message_=first.message), "config") from error


def _tell(labelling: Labelling) -> None:
    live.touch("labellings", f"labelling-{labelling.id}")
