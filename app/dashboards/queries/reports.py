"""Finding reports, their recipients and their history."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from app.dashboards.models import (
    Dashboard,
    Report,
    ReportDelivery,
    ReportRecipient,
    ReportRun,
)
from app.dashboards.policies import dashboards_visible_to, may_report, reports_visible_to
from app.kernel.database import db
from app.kernel.errors import NotFound
from app.organizations.models import Member

#: Runs of a history on one page.
HISTORY = 50
#: Reports of a list on one page.
LIST = 60
_WHOLE = (
    joinedload(Report.dashboard).selectinload(Dashboard.shares),
    joinedload(Report.dashboard).joinedload(Dashboard.owner),
    joinedload(Report.created_by),
)


def report_by_number(member: Member, number: int) -> Report:
    """A report with its dashboard. Two statements; NotFound when its dashboard is not the member's to see."""
    wanted = select(Report).where(reports_visible_to(member), Report.number == number)
    return _found(db.session.scalar(wanted.options(*_WHOLE)))


def deleted_report(member: Member, number: int) -> Report:
    """A report in the bin, of a dashboard that the member sees."""
    seen = select(Dashboard.id).where(dashboards_visible_to(member))
    wanted = select(Report).where(Report.deleted_at.is_not(None), Report.dashboard_id.in_(seen))
    return _found(db.session.scalar(wanted.where(Report.number == number).options(*_WHOLE)))


def _found(report: Report | None) -> Report:
    if report is None:
        raise NotFound
    return report


def reports_of(dashboard: Dashboard) -> Sequence[Report]:
    """By name. One statement."""
    wanted = select(Report).where(Report.dashboard_id == dashboard.id, Report.deleted_at.is_(None))
    return db.session.scalars(wanted.order_by(Report.name, Report.id).limit(100)).all()


def list_of_reports(member: Member, *, after: str = "", after_id: int = 0) -> Sequence[Report]:
    """Sixty reports by name with their dashboards, and one that tells whether there are more. One statement."""
    wanted = select(Report).where(reports_visible_to(member)).options(joinedload(Report.dashboard))
    if after_id:
        wanted = wanted.where((Report.name > after) | ((Report.name == after) & (Report.id > after_id)))
    return db.session.scalars(wanted.order_by(Report.name, Report.id).limit(LIST + 1)).all()


def deleted_reports(member: Member) -> Sequence[Report]:
    """What is in the bin and the member may take out of it. Two statements."""
    seen = select(Dashboard.id).where(dashboards_visible_to(member))
    wanted = select(Report).where(Report.deleted_at.is_not(None), Report.dashboard_id.in_(seen)).options(*_WHOLE)
    found = db.session.scalars(wanted.order_by(Report.deleted_at.desc(), Report.id).limit(50))
    return [report for report in found if may_report(member, report)]


def recipients_of(report: Report) -> Sequence[Member]:
    """By name; also those who have left since. One statement."""
    ids = select(ReportRecipient.member_id).where(ReportRecipient.report_id == report.id)
    return db.session.scalars(
        select(Member).where(Member.id.in_(ids)).order_by(func.lower(Member.name), Member.id)
    ).all()


def recipient_counts(reports: Sequence[Report]) -> dict[int, int]:
    """{report id: to how many it goes}. One statement."""
    rows = db.session.execute(
        select(ReportRecipient.report_id, func.count())
        .where(ReportRecipient.report_id.in_([report.id for report in reports]))
        .group_by(ReportRecipient.report_id)
    )
    return {row[0]: row[1] for row in rows}


def last_runs(reports: Sequence[Report]) -> dict[int, ReportRun]:
    """{report id: its latest run}. One statement."""
    wanted = (
        select(ReportRun)
        .where(ReportRun.report_id.in_([report.id for report in reports]))
        .ext(distinct_on(ReportRun.report_id))
        .order_by(ReportRun.report_id, ReportRun.id.desc())
    )
    return {run.report_id: run for run in db.session.scalars(wanted)}


def history_of(report: Report) -> Sequence[ReportRun]:
    """Its runs, the latest first. One statement."""
    wanted = select(ReportRun).where(ReportRun.report_id == report.id).options(joinedload(ReportRun.triggered_by))
    return db.session.scalars(wanted.order_by(ReportRun.id.desc()).limit(HISTORY)).all()


def deliveries_of(runs: Sequence[ReportRun]) -> dict[int, list[ReportDelivery]]:
    """{run id: each person's copy}. One statement."""
    wanted = (
        select(ReportDelivery)
        .where(ReportDelivery.run_id.in_([run.id for run in runs]))
        .options(joinedload(ReportDelivery.member))
        .order_by(ReportDelivery.id)
    )
    found: dict[int, list[ReportDelivery]] = {run.id: [] for run in runs}
    for delivery in db.session.scalars(wanted):
        found[delivery.run_id].append(delivery)
    return found
