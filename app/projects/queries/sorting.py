"""What issues of a project are sorted by: states, labels, types, estimates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import selectinload

from app.kernel.database import db
from app.kernel.errors import NotFound
from app.projects.models import (
    Estimate,
    EstimatePoint,
    IssueProperty,
    IssueType,
    Label,
    Project,
    ProjectIssueType,
    State,
)


def states_of(project_id: int) -> Sequence[State]:
    """In the order of the board."""
    return db.session.scalars(select(State).where(State.project_id == project_id).order_by(State.rank, State.id)).all()


def labels_of(project_id: int) -> Sequence[Label]:
    """What issues of a project can bear: its own labels, then those of all projects; each tree from above down."""
    found = select(Label).where(or_(Label.project_id == project_id, Label.project_id.is_(None)))
    rows = db.session.scalars(found.order_by(Label.rank, func.lower(Label.name), Label.id)).all()
    return [*in_tree(row for row in rows if row.project_id), *in_tree(row for row in rows if not row.project_id)]


def own_labels_of(project_id: int | None) -> Sequence[Label]:
    """A project's own labels, or with None those of all projects, each tree from above down."""
    which = Label.project_id.is_(None) if project_id is None else Label.project_id == project_id
    return in_tree(
        db.session.scalars(select(Label).where(which).order_by(Label.rank, func.lower(Label.name), Label.id))
    )


def in_tree(labels: Iterable[Label]) -> list[Label]:
    """Each behind the one that it stands under, in the order given."""
    below: dict[int | None, list[Label]] = {}
    for label in labels:
        below.setdefault(label.parent_id, []).append(label)
    found: list[Label] = []

    def walk(parent_id: int | None) -> None:
        for label in below.get(parent_id, ()):
            found.append(label)
            walk(label.id)

    walk(None)
    return found


def paths_of(labels: Sequence[Label]) -> dict[int, str]:
    """{label id: the names above it, "Area / Printing"}; empty for those at the top."""
    by_id = {label.id: label for label in labels}
    paths: dict[int, str] = {}
    for label in labels:  # those above come first
        above = by_id.get(label.parent_id or 0)
        paths[label.id] = " / ".join(part for part in (paths.get(above.id), above.name) if part) if above else ""
    return paths


def state_of(project: Project, state_id: int) -> State:
    """Raises NotFound for a state of another project."""
    state = db.session.scalars(select(State).where(State.project_id == project.id, State.id == state_id)).first()
    if state is None:
        raise NotFound
    return state


def label_of(project: Project | None, label_id: int) -> Label:
    """A project's own label, or with None one of all projects. Raises NotFound for any other."""
    which = Label.project_id == project.id if project else Label.project_id.is_(None)
    label = db.session.scalars(select(Label).where(which, Label.id == label_id)).first()
    if label is None:
        raise NotFound
    return label


def all_types() -> Sequence[IssueType]:
    """The organization's kinds of issues, epics first."""
    return db.session.scalars(
        select(IssueType).order_by(IssueType.level.desc(), func.lower(IssueType.name), IssueType.id)
    ).all()


def type_of(type_id: int) -> IssueType:
    """One with its properties and what they offer. Raises NotFound. Three statements."""
    found = select(IssueType).where(IssueType.id == type_id).options(_PROPERTIES)
    kind = db.session.scalars(found.execution_options(populate_existing=True)).first()
    if kind is None:
        raise NotFound
    return kind


def types_of(project_id: int) -> Sequence[IssueType]:
    """The kinds that new issues can be: the default one, then plain ones; with properties. Three statements."""
    used = and_(
        ProjectIssueType.organization_id == IssueType.organization_id, ProjectIssueType.issue_type_id == IssueType.id
    )
    return db.session.scalars(
        select(IssueType)
        .join(ProjectIssueType, used)
        .where(ProjectIssueType.project_id == project_id, IssueType.is_active)
        .order_by(
            ProjectIssueType.is_default.desc(), func.abs(IssueType.level), func.lower(IssueType.name), IssueType.id
        )
        .options(_PROPERTIES)
    ).all()


def used_types(project_id: int) -> dict[int, bool]:
    """{id of a kind that a project uses: whether new issues are of it}"""
    found = select(ProjectIssueType.issue_type_id, ProjectIssueType.is_default)
    return {row[0]: row[1] for row in db.session.execute(found.where(ProjectIssueType.project_id == project_id))}


def default_type_of(project_id: int) -> int | None:
    """What new issues are when nobody says it."""
    return next((number for number, is_default in used_types(project_id).items() if is_default), None)


def points_of(project_id: int) -> Sequence[EstimatePoint]:
    """The steps of the scale that a project estimates on, the smallest first."""
    return db.session.scalars(
        select(EstimatePoint)
        .join(
            Estimate,
            and_(Estimate.organization_id == EstimatePoint.organization_id, Estimate.id == EstimatePoint.estimate_id),
        )
        .where(Estimate.project_id == project_id, Estimate.is_used)
        .order_by(EstimatePoint.key, EstimatePoint.id)
    ).all()


_PROPERTIES = selectinload(IssueType.properties).selectinload(IssueProperty.options)
