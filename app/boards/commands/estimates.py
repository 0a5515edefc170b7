"""Changing the scale that a project estimates on, with its issues carried over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import case, func, select, update

from app.boards.models import Issue
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects import events
from app.projects.commands.shaping import add_scale
from app.projects.commands.telling import tell_of_project
from app.projects.models import Estimate, EstimateKind, EstimatePoint, Project
from app.projects.queries import points_of


def change_scale(
    project: Project, kind: EstimateKind, values: Sequence[str], carried: Mapping[int, str], *, by: Actor
) -> list[EstimatePoint]:
    """Let a project estimate on a scale, the smallest step first. `carried` says to which step those of the former go;
    issues at any other lose their estimate. The change is told once, of the project, however many issues it carries.

    Raises Invalid for what is no scale.
    """
    former = points_of(project.id)
    points = add_scale(project, kind, tuple(values))
    by_value = {point.value: point.id for point in points}
    if strange := next((value for value in carried.values() if value not in by_value), None):
        raise Invalid(_("“%(value)s” is not on the new scale.", value=strange), "values")
    if former:
        goes = {point.id: by_value.get(carried.get(point.id, "")) for point in former}
        kept = {old: new for old, new in goes.items() if new}
        fresh = case(kept, value=Issue.estimate_point_id, else_=None) if kept else None
        db.session.execute(
            update(Issue)
            .where(Issue.project_id == project.id, Issue.estimate_point_id.in_(goes))
            .values(estimate_point_id=fresh, updated_at=now()),
            execution_options={"synchronize_session": False},
        )
    tell_of_project(events.ESTIMATE_CHANGED, project, by, kind=str(kind))
    return points


def stop_estimating(project: Project, *, by: Actor) -> None:
    """Do without a scale. Issues keep what they were estimated at, unseen, until another scale is chosen."""
    for scale in db.session.scalars(select(Estimate).where(Estimate.project_id == project.id, Estimate.is_used)):
        scale.is_used = False
    project.estimated_in = None
    tell_of_project(events.ESTIMATE_CHANGED, project, by)


def estimated_at(project: Project) -> dict[int | None, int]:
    """{step: how many issues are estimated at it}. One statement."""
    found = select(Issue.estimate_point_id, func.count()).where(
        Issue.project_id == project.id, Issue.estimate_point_id.is_not(None)
    )
    return {row[0]: row[1] for row in db.session.execute(found.group_by(Issue.estimate_point_id))}
