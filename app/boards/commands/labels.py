"""Making one label of two."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.boards.models import Issue, IssueLabel
from app.kernel.access import Actor
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects.commands.labels import remove_label, tell_of_label
from app.projects.models import Label, Project


def merge_labels(project: Project | None, label: Label, *, into: Label, by: Actor) -> None:
    """Let whatever bears `label` bear `into`, and delete `label`; what stands under it moves up. Told once, of the
    project. Raises Invalid for one label, and for one of all projects into one project's own.
    """
    if label.id == into.id:
        raise Invalid(_("Choose another label."), "into")
    if into.project_id is not None and into.project_id != label.project_id:
        raise Invalid(_("Choose from this project's own."), "into")
    borne = select(literal(current_organization_id()), IssueLabel.issue_id, literal(into.id)).where(
        IssueLabel.label_id == label.id
    )
    names = ["organization_id", "issue_id", "label_id"]
    db.session.execute(insert(IssueLabel).from_select(names, borne).on_conflict_do_nothing())
    if into.parent_id == label.id:
        into.parent_id = label.parent_id
    name, other = label.name, into.name
    remove_label(label)
    tell_of_label("merged", project, by, name=name, into=other)


def bearers(label_ids: Sequence[int]) -> dict[int, int]:
    """{label id: how many issues bear it, deleted ones left out}. One statement."""
    found = (
        select(IssueLabel.label_id, func.count())
        .join(Issue, (Issue.organization_id == IssueLabel.organization_id) & (Issue.id == IssueLabel.issue_id))
        .where(IssueLabel.label_id.in_(label_ids), Issue.deleted_at.is_(None))
        .group_by(IssueLabel.label_id)
    )
    return {row[0]: row[1] for row in db.session.execute(found)}
