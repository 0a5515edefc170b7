"""Widgets: drawn one by one, added, changed, moved, taken off, and all of it taken back."""

from __future__ import annotations

from flask import Response, request, url_for

from app.adapters.press import NotDrawn
from app.dashboards.answers import Unanswerable, answer
from app.dashboards.asks import Ask
from app.dashboards.charts import Chart, Kind
from app.dashboards.commands import widgets as commands
from app.dashboards.drawing import draw
from app.dashboards.forms.dashboards import PlacesForm, WidgetForm, widget_form
from app.dashboards.models import Dashboard, Widget
from app.dashboards.policies import D
from app.dashboards.queries import dashboards as queries
from app.dashboards.queries.dashboards import dashboard_by_number
from app.dashboards.routes import bp
from app.dashboards.routes.dashboards import grid_of
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import trigger, wants_part
from app.web.replies import go, invalid, page, reply
from app.web.urls import whole

_DASHBOARD = "/dashboards/<int:number>"
_ONE = f"{_DASHBOARD}/widgets/<int:widget_id>"
#: Pixels of a picture are whole steps, so that windows of nearly one size share it.
_STEP = 20


@bp.get(_ONE)
@requires(D.VIEW, load=dashboard_by_number)
def show_widget(dashboard: Dashboard, widget_id: int) -> Response:
    """One widget's answer as this member gets it, drawn for the room it has; or the sentence why not."""
    widget = queries.widget_of(dashboard, widget_id)
    chart = Chart.from_json(widget.chart)
    width, height = _room(widget)
    try:
        if widget.question.deleted_at is not None:
            raise Unanswerable("The question of this widget was deleted. Restore it, or take the widget off.")
        ask = Ask.from_json(widget.question.ask)
        found = answer(ask, member=current_member)
        drawing, why = draw(widget.name, found, ask, chart, width, height), ""
    except (Unanswerable, NotDrawn, Invalid) as refusal:
        found, drawing, why = None, None, str(refusal)
    return page(
        "dashboards/widgets/body.html",
        dashboard=dashboard,
        widget=widget,
        answer=found,
        drawing=drawing,
        why=why,
        Kind=Kind,
    )


def _room(widget: Widget) -> tuple[int, int]:
    """What the browser has measured; else what its place on a wide page comes to."""
    width = request.args.get("width", 0, type=whole) or widget.w * 88
    height = request.args.get("height", 0, type=whole) or widget.h * 68 - 90
    return max(200, min(width, 1600)) // _STEP * _STEP, max(100, min(height, 900)) // _STEP * _STEP


@bp.get(f"{_DASHBOARD}/questions")
@requires(D.EDIT, load=dashboard_by_number)
def list_choices(dashboard: Dashboard) -> Response:
    """The chooser of what can be put on it."""
    return reply(
        "dashboards/widgets/choices.html", dashboard=dashboard, questions=queries.questions_to_add(current_member)
    )


@bp.post(f"{_DASHBOARD}/widgets")
@requires(D.EDIT, load=dashboard_by_number)
def create_widget(dashboard: Dashboard) -> Response:
    """Put a question (`question`, its id) on the dashboard."""
    given = request.form.getlist("question")
    if len(given) != 1 or not given[0].isascii() or not given[0].isdecimal() or len(given[0]) > 18:
        raise Invalid(_("Choose a question."), "question")
    question = queries.question_for(current_member, int(given[0]))
    widget = commands.add_widget(dashboard, question, by=current_member)
    return _done(dashboard, f"{widget.name} is on the dashboard")


@bp.post(f"{_ONE}/copy")
@requires(D.EDIT, load=dashboard_by_number)
def create_widget_copy(dashboard: Dashboard, widget_id: int) -> Response:
    copy = commands.copy_widget(dashboard, queries.widget_of(dashboard, widget_id), by=current_member)
    return _done(dashboard, f"A copy of {copy.name} is on the dashboard")


@bp.get(f"{_ONE}/edit")
@requires(D.EDIT, load=dashboard_by_number)
def edit_widget(dashboard: Dashboard, widget_id: int) -> Response:
    widget = queries.widget_of(dashboard, widget_id)
    form = widget_form(widget.title, Chart.from_json(widget.chart))
    return page(_form(), dashboard=dashboard, widget=widget, form=form)


@bp.post(_ONE)
@requires(D.EDIT, load=dashboard_by_number)
def update_widget(dashboard: Dashboard, widget_id: int) -> Response:
    widget, form = queries.widget_of(dashboard, widget_id), WidgetForm()
    if not form.validate():
        return invalid(form, _form(), dashboard=dashboard, widget=widget)
    commands.edit_widget(dashboard, widget, title=form.title.data or "", chart=form.chart, by=current_member)
    response = _done(dashboard, f"{widget.name} changed")
    return trigger(response, **{"close-dialog": True}) if wants_part() else response


@bp.post(f"{_ONE}/removal")
@requires(D.EDIT, load=dashboard_by_number)
def destroy_widget(dashboard: Dashboard, widget_id: int) -> Response:
    widget = queries.widget_of(dashboard, widget_id)
    commands.remove_widget(dashboard, widget, by=current_member)
    return _done(dashboard, f"{widget.name} was taken off")


@bp.post(f"{_DASHBOARD}/places")
@requires(D.EDIT, load=dashboard_by_number)
def update_places(dashboard: Dashboard) -> Response:
    """A widget was dropped; where the others go is decided here."""
    commands.place_widgets(dashboard, PlacesForm().places(), by=current_member)
    return _done(dashboard, "Moved")


@bp.post(f"{_DASHBOARD}/changes/<int:activity_id>/undo")
@requires(D.EDIT, load=dashboard_by_number)
def undo_widgets(dashboard: Dashboard, activity_id: int) -> Response:
    """Take a change to widgets back."""
    commands.undo_change(dashboard, queries.change_of(dashboard, activity_id), by=current_member)
    return _done(dashboard, "Taken back", undoable=False)


def _done(dashboard: Dashboard, said: str, *, undoable: bool = True) -> Response:
    """The grid as it is now, with what takes it back."""
    if not wants_part():
        return go(url_for("dashboards.show_dashboard", number=dashboard.number, edit=""), said)
    last = queries.last_change_of(dashboard) if undoable else None
    undo = url_for("dashboards.undo_widgets", number=dashboard.number, activity_id=last) if last else None
    return reply("dashboards/widgets/done.html", said=said, undo=undo, **grid_of(dashboard, editing=True))


def _form() -> str:
    return "dashboards/widgets/edit_dialog.html" if wants_part() else "dashboards/widgets/edit.html"
