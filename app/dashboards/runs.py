"""Running reports: by their timers or by hand, one copy for each person, each with what that person may see.

A run is a row first. Every copy is settled in a transaction of its own together with its mail, so a worker that is
killed goes on where it was, and nobody gets a copy twice. A timer that every copy moves forward takes up what a dead
worker left (`resume_run`).
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app.dashboards import events
from app.dashboards.copies import post_copy
from app.dashboards.models import (
    Dashboard,
    DeliveryStatus,
    Report,
    ReportDelivery,
    ReportRecipient,
    ReportRun,
    RunStatus,
)
from app.dashboards.policies import D, dashboards_visible_to
from app.kernel import ledger, live
from app.kernel.access import CLOCK
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.errors import Refused
from app.kernel.jobs import ask, job
from app.kernel.schedules import due, next_slot
from app.kernel.timers import alarm, cancel, wake
from app.organizations.models import Kind, Member

log = structlog.get_logger(__name__)

#: How long nothing may be heard of a run before it is taken up anew.
PATIENCE = timedelta(minutes=3)
#: Starts without a settled copy after which we give up.
ATTEMPTS = 4


def set_timer(report: Report) -> None:
    """Have it run at its next slot."""
    wake(run_report, report.id, at=next_slot(report.times, max(now(), report.settled_at)).at)


def stop_timer(report_id: int) -> None:
    cancel(run_report, report_id)


def ask_for_run(run: ReportRun) -> None:
    """Send a run's copies once this transaction commits, and again if nothing is heard of it."""
    wake(resume_run, run.id, at=now() + PATIENCE)
    ask(send_run, run.id, key=f"{run.id}-{run.attempts}")


@alarm
def run_report(report_id: int) -> None:
    """Rings at a slot, or later when nobody was there: the latest slot is run, and says what it missed."""
    report = db.session.scalar(
        select(Report)
        .where(Report.id == report_id, Report.deleted_at.is_(None), Report.enabled)
        .where(Report.dashboard_id.in_(select(Dashboard.id).where(Dashboard.deleted_at.is_(None))))
        .with_for_update()
    )
    if report is None:
        return
    found = due(report.times, report.settled_at, now())
    if found:
        made = insert(ReportRun).values(
            organization_id=current_organization_id(),
            report_id=report.id,
            local_date=found.slot.day,
            slot=f"{found.slot.time:%H:%M}",
            due_at=found.slot.at,
            missed=found.missed,
            is_late=found.is_late,
            status=RunStatus.QUEUED,
            attempts=0,
            created_at=now(),
        )
        # A clock that was set back, or a schedule that was changed and changed back, names a slot again.
        run_id = db.session.scalar(made.on_conflict_do_nothing().returning(ReportRun.id))
        report.settled_at = max(found.slot.at, report.settled_at)
        if run_id:
            ask_for_run(db.session.get_one(ReportRun, (current_organization_id(), run_id)))
            live.touch(f"report-{report.id}")
    set_timer(report)


@alarm
def resume_run(run_id: int) -> None:
    """Rings when nothing was heard of a run: its worker died."""
    send_run(run_id)


@job
def send_run(run_id: int) -> None:
    """Settle every recipient's copy that is not settled yet, then the run. Does nothing when that was done."""
    run = _take_up(run_id)
    while run is not None and (member := _next_recipient(run)) is not None:
        try:
            delivery = _deliver(run, member)
        except Refused as refusal:
            db.session.rollback()
            run = _hold(run_id)
            if run is None:
                return
            delivery = _settled(run, member, DeliveryStatus.FAILED, str(refusal))
        run.attempts = 0
        db.session.add(delivery)
        wake(resume_run, run_id, at=now() + PATIENCE)
        live.touch(f"report-{run.report_id}")
        db.session.commit()
        run = _hold(run_id)
    if run is not None:
        _finish(run)


def _take_up(run_id: int) -> ReportRun | None:
    """Count this start, in a transaction of its own, so that a copy which kills its worker is given up."""
    run = _hold(run_id)
    if run is None:
        return None
    if run.attempts >= ATTEMPTS:
        _fail(run, "Something breaks on our side while it is drawn. It was recorded.")
        return None
    run.attempts += 1
    run.started_at = run.started_at or now()
    wake(resume_run, run_id, at=now() + PATIENCE)
    db.session.commit()
    return _hold(run_id)


def _hold(run_id: int) -> ReportRun | None:
    """The run, while it is to be sent and no other worker has it. Its report is loaded."""
    return db.session.scalar(
        select(ReportRun)
        .where(ReportRun.id == run_id, ReportRun.status == RunStatus.QUEUED)
        .options(
            joinedload(ReportRun.report).joinedload(Report.dashboard),
            joinedload(ReportRun.report).joinedload(Report.created_by),
        )
        .with_for_update(skip_locked=True, of=ReportRun)
        .execution_options(populate_existing=True)
    )


def _next_recipient(run: ReportRun) -> Member | None:
    settled = select(ReportDelivery.member_id).where(ReportDelivery.run_id == run.id)
    wanted = select(ReportRecipient.member_id).where(ReportRecipient.report_id == run.report_id)
    return db.session.scalar(
        select(Member).where(Member.id.in_(wanted), Member.id.not_in(settled)).order_by(Member.id).limit(1)
    )


def _deliver(run: ReportRun, member: Member) -> ReportDelivery:
    """Owe the member a mail with what they may see; or say why not."""
    if why := _why_not(run, member):
        return _settled(run, member, DeliveryStatus.SKIPPED, why)
    mail = post_copy(run.report, member, run)
    return _settled(run, member, DeliveryStatus.POSTED, None, mail.id)


def _why_not(run: ReportRun, member: Member) -> str | None:
    if member.left_at is not None or member.kind is not Kind.PERSON:
        return f"{member.name} does not work here any more."
    if not member.may(D.VIEW) or not db.session.scalar(
        select(Dashboard.id).where(Dashboard.id == run.report.dashboard_id, dashboards_visible_to(member))
    ):
        return f"{member.name} may not see this dashboard."
    return None if member.email else f"{member.name} has no mail address."


def _settled(
    run: ReportRun, member: Member, status: DeliveryStatus, reason: str | None, mail_id: int | None = None
) -> ReportDelivery:
    return ReportDelivery(run_id=run.id, member_id=member.id, status=status, reason=reason, mail_id=mail_id)


def _finish(run: ReportRun) -> None:
    """Say what became of it, now that all copies are settled."""
    said = select(ReportDelivery.status, ReportDelivery.reason).where(ReportDelivery.run_id == run.id)
    settled = db.session.execute(said.order_by(ReportDelivery.id)).all()
    failed = [reason for status, reason in settled if status is DeliveryStatus.FAILED]
    posted = any(status is DeliveryStatus.POSTED for status, _ in settled)
    if posted:
        run.report.last_sent_at = now()
    if failed:
        _fail(run, f"{len(failed)} of {len(settled)} copies could not be made. {failed[0]}")
        return
    if not posted:
        run.error = "There was nobody to send it to."
    run.status = (RunStatus.LATE if run.is_late else RunStatus.SENT) if posted else RunStatus.SKIPPED
    _close(run)


def _fail(run: ReportRun, why: str) -> None:
    """The run is over; whoever set the report up hears of it by their inbox."""
    run.status, run.error = RunStatus.FAILED, why
    ledger.record(events.REPORT_FAILED, [(run.report, {})], by=CLOCK, payload={"outcome": why, "run": run.id})
    _close(run)


def _close(run: ReportRun) -> None:
    run.finished_at = now()
    cancel(resume_run, run.id)
    live.touch(f"report-{run.report_id}", f"dashboard-{run.report.dashboard_id}")
    log.info("report.run", run=run.id, status=run.status.value)
    db.session.commit()
