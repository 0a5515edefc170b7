"""What is done to widgets. Each command holds its dashboard, and leaves in the ledger what takes it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.dashboards import events
from app.dashboards.asks import Ask
from app.dashboards.charts import SIZES, Chart, suggested
from app.dashboards.grid import Place, arranged, free_place
from app.dashboards.models import Dashboard, Question, Widget
from app.dashboards.models.dashboards import WIDGETS_MOST
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, NotFound, Refused
from app.kernel.events import Event
from app.kernel.ledger import Activity, Change
from app.kernel.words import gettext as _

#: A widget as changes keep it; None where it is not on the dashboard.
State = dict[str, Any]


class NotUndone(Refused):
    """A change cannot be taken back; nothing was changed."""


def add_widget(dashboard: Dashboard, question: Question, *, chart: Chart | None = None, by: Actor) -> Widget:
    """Put a question's answer where there is room. Raises Invalid when the dashboard is full."""
    drawn = chart or (Chart.from_json(question.chart) if question.chart else suggested(Ask.from_json(question.ask)))
    with _arranging(dashboard, events.WIDGET_ADDED, by, name=question.name) as widgets:
        _check_room(widgets)
        w, h = SIZES[drawn.kind]
        place = free_place(_places(widgets), w, h)
        widget = Widget(
            dashboard_id=dashboard.id, question=question, chart=drawn.as_json(), **place._asdict(), title=""
        )
        db.session.add(widget)
        db.session.flush()
        widgets[widget.id] = widget
    return widget


def copy_widget(dashboard: Dashboard, widget: Widget, *, by: Actor) -> Widget:
    """The same again, where there is room. Raises Invalid when the dashboard is full."""
    with _arranging(dashboard, events.WIDGET_ADDED, by, name=widget.name) as widgets:
        _check_room(widgets)
        place = free_place(_places(widgets), widget.w, widget.h)
        copy = Widget(
            dashboard_id=dashboard.id,
            question=widget.question,
            title=widget.title,
            chart=dict(widget.chart),
            **place._asdict(),
        )
        db.session.add(copy)
        db.session.flush()
        widgets[copy.id] = copy
    return copy


def edit_widget(dashboard: Dashboard, widget: Widget, *, title: str, chart: Chart, by: Actor) -> None:
    """Name it, and say how it is drawn."""
    with _arranging(dashboard, events.WIDGET_EDITED, by, name=widget.name):
        widget.title, widget.chart = title, chart.as_json()


def remove_widget(dashboard: Dashboard, widget: Widget, *, by: Actor) -> None:
    """Take it off; the others close up."""
    with _arranging(dashboard, events.WIDGET_REMOVED, by, name=widget.name) as widgets:
        widget.deleted_at = now()
        widgets.pop(widget.id, None)
        _settle(widgets, {})


def place_widgets(dashboard: Dashboard, moved: Mapping[int, Place], *, by: Actor) -> None:
    """Put widgets where people dropped them; the others give way. What is not on the grid goes to its edge.

    Raises NotFound when one is not on the dashboard (any more).
    """
    with _arranging(dashboard, events.WIDGETS_MOVED, by) as widgets:
        if moved.keys() - widgets.keys():
            raise NotFound(_("A widget was taken off meanwhile. Load the page again."))
        _settle(widgets, moved)


def undo_change(dashboard: Dashboard, activity: Activity, *, by: Actor) -> None:
    """Set widgets back to what they were before an activity. Raises NotUndone when one has changed since."""
    fields = db.session.scalar(
        select(Change.fields).where(
            Change.activity_id == activity.id, Change.noun == "dashboard", Change.subject_id == dashboard.id
        )
    )
    if not fields or "widgets" not in fields:
        raise NotUndone("There is nothing to take back.")
    old, new = fields["widgets"]
    with _arranging(dashboard, events.WIDGETS_UNDONE, by) as widgets:
        touched = old.keys() | new.keys()
        wanted = select(Widget).where(Widget.dashboard_id == dashboard.id, Widget.id.in_([int(key) for key in touched]))
        rows = {str(widget.id): widget for widget in db.session.scalars(wanted.options(joinedload(Widget.question)))}
        for key in touched:
            if key not in rows or _state(rows[key]) != new.get(key):
                raise NotUndone("Somebody has changed these widgets since, so this was not undone.")
        for key in touched:
            _set_back(rows[key], old.get(key), widgets)
        if len(widgets) > WIDGETS_MOST:
            raise NotUndone(f"A dashboard holds {WIDGETS_MOST} widgets. Take one off first.")
        _settle(widgets, {})


def _set_back(widget: Widget, state: State | None, widgets: dict[int, Widget]) -> None:
    if state is None:
        widget.deleted_at = now()
        widgets.pop(widget.id, None)
        return
    widget.deleted_at = None
    widget.title, widget.chart = state["title"], state["chart"]
    widget.x, widget.y, widget.w, widget.h = state["place"]
    widgets[widget.id] = widget


@contextmanager
def _arranging(dashboard: Dashboard, event: Event, by: Actor, **payload: Any) -> Iterator[dict[int, Widget]]:
    """Hold the dashboard and give its widgets; afterwards record those that differ. Four statements and the writing."""
    db.session.scalar(select(Dashboard.id).where(Dashboard.id == dashboard.id).with_for_update())
    wanted = select(Widget).where(Widget.dashboard_id == dashboard.id, Widget.deleted_at.is_(None)).order_by(Widget.id)
    again = wanted.options(joinedload(Widget.question)).execution_options(populate_existing=True)
    widgets = {widget.id: widget for widget in db.session.scalars(again)}
    before = {str(key): _state(widget) for key, widget in widgets.items()}
    yield widgets
    db.session.flush()
    after = {str(key): _state(widget) for key, widget in widgets.items()}
    differing = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    if not differing:
        return
    old = {key: before[key] for key in sorted(differing) if key in before}
    new = {key: after[key] for key in sorted(differing) if key in after}
    ledger.record(event, [(dashboard, {"widgets": [old, new]})], by=by, payload=payload)
    dashboard.updated_at = now()
    live.touch(f"dashboard-{dashboard.id}")


def _settle(widgets: Mapping[int, Widget], moved: Mapping[int, Place]) -> None:
    for key, place in arranged(_places(widgets), moved).items():
        widget = widgets[key]
        if _place(widget) != place:
            widget.x, widget.y, widget.w, widget.h = place


def _check_room(widgets: Mapping[int, Widget]) -> None:
    if len(widgets) >= WIDGETS_MOST:
        raise Invalid(
            _(
                "A dashboard holds %(widgets_most)s widgets. Take one off first, or begin another dashboard.",
                widgets_most=WIDGETS_MOST,
            )
        )


def _places(widgets: Mapping[int, Widget]) -> dict[int, Place]:
    return {key: _place(widget) for key, widget in widgets.items()}


def _place(widget: Widget) -> Place:
    return Place(widget.x, widget.y, widget.w, widget.h)


def _state(widget: Widget) -> State | None:
    if widget.deleted_at is not None:
        return None
    return {"title": widget.title, "chart": widget.chart, "place": list(_place(widget))}
