"""What is done to reports: scheduled, changed, paused, sent now, deleted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from app.dashboards import events
from app.dashboards.models import Dashboard, Format, Report, ReportRecipient, ReportRun, RunStatus
from app.dashboards.models.reports import RECIPIENTS_MOST
from app.dashboards.runs import ask_for_run, set_timer, stop_timer
from app.inbox.commands import watch
from app.kernel import ledger, live
from app.kernel.access import Actor
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid, Refused
from app.kernel.events import Event
from app.kernel.ledger import change
from app.kernel.numbers import next_numbers
from app.kernel.schedules import Schedule
from app.kernel.words import gettext as _
from app.organizations.models import Kind, Member

#: Reports an organization may keep, and how many wait to be sent by hand.
MOST = 500


class AlreadySending(Refused):
    """A report that is being sent is not sent once more."""


def create_report(
    dashboard: Dashboard, name: str, schedule: Schedule, recipients: Sequence[Member], *, format: Format, by: Member
) -> Report:
    """Have a dashboard mailed by schedule. Raises Invalid for recipients who are no colleagues, or too many."""
    _check(recipients)
    held = db.session.scalar(select(func.count()).select_from(Report).where(Report.deleted_at.is_(None))) or 0
    if held >= MOST:
        raise Invalid(
            _("There are %(most)s reports already. Delete some that nobody reads any more.", most=f"{MOST:,}"),
            "name",
        )
    report = Report(
        number=next_numbers("report")[0],
        dashboard=dashboard,
        name=name,
        schedule=schedule.to_json(),
        format=format,
        created_by=by,
    )
    db.session.add(report)
    db.session.flush()
    _set_recipients(report, recipients)
    ledger.record_created(events.REPORT_CREATED, [report], by=by)
    watch([report], [by])
    set_timer(report)
    _tell(report)
    return report


def edit_report(
    report: Report, name: str, schedule: Schedule, recipients: Sequence[Member], *, format: Format, by: Actor
) -> None:
    """Change what it is called, when it goes, to whom and as what. A new schedule begins from now."""
    _check(recipients)
    with change(report, event=events.REPORT_EDITED, by=by, always=True):
        report.name, report.format = name, format
        if report.schedule != schedule.to_json():
            report.schedule = schedule.to_json()
            report.settled_at = max(now(), report.settled_at)
        _set_recipients(report, recipients)
    if report.enabled:
        set_timer(report)
    _tell(report)


def pause_report(report: Report, *, by: Actor) -> None:
    """Send nothing by schedule until it is resumed."""
    _switch(report, events.REPORT_PAUSED, on=False, by=by)


def resume_report(report: Report, *, by: Actor) -> None:
    """Go on with the next slot; those that came meanwhile are not made up for."""
    _switch(report, events.REPORT_RESUMED, on=True, by=by)


def send_report(report: Report, *, by: Member) -> ReportRun:
    """Send it now, whatever its schedule says. Raises AlreadySending."""
    db.session.scalar(select(Report.id).where(Report.id == report.id).with_for_update())
    waiting = select(ReportRun.id).where(ReportRun.report_id == report.id, ReportRun.status == RunStatus.QUEUED)
    if db.session.scalar(waiting.limit(1)):
        raise AlreadySending("This report is being sent already. Its history says when it is done.")
    at = now()
    run = ReportRun(report=report, local_date=at.astimezone(report.times.tz).date(), due_at=at, triggered_by_id=by.id)
    db.session.add(run)
    db.session.flush()
    ask_for_run(run)
    _tell(report)
    return run


def delete_reports(reports: Sequence[Report], *, by: Actor) -> None:
    """Put reports into the bin."""
    with change(*reports, event=events.REPORT_DELETED, by=by):
        for report in reports:
            report.deleted_at = report.deleted_at or now()
    for report in reports:
        stop_timer(report.id)
        _tell(report)


def restore_reports(reports: Sequence[Report], *, by: Actor) -> None:
    """Take reports out of the bin; they go on with the next slot."""
    with change(*reports, event=events.REPORT_RESTORED, by=by):
        for report in reports:
            report.deleted_at = None
    for report in reports:
        set_off(report)
        _tell(report)


def set_off(report: Report) -> None:
    """Go on with the slots after now."""
    report.settled_at = max(now(), report.settled_at)
    if report.enabled:
        set_timer(report)


def _switch(report: Report, event: Event, *, on: bool, by: Actor) -> None:
    with change(report, event=event, by=by):
        if on and not report.enabled:
            report.settled_at = max(now(), report.settled_at)
        report.enabled = on
    if on:
        set_timer(report)
    else:
        stop_timer(report.id)
    _tell(report)


def _check(recipients: Sequence[Member]) -> None:
    if not recipients:
        raise Invalid(_("Choose who gets it."), "recipients")
    if len(recipients) > RECIPIENTS_MOST:
        raise Invalid(_("At most %(recipients_most)s people, please.", recipients_most=RECIPIENTS_MOST), "recipients")
    for member in recipients:
        if member.kind is not Kind.PERSON or not member.is_colleague or member.left_at is not None:
            raise Invalid(_("A report goes to people who work here."), "recipients")


def _set_recipients(report: Report, recipients: Sequence[Member]) -> None:
    db.session.execute(
        delete(ReportRecipient)
        .where(ReportRecipient.report_id == report.id)
        .execution_options(synchronize_session=False)
    )
    ids = dict.fromkeys(member.id for member in recipients)
    db.session.add_all(ReportRecipient(report_id=report.id, member_id=member) for member in ids)
    db.session.flush()


def _tell(report: Report) -> None:
    live.touch(f"report-{report.id}", f"dashboard-{report.dashboard_id}", "reports")
