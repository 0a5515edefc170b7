"""The demo's dashboards: how delivery goes, how support and sales go, and the Monday report of the second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import takewhile

from app.dashboards.charts import Chart, Good, Kind
from app.dashboards.commands.dashboards import create_dashboard, share_dashboard
from app.dashboards.commands.reports import create_report
from app.dashboards.commands.widgets import add_widget, edit_widget, place_widgets
from app.dashboards.grid import Place
from app.dashboards.models import (
    Dashboard,
    DeliveryStatus,
    Format,
    Permission,
    Question,
    Report,
    ReportDelivery,
    ReportRun,
    RunStatus,
)
from app.dashboards.queries.reports import recipients_of
from app.dashboards.runs import set_timer
from app.demo.pages import Deed
from app.demo.tables import tell_of_tables
from app.kernel.database import db
from app.kernel.schedules import Schedule, slots
from app.organizations.models import Member

#: Days ago that it began.
BEGAN = 37
#: (question, title, how it is drawn, place), in the order of reading.
Sheet = tuple[str, str, Chart, Place]
_DELIVERY: Sequence[Sheet] = (
    ("Issues created each week", "New issues this week", Chart(Kind.METRIC), Place(0, 0, 3, 2)),
    ("Open issues by state", "Open issues", Chart(Kind.BAR, sideways=True), Place(3, 0, 4, 4)),
    ("Days to complete an issue", "", Chart(Kind.TABLE), Place(7, 0, 5, 4)),
    ("Tickets", "Tickets, all in all", Chart(Kind.METRIC), Place(0, 2, 3, 2)),
    ("Issues created each week", "", Chart(Kind.LINE), Place(0, 4, 7, 4)),
    ("Tickets by queue and status", "", Chart(Kind.BAR, stacked=True), Place(7, 4, 5, 4)),
)
_SALES: Sequence[Sheet] = (
    ("Revenue by month", "Revenue last month", Chart(Kind.METRIC, unit="€", good=Good.UP), Place(0, 0, 4, 2)),
    ("How content customers were", "Satisfaction", Chart(Kind.METRIC, unit="of 5", good=Good.UP), Place(4, 0, 4, 2)),
    ("Tickets", "Tickets, all in all", Chart(Kind.METRIC), Place(8, 0, 4, 2)),
    ("Revenue by month", "", Chart(Kind.LINE), Place(0, 2, 7, 4)),
    ("Revenue by region", "", Chart(Kind.BAR, sideways=True), Place(7, 2, 5, 4)),
    ("Products by month", "", Chart(Kind.BAR, stacked=True), Place(0, 6, 8, 5)),
    ("What customers complain about", "", Chart(Kind.BAR), Place(8, 6, 4, 5)),
)


def deeds_of_insight(members: Mapping[str, Member], now: datetime) -> list[Deed]:
    """When the tables were brought in and asked, and what was made of it."""
    return [(now - timedelta(days=BEGAN), lambda: _tell(tell_of_tables(members, now), members, now))]


def _tell(questions: Sequence[Question], members: Mapping[str, Member], now: datetime) -> None:
    """Two dashboards, and a report that has gone out on some Mondays: once late, once not to everybody."""
    named = {question.name: question for question in questions}
    alice = members["alice"]
    _dashboard("Delivery", "What is being built, and what waits.", _DELIVERY, named, alice)
    sales = _dashboard("Support & sales", "What customers buy, and what they say.", _SALES, named, alice)
    colleague = next(member for key, member in sorted(members.items()) if key != "alice" and member.is_colleague)
    share_dashboard(sales, [colleague], Permission.EDIT, by=alice)
    people = [member for _, member in sorted(members.items()) if member.is_colleague][:4]
    schedule = Schedule("Europe/Berlin", time(8), frozenset({0}))
    report = create_report(sales, "Monday numbers", schedule, people, format=Format.PDF, by=alice)
    _past_of(report, now)


def _dashboard(name: str, about: str, sheets: Sequence[Sheet], named: Mapping[str, Question], by: Member) -> Dashboard:
    dashboard = create_dashboard(name, description=about, by=by)
    places = {}
    for question, title, chart, place in sheets:
        widget = add_widget(dashboard, named[question], chart=chart, by=by)
        if title:
            edit_widget(dashboard, widget, title=title, chart=chart, by=by)
        places[widget.id] = place
    place_widgets(dashboard, places, by=by)
    return dashboard


def _past_of(report: Report, now: datetime) -> None:
    """Its runs so far, as rows: the mails of then are long gone."""
    people = recipients_of(report)
    began = now - timedelta(days=BEGAN)
    for turn, slot in enumerate(takewhile(lambda one: one.at < now, slots(report.times, began))):
        late = timedelta(hours=3, minutes=12) if turn == 2 else timedelta(seconds=9)
        run = ReportRun(
            report_id=report.id,
            local_date=slot.day,
            slot=f"{slot.time:%H:%M}",
            due_at=slot.at,
            is_late=turn == 2,
            status=RunStatus.LATE if turn == 2 else RunStatus.SENT,
            created_at=slot.at,
            started_at=slot.at + late,
            finished_at=slot.at + late,
        )
        db.session.add(run)
        db.session.flush()
        for member in people:
            away = turn == 3 and member is people[-1]
            db.session.add(
                ReportDelivery(
                    run_id=run.id,
                    member_id=member.id,
                    status=DeliveryStatus.SKIPPED if away else DeliveryStatus.POSTED,
                    reason=f"{member.name} may not see this dashboard." if away else None,
                    at=slot.at + late,
                )
            )
        report.last_sent_at = slot.at + late
    report.settled_at = now
    db.session.flush()
    set_timer(report)
