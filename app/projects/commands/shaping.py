"""Giving a new project its shape, and reading the shape of one that stands."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from sqlalchemy import select

from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.ranks import ranks_between
from app.kernel.words import gettext as _
from app.projects.models import (
    Estimate,
    EstimateKind,
    EstimatePoint,
    Feature,
    IssueType,
    Label,
    Needed,
    Project,
    ProjectIssueType,
    State,
    StateMove,
    StateNeed,
)
from app.projects.shapes import Shape, ShapedLabel, ShapedState

#: Steps of a scale.
MOST_POINTS = 24


def give_shape(project: Project, shape: Shape) -> None:
    """Make the rows that a project begins with; not recorded, for they are its beginning."""
    ranks = ranks_between(None, None, len(shape.states))
    states = [
        State(project_id=project.id, name=one.name, group=one.group, is_default=one.is_default, rank=rank)
        for one, rank in zip(shape.states, ranks, strict=True)
    ]
    labels = [
        Label(project_id=project.id, name=one.name, hue=one.hue, rank=rank)
        for one, rank in zip(shape.labels, ranks_between(None, None, len(shape.labels)), strict=True)
    ]
    db.session.add_all([*states, *labels])
    db.session.flush()
    for label, one in zip(labels, shape.labels, strict=True):
        label.parent_id = labels[one.under].id if one.under is not None else None
    for state, shaped in zip(states, shape.states, strict=True):
        db.session.add_all(StateNeed(state_id=state.id, needed=needed) for needed in shaped.needs)
        state.is_guarded = bool(shaped.needs)
    for leaves, enters, mover in shape.moves:
        db.session.add(StateMove(from_state_id=states[leaves].id, to_state_id=states[enters].id, mover=mover))
        states[enters].is_guarded = True
    there = set(db.session.scalars(select(IssueType.id).where(IssueType.id.in_(shape.types))))
    db.session.add_all(
        ProjectIssueType(project_id=project.id, issue_type_id=number, is_default=number == shape.default_type)
        for number in shape.types
        if number in there
    )
    if shape.estimated_in:
        add_scale(project, shape.estimated_in, shape.points)
    db.session.flush()


def shape_of(project: Project) -> Shape:
    """How a project is shaped now: seven statements."""
    states = db.session.scalars(
        select(State).where(State.project_id == project.id).order_by(State.rank, State.id)
    ).all()
    places = {state.id: place for place, state in enumerate(states)}
    needs = db.session.scalars(select(StateNeed).where(StateNeed.state_id.in_(places))).all()
    moves = db.session.scalars(select(StateMove).where(StateMove.to_state_id.in_(places))).all()
    used = db.session.scalars(select(ProjectIssueType).where(ProjectIssueType.project_id == project.id)).all()
    return Shape(
        states=tuple(
            ShapedState(
                state.name,
                state.group,
                state.is_default,
                tuple(sorted({n.needed for n in needs if n.state_id == state.id} - {Needed.PROPERTY})),
            )
            for state in states
        ),
        labels=_labels(project),
        types=tuple(sorted(row.issue_type_id for row in used)),
        default_type=next((row.issue_type_id for row in used if row.is_default), None),
        estimated_in=project.estimated_in,
        points=tuple(_points(project)),
        moves=tuple(sorted((places[move.from_state_id], places[move.to_state_id], move.mover) for move in moves)),
        features_off=tuple(Feature(name) for name in project.features_off),
    )


def add_scale(project: Project, kind: EstimateKind, values: tuple[str, ...]) -> list[EstimatePoint]:
    """What a project estimates on from now on, smallest first. Raises Invalid for what is no scale."""
    if not 1 < len(values) <= MOST_POINTS or len(set(values)) != len(values):
        raise Invalid(_("A scale has 2 to %(most)s steps, each once.", most=MOST_POINTS), "values")
    if any(len(value) > 20 for value in values):
        raise Invalid(_("A step has at most 20 characters."), "values")
    amounts = [_amount(value) if kind.adds_up else None for value in values]
    for former in db.session.scalars(select(Estimate).where(Estimate.project_id == project.id, Estimate.is_used)):
        former.is_used = False
    db.session.flush()
    scale = Estimate(project_id=project.id, name=str(kind), kind=kind)
    db.session.add(scale)
    db.session.flush()
    points = [
        EstimatePoint(estimate_id=scale.id, key=key, value=value, amount=amount)
        for key, (value, amount) in enumerate(zip(values, amounts, strict=True), start=1)
    ]
    db.session.add_all(points)
    project.estimated_in = kind
    db.session.flush()
    return points


def _amount(value: str) -> Decimal:
    try:
        amount = Decimal(value.replace(",", "."))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount < 100_000:
        raise Invalid(_("“%(value)s” is no number, so it cannot be added up.", value=value), "values")
    return amount


def _labels(project: Project) -> tuple[ShapedLabel, ...]:
    """Those above come first, so that each can name the place of its own."""
    rows = db.session.scalars(
        select(Label).where(Label.project_id == project.id).order_by(Label.rank, Label.name, Label.id)
    ).all()
    order: list[Label] = []
    waiting: list[Label] = [row for row in rows if row.parent_id is None]
    while waiting:
        row = waiting.pop(0)
        order.append(row)
        waiting += [below for below in rows if below.parent_id == row.id]
    places = {row.id: place for place, row in enumerate(order)}
    return tuple(ShapedLabel(row.name, row.hue, places.get(row.parent_id or 0)) for row in order)


def _points(project: Project) -> list[str]:
    return list(
        db.session.scalars(
            select(EstimatePoint.value)
            .join(
                Estimate,
                (Estimate.organization_id == EstimatePoint.organization_id)
                & (Estimate.id == EstimatePoint.estimate_id),
            )
            .where(Estimate.project_id == project.id, Estimate.is_used)
            .order_by(EstimatePoint.key)
        )
    )
