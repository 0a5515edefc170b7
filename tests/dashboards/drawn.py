"""Dashboards and reports for tests: questions about issues, put where they are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dashboards.answers import Aggregate, Ask, Dimension, Measure
from app.dashboards.charts import Chart, Kind
from app.dashboards.commands.dashboards import create_dashboard
from app.dashboards.commands.questions import create_question
from app.dashboards.commands.reports import create_report
from app.dashboards.commands.widgets import add_widget
from app.dashboards.models import Dashboard, Format, Sharing, Widget
from app.kernel.database import db
from app.kernel.schedules import Schedule
from app.kernel.tenancy import enter, organization
from app.organizations.models import Member
from tests.world import Person, World

BY_PROJECT = Ask(dataset="issues", dimensions=(Dimension("project"),))
ALL_ISSUES = Ask(dataset="issues", measures=(Measure(Aggregate.COUNT),))
EVERY_MORNING = Schedule("Europe/Berlin", time(8), frozenset(range(7)))


def a_dashboard(world: World, owner: str = "alice", *, kinds: Sequence[Kind] = (), name: str = "Delivery",
                sharing: Sharing = Sharing.ORGANIZATION) -> int:  # fmt: skip
    """The number of a dashboard with a widget of each kind, about issues by project."""
    with organization(world.organization_id):
        by = _member(world.cast[owner])
        dashboard = create_dashboard(name, sharing=sharing, by=by)
        for kind in kinds:
            ask = ALL_ISSUES if kind is Kind.METRIC else BY_PROJECT
            question = create_question(f"Issues as {kind.value}", ask, by=by)
            add_widget(dashboard, question, chart=Chart(kind), by=by)
        return dashboard.number


def a_question(world: World, name: str = "Issues by project", person: str = "alice") -> int:
    """Its id."""
    person_ = world.cast[person]
    with organization(world.rival_id if person_.slug == "rival" else world.organization_id):
        return create_question(name, BY_PROJECT, by=_member(person_)).id


def a_report(world: World, dashboard: int, recipients: Sequence[str] = ("alice",), format: Format = Format.PDF) -> int:
    """The number of a report of a dashboard, every morning in Berlin."""
    with organization(world.organization_id):
        found = db.session.scalars(select(Dashboard).where(Dashboard.number == dashboard)).one()
        people = [_member(world.cast[name]) for name in recipients]
        alice = _member(world.cast["alice"])
        return create_report(found, "Morning numbers", EVERY_MORNING, people, format=format, by=alice).number


def _member(person: Person) -> Member:
    return db.session.scalars(select(Member).where(Member.id == person.member_id)).one()


def places(world: World, dashboard: int) -> dict[int, tuple[int, int, int, int]]:
    """{widget id: x, y, w, h}, in order of their making."""
    rows = _fresh(world).execute(
        select(Widget)
        .join(Dashboard, (Dashboard.organization_id == Widget.organization_id) & (Dashboard.id == Widget.dashboard_id))
        .where(Dashboard.number == dashboard, Widget.deleted_at.is_(None))
        .order_by(Widget.id)
    )
    return {widget.id: (widget.x, widget.y, widget.w, widget.h) for (widget,) in rows}


def _fresh(world: World) -> Session:
    enter(world.organization_id)
    db.session.rollback()
    db.session.expire_all()
    return db.session()
