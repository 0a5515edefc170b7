"""Dashboards and reports of who goes: to a successor who may see such, else they stay for the admins."""

from __future__ import annotations

from sqlalchemy import func, select

from app.dashboards import events
from app.dashboards.models import Dashboard, Report
from app.dashboards.policies import D
from app.kernel import live
from app.kernel.access import Actor
from app.kernel.database import db
from app.kernel.ledger import change
from app.kernel.words import lazy
from app.organizations import leaving
from app.organizations.models import Member


def set_up() -> None:
    leaving.holds(
        "dashboards",
        lazy("Dashboards, private ones too"),
        count=lambda member: _count(Dashboard, Dashboard.owner_id == member.id),
        hand_over=_give_dashboards,
        otherwise=lazy("admins still reach them"),
    )
    leaving.holds(
        "reports",
        lazy("Reports by mail"),
        count=lambda member: _count(Report, Report.created_by_id == member.id),
        hand_over=_give_reports,
        otherwise=lazy("they stop"),
    )


def _count(model: type[Dashboard] | type[Report], theirs: object) -> int:
    asked = select(func.count()).select_from(model).where(theirs, model.deleted_at.is_(None))  # type: ignore[arg-type]
    return db.session.scalar(asked) or 0


def _give_dashboards(member: Member, to: Member | None, by: Actor) -> None:
    if to is None or not to.may(D.VIEW):
        return
    theirs = db.session.scalars(select(Dashboard).where(Dashboard.owner_id == member.id)).all()
    with change(*theirs, event=events.DASHBOARD_EDITED, by=by):
        for dashboard in theirs:
            dashboard.owner_id = to.id
    live.touch("dashboards", *(f"dashboard-{dashboard.id}" for dashboard in theirs[:40]))


def _give_reports(member: Member, to: Member | None, by: Actor) -> None:
    """A report shows what its maker may see: from now on the successor."""
    theirs = db.session.scalars(select(Report).where(Report.created_by_id == member.id)).all()
    heir = to if to is not None and to.may(D.REPORT) else None
    with change(*theirs, event=events.REPORT_EDITED, by=by, always=heir is not None):
        for report in theirs:
            if heir is None:
                report.enabled = False
            else:
                report.created_by_id = heir.id
    live.touch("reports")
